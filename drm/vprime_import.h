/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_IMPORT_H
#define VPRIME_IMPORT_H

struct dma_buf;
struct drm_device;
struct drm_gem_object;
struct vprime_device;

struct drm_gem_object *vprime_import(struct drm_device *dev,
				     struct dma_buf *dma_buf);
int vprime_import_use(struct drm_gem_object *obj, unsigned long until);
unsigned int vprime_import_segments_locked(struct drm_gem_object *obj,
					   unsigned int *maps);
void vprime_import_unmap_all(struct vprime_device *vdev);

#endif /* VPRIME_IMPORT_H */
