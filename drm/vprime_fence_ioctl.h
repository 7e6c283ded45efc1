/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_FENCE_IOCTL_H
#define VPRIME_FENCE_IOCTL_H

struct drm_device;
struct drm_file;
struct vprime_file;

int vprime_fence_attach_ioctl(struct drm_device *dev, void *data,
			      struct drm_file *file);
int vprime_fence_signal_ioctl(struct drm_device *dev, void *data,
			      struct drm_file *file);
void vprime_fence_close(struct vprime_file *vfile);

#endif /* VPRIME_FENCE_IOCTL_H */
