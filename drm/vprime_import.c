// SPDX-License-Identifier: GPL-2.0-only
/*
 * PRIME import: a GEM object around somebody else's dma-buf. The DRM core
 * calls it for DRM_IOCTL_PRIME_FD_TO_HANDLE, framebuffers use what it made.
 * Native objects and all export are the business of DRM's shmem and PRIME
 * helpers.
 *
 * References run one way: this object -> dma-buf -> exporting object. The
 * attachment is dynamic: the exporter may take the mapping back at any time by
 * invalidate_mappings, under the dma_resv lock, which is the only lock here;
 * it is mapped again when the buffer is next used.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/iosys-map.h>
#include <linux/slab.h>

#include <drm/drm_device.h>
#include <drm/drm_gem.h>
#include <drm/drm_prime.h>
#include <drm/drm_print.h>

#include "vprime_import.h"

/**
 * struct vprime_import - an imported buffer
 * @base: base; its resv and import_attach are the dma-buf's
 * @sgt: the mapped scatterlist, or NULL while the exporter has it back.
 *	Protected by the dma_resv lock
 */
struct vprime_import {
	struct drm_gem_object base;
	struct sg_table *sgt;
};

#define to_vprime_import(obj) container_of(obj, struct vprime_import, base)

static int vprime_import_map_locked(struct vprime_import *import,
				    struct dma_buf_attachment *attach)
{
	struct sg_table *sgt;
	long ret;

	dma_resv_assert_held(attach->dmabuf->resv);

	if (import->sgt)
		return 0;

	/* A dynamic importer waits for moves by itself. */
	ret = dma_resv_wait_timeout(attach->dmabuf->resv,
				    DMA_RESV_USAGE_KERNEL, true,
				    MAX_SCHEDULE_TIMEOUT);
	if (ret < 0)
		return ret;

	sgt = dma_buf_map_attachment(attach, DMA_BIDIRECTIONAL);
	if (IS_ERR(sgt))
		return PTR_ERR(sgt);
	import->sgt = sgt;

	return 0;
}

static void vprime_import_unmap_locked(struct vprime_import *import,
				       struct dma_buf_attachment *attach)
{
	dma_resv_assert_held(attach->dmabuf->resv);

	if (!import->sgt)
		return;

	dma_buf_unmap_attachment(attach, import->sgt, DMA_BIDIRECTIONAL);
	import->sgt = NULL;
}

static void vprime_import_invalidate(struct dma_buf_attachment *attach)
{
	vprime_import_unmap_locked(attach->importer_priv, attach);
}

static const struct dma_buf_attach_ops vprime_import_attach_ops = {
	.invalidate_mappings = vprime_import_invalidate,
};

static int vprime_import_vmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	return dma_buf_vmap(obj->import_attach->dmabuf, map);
}

static void vprime_import_vunmap(struct drm_gem_object *obj,
				 struct iosys_map *map)
{
	dma_buf_vunmap(obj->import_attach->dmabuf, map);
}

static void vprime_import_free(struct drm_gem_object *obj)
{
	struct vprime_import *import = to_vprime_import(obj);
	struct dma_buf_attachment *attach = obj->import_attach;
	struct dma_buf *dma_buf = attach->dmabuf;

	dma_resv_lock(dma_buf->resv, NULL);
	vprime_import_unmap_locked(import, attach);
	dma_resv_unlock(dma_buf->resv);

	dma_buf_detach(dma_buf, attach);
	drm_gem_object_release(obj);
	dma_buf_put(dma_buf);
	kfree(import);
}

static const struct drm_gem_object_funcs vprime_import_funcs = {
	.free = vprime_import_free,
	.vmap = vprime_import_vmap,
	.vunmap = vprime_import_vunmap,
};

static int vprime_import_attach(struct vprime_import *import,
				struct drm_device *dev, struct dma_buf *dma_buf)
{
	struct dma_buf_attachment *attach;
	int ret;

	attach = dma_buf_dynamic_attach(dma_buf, drm_dev_dma_dev(dev),
					&vprime_import_attach_ops, import);
	if (IS_ERR(attach))
		return PTR_ERR(attach);

	dma_resv_lock(dma_buf->resv, NULL);
	ret = vprime_import_map_locked(import, attach);
	dma_resv_unlock(dma_buf->resv);
	if (ret) {
		dma_buf_detach(dma_buf, attach);
		return ret;
	}
	import->base.import_attach = attach;

	return 0;
}

/**
 * vprime_import_use - prepare an imported buffer for its next use
 * @obj: GEM object that vprime_import() made
 *
 * Maps the attachment again if the exporter took the mapping back.
 *
 * Context: process, no dma_resv lock held.
 *
 * Return: 0, or why the exporter does not map it: -ENODEV after a revocation.
 */
int vprime_import_use(struct drm_gem_object *obj)
{
	int ret;

	ret = dma_resv_lock_interruptible(obj->resv, NULL);
	if (ret)
		return ret;
	ret = vprime_import_map_locked(to_vprime_import(obj),
				       obj->import_attach);
	dma_resv_unlock(obj->resv);

	return ret;
}

/**
 * vprime_import - &drm_driver.gem_prime_import
 * @dev: device
 * @dma_buf: buffer; the object takes its own reference
 *
 * A buffer that this device exported gives its own object back. Any other is
 * attached to and mapped, which tells the exporter who uses it and brings it
 * to memory that the device reaches.
 *
 * Context: process, no dma_resv lock held.
 *
 * Return: an object with one reference for the caller, or an error pointer:
 * what the exporter says of the attachment or the mapping, or -ENOMEM.
 */
struct drm_gem_object *vprime_import(struct drm_device *dev,
				     struct dma_buf *dma_buf)
{
	struct vprime_import *import;
	int ret;

	if (drm_gem_is_prime_exported_dma_buf(dev, dma_buf)) {
		struct drm_gem_object *obj = dma_buf->priv;

		drm_gem_object_get(obj);
		return obj;
	}

	import = kzalloc_obj(*import);
	if (!import)
		return ERR_PTR(-ENOMEM);

	import->base.funcs = &vprime_import_funcs;
	import->base.resv = dma_buf->resv;
	drm_gem_private_object_init(dev, &import->base,
				    PAGE_ALIGN(dma_buf->size));

	ret = vprime_import_attach(import, dev, dma_buf);
	if (ret) {
		drm_dbg_prime(dev, "can't import from %s: %pe\n",
			      dma_buf->exp_name, ERR_PTR(ret));
		goto err_fini;
	}
	get_dma_buf(dma_buf);

	return &import->base;

err_fini:
	drm_gem_private_object_fini(&import->base);
	kfree(import);
	return ERR_PTR(ret);
}
