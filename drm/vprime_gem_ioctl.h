/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_GEM_IOCTL_H
#define VPRIME_GEM_IOCTL_H

#include <linux/types.h>

struct drm_device;
struct drm_file;
struct drm_mode_create_dumb;

int vprime_gem_create_ioctl(struct drm_device *dev, void *data,
			    struct drm_file *file);
int vprime_gem_info_ioctl(struct drm_device *dev, void *data,
			  struct drm_file *file);

int vprime_gem_dumb_create(struct drm_file *file, struct drm_device *dev,
			   struct drm_mode_create_dumb *args);
int vprime_gem_map_offset(struct drm_file *file, struct drm_device *dev,
			  u32 handle, u64 *offset);

#endif /* VPRIME_GEM_IOCTL_H */
