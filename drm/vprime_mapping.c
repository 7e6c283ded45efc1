// SPDX-License-Identifier: GPL-2.0-only
/*
 * Native buffers mapped for devices: a scatterlist for each time somebody maps one,
 * cut as the device needs it, and the CPU's accesses made coherent with all of
 * them. vprime_export.c makes and ends them, framebuffers synchronise; it knows
 * nothing of importers.
 */

#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>

#include "vprime_constraints.h"
#include "vprime_gem.h"
#include "vprime_mapping.h"
#include "vprime_pages.h"

/**
 * struct vprime_mapping - a buffer mapped for a device
 * @sgt: what the importer has
 * @link: on &vprime_gem.mappings
 * @dev: device
 * @dir: direction
 * @pages: what is mapped; a reference
 */
struct vprime_mapping {
	struct sg_table sgt;
	struct list_head link;
	struct device *dev;
	enum dma_data_direction dir;
	struct vprime_pages *pages;
};

/* Any client can have buffers mapped: none fills the kernel's log with it. */
#define MAP_ATTRS DMA_ATTR_NO_WARN

static struct vprime_mapping *
vprime_mapping_map(struct vprime_pages *pages, struct device *dev,
		   enum dma_data_direction dir)
{
	struct vprime_constraints c;
	struct vprime_mapping *mapping;
	int ret;

	mapping = kzalloc_obj(*mapping, GFP_KERNEL_ACCOUNT);
	if (!mapping)
		return ERR_PTR(-ENOMEM);

	vprime_constraints_to_map(dev, &c);
	ret = sg_alloc_table_from_pages_segment(&mapping->sgt, pages->page,
						pages->count, 0,
						pages->count << PAGE_SHIFT,
						c.max_segment,
						GFP_KERNEL_ACCOUNT);
	if (ret)
		goto err_free;

	ret = dma_map_sgtable(dev, &mapping->sgt, dir, MAP_ATTRS);
	if (ret)
		goto err_free_table;

	mapping->dev = dev;
	mapping->dir = dir;
	mapping->pages = vprime_pages_get(pages);

	return mapping;

err_free_table:
	sg_free_table(&mapping->sgt);
err_free:
	kfree(mapping);
	/* The device reaches each piece, so it is only bounce buffers that were short. */
	return ERR_PTR(ret == -EIO ? -ENOMEM : ret);
}

/**
 * vprime_mapping_create_locked - map a buffer for a device
 * @gem: buffer, in use, in memory that the device reaches
 * @dev: device
 * @dir: direction
 *
 * Return: a scatterlist, mapped, or an error pointer: -ENOMEM, also for bounce
 * buffers that are all in use, or what the DMA API says.
 */
struct sg_table *vprime_mapping_create_locked(struct vprime_gem *gem,
					      struct device *dev,
					      enum dma_data_direction dir)
{
	struct vprime_mapping *mapping;

	dma_resv_assert_held(gem->base.base.resv);

	mapping = vprime_mapping_map(gem->pages, dev, dir);
	if (IS_ERR(mapping))
		return ERR_CAST(mapping);

	mutex_lock(&gem->mapping_lock);
	list_add(&mapping->link, &gem->mappings);
	mutex_unlock(&gem->mapping_lock);

	return &mapping->sgt;
}

/**
 * vprime_mapping_destroy_locked - unmap what was mapped
 * @gem: buffer
 * @sgt: from vprime_mapping_create_locked()
 */
void vprime_mapping_destroy_locked(struct vprime_gem *gem, struct sg_table *sgt)
{
	struct vprime_mapping *mapping =
		container_of(sgt, struct vprime_mapping, sgt);

	dma_resv_assert_held(gem->base.base.resv);

	mutex_lock(&gem->mapping_lock);
	list_del(&mapping->link);
	mutex_unlock(&gem->mapping_lock);

	dma_unmap_sgtable(mapping->dev, &mapping->sgt, mapping->dir, MAP_ATTRS);
	sg_free_table(&mapping->sgt);
	vprime_pages_put(mapping->pages);
	kfree(mapping);
}

/**
 * vprime_mapping_sync_for_cpu - let the CPU see what devices wrote
 * @obj: native buffer; its fences have been waited for
 *
 * Context: process; may be called by who is to signal a fence.
 */
void vprime_mapping_sync_for_cpu(struct drm_gem_object *obj)
{
	struct vprime_gem *gem = to_vprime_gem(obj);
	struct vprime_mapping *mapping;

	mutex_lock(&gem->mapping_lock);
	list_for_each_entry(mapping, &gem->mappings, link)
		dma_sync_sgtable_for_cpu(mapping->dev, &mapping->sgt,
					 mapping->dir);
	mutex_unlock(&gem->mapping_lock);
}

/**
 * vprime_mapping_sync_for_device - let devices see what the CPU wrote
 * @obj: native buffer
 *
 * Context: process; may be called by who is to signal a fence.
 */
void vprime_mapping_sync_for_device(struct drm_gem_object *obj)
{
	struct vprime_gem *gem = to_vprime_gem(obj);
	struct vprime_mapping *mapping;

	mutex_lock(&gem->mapping_lock);
	list_for_each_entry(mapping, &gem->mappings, link)
		dma_sync_sgtable_for_device(mapping->dev, &mapping->sgt,
					    mapping->dir);
	mutex_unlock(&gem->mapping_lock);
}
