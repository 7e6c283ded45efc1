/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_TIMELINE_H
#define VPRIME_TIMELINE_H

struct drm_device;
struct drm_file;
struct vprime_file;

int vprime_timeline_create_ioctl(struct drm_device *dev, void *data,
				 struct drm_file *file);
int vprime_timeline_destroy_ioctl(struct drm_device *dev, void *data,
				  struct drm_file *file);
int vprime_timeline_fence_ioctl(struct drm_device *dev, void *data,
				struct drm_file *file);
int vprime_timeline_signal_ioctl(struct drm_device *dev, void *data,
				 struct drm_file *file);
void vprime_timeline_close(struct vprime_file *vfile);

#endif /* VPRIME_TIMELINE_H */
