/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_EXPORT_H
#define VPRIME_EXPORT_H

#include <linux/types.h>

struct dma_buf;
struct drm_device;
struct drm_gem_object;
struct drm_printer;

struct dma_buf *vprime_export(struct drm_gem_object *obj, int flags);
bool vprime_export_is_from(const struct dma_buf *dma_buf,
			   const struct drm_device *dev);
struct dma_buf *vprime_export_get(const struct drm_gem_object *obj);
struct dma_buf *vprime_export_share(struct drm_gem_object *obj);
void vprime_export_print(struct drm_printer *p, unsigned int indent,
			 const struct drm_gem_object *obj);

#endif /* VPRIME_EXPORT_H */
