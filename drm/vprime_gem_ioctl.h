/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_GEM_IOCTL_H
#define VPRIME_GEM_IOCTL_H

struct drm_device;
struct drm_file;

int vprime_gem_create_ioctl(struct drm_device *dev, void *data,
			    struct drm_file *file);
int vprime_gem_info_ioctl(struct drm_device *dev, void *data,
			  struct drm_file *file);

#endif /* VPRIME_GEM_IOCTL_H */
