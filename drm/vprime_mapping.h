/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_MAPPING_H
#define VPRIME_MAPPING_H

#include <linux/dma-direction.h>

struct device;
struct drm_gem_object;
struct sg_table;
struct vprime_gem;

struct sg_table *vprime_mapping_create_locked(struct vprime_gem *gem,
					      struct device *dev,
					      enum dma_data_direction dir);
void vprime_mapping_destroy_locked(struct vprime_gem *gem,
				   struct sg_table *sgt);
void vprime_mapping_sync_for_cpu(struct drm_gem_object *obj);
void vprime_mapping_sync_for_device(struct drm_gem_object *obj);

#endif /* VPRIME_MAPPING_H */
