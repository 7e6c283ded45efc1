// SPDX-License-Identifier: GPL-2.0-only
/*
 * PRIME import: a GEM object around somebody else's dma-buf. The DRM core
 * calls it for DRM_IOCTL_PRIME_FD_TO_HANDLE, framebuffers use what it made.
 * Native objects are vprime_gem.c's, export vprime_export.c's.
 *
 * References run one way: this object -> dma-buf -> exporting object. The
 * attachment is dynamic: the exporter may take the mapping back at any time by
 * invalidate_mappings, under the dma_resv lock; it is mapped again when the buffer
 * is next used.
 *
 * An import is on its device's list before it is mapped. So who unplugs the device
 * finds it there and unmaps it, or it is mapped later and finds the device unplugged.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/iosys-map.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_gem.h>
#include <drm/drm_prime.h>
#include <drm/drm_print.h>

#include "vprime_constraints.h"
#include "vprime_drv.h"
#include "vprime_export.h"
#include "vprime_import.h"
#include "vprime_patience.h"
#include "vprime_write_access.h"

/**
 * struct vprime_import - an imported buffer
 * @base: base; its resv and import_attach are the dma-buf's
 * @link: on one of the lists of &vprime_device.gem
 * @sgt: the mapped scatterlist, or NULL while the exporter has it back.
 *	Protected by the dma_resv lock
 * @maps: how often it was mapped. Protected by the dma_resv lock
 */
struct vprime_import {
	struct drm_gem_object base;
	struct list_head link;
	struct sg_table *sgt;
	unsigned int maps;
};

#define to_vprime_import(obj) container_of(obj, struct vprime_import, base)

/*
 * All that the device does with a buffer it does by the CPU, through a kernel mapping.
 * So its DMA would change nothing, and the end of a mapping must not: where buffers are
 * bounced, that would undo what was written meanwhile.
 */
#define VPRIME_IMPORT_DIRECTION DMA_TO_DEVICE

static int vprime_import_map_locked(struct vprime_import *import,
				    struct dma_buf_attachment *attach)
{
	struct vprime_constraints c;
	struct sg_table *sgt;
	long ret;

	dma_resv_assert_held(attach->dmabuf->resv);

	if (import->sgt)
		return 0;
	if (drm_dev_is_unplugged(import->base.dev))
		return -ENODEV;

	/* A dynamic importer waits for moves by itself. */
	ret = dma_resv_wait_timeout(attach->dmabuf->resv,
				    DMA_RESV_USAGE_KERNEL, true,
				    MAX_SCHEDULE_TIMEOUT);
	if (ret < 0)
		return ret;

	sgt = dma_buf_map_attachment(attach, VPRIME_IMPORT_DIRECTION);
	if (IS_ERR(sgt))
		return PTR_ERR(sgt);

	vprime_constraints_of(attach->dev, &c);
	ret = vprime_constraints_check(&c, sgt);
	if (ret) {
		dma_buf_unmap_attachment(attach, sgt, VPRIME_IMPORT_DIRECTION);
		return ret;
	}
	WRITE_ONCE(import->sgt, sgt);
	import->maps++;

	return 0;
}

static void vprime_import_unmap_locked(struct vprime_import *import,
				       struct dma_buf_attachment *attach)
{
	dma_resv_assert_held(attach->dmabuf->resv);

	if (!import->sgt)
		return;

	dma_buf_unmap_attachment(attach, import->sgt, VPRIME_IMPORT_DIRECTION);
	WRITE_ONCE(import->sgt, NULL);
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

/* The exporter maps its own memory; this object is not needed for it. */
static int vprime_import_mmap(struct drm_gem_object *obj,
			      struct vm_area_struct *vma)
{
	struct dma_buf *dma_buf = obj->import_attach->dmabuf;
	int ret;

	ret = vprime_write_access_check_mmap(obj, vma);
	if (ret)
		return ret;

	vma->vm_private_data = NULL;
	vma->vm_ops = NULL;
	ret = dma_buf_mmap(dma_buf, vma, 0);
	if (ret)
		return ret;

	vm_flags_set(vma, VM_DONTEXPAND);
	drm_gem_object_put(obj);

	return 0;
}

static void vprime_import_free(struct drm_gem_object *obj)
{
	struct vprime_device *vdev = to_vprime_device(obj->dev);
	struct vprime_import *import = to_vprime_import(obj);
	struct dma_buf_attachment *attach = obj->import_attach;
	struct dma_buf *dma_buf = attach->dmabuf;

	mutex_lock(&vdev->gem.lock);
	list_del(&import->link);
	mutex_unlock(&vdev->gem.lock);

	dma_resv_lock(dma_buf->resv, NULL);
	vprime_import_unmap_locked(import, attach);
	dma_resv_unlock(dma_buf->resv);

	dma_buf_detach(dma_buf, attach);
	drm_gem_object_release(obj);
	dma_buf_put(dma_buf);
	kfree(import);
}

static enum drm_gem_object_status
vprime_import_status(struct drm_gem_object *obj)
{
	return READ_ONCE(to_vprime_import(obj)->sgt) ? DRM_GEM_OBJECT_RESIDENT :
						       0;
}

static const struct drm_gem_object_funcs vprime_import_funcs = {
	.free = vprime_import_free,
	.print_info = vprime_export_print,
	.vmap = vprime_import_vmap,
	.vunmap = vprime_import_vunmap,
	.mmap = vprime_import_mmap,
	.status = vprime_import_status,
};

static int vprime_import_attach(struct vprime_import *import,
				struct drm_device *dev, struct dma_buf *dma_buf)
{
	struct vprime_device *vdev = to_vprime_device(dev);
	struct dma_buf_attachment *attach;

	attach = dma_buf_dynamic_attach(dma_buf, drm_dev_dma_dev(dev),
					&vprime_import_attach_ops, import);
	if (IS_ERR(attach))
		return PTR_ERR(attach);
	import->base.import_attach = attach;
	get_dma_buf(dma_buf);

	mutex_lock(&vdev->gem.lock);
	list_add(&import->link, &vdev->gem.imports);
	mutex_unlock(&vdev->gem.lock);

	return 0;
}

/**
 * vprime_import_use - prepare an imported buffer for its next use
 * @obj: GEM object that vprime_import() made
 * @until: jiffies, when the buffer's lock is not waited for any longer
 *
 * Maps the attachment again if the exporter took the mapping back.
 *
 * Context: process, no dma_resv lock held.
 *
 * Return: 0; -EBUSY if somebody keeps the buffer locked; -ERESTARTSYS; or why the
 * exporter does not map it: -ENODEV after a revocation.
 */
int vprime_import_use(struct drm_gem_object *obj, unsigned long until)
{
	int ret;

	ret = vprime_patience_lock(to_vprime_device(obj->dev), obj->resv,
				   until);
	if (ret)
		return ret;
	ret = vprime_import_map_locked(to_vprime_import(obj),
				       obj->import_attach);
	dma_resv_unlock(obj->resv);

	return ret;
}

/**
 * vprime_import_segments_locked - tell what the exporter gave
 * @obj: GEM object that vprime_import() made
 * @maps: set to how often it was mapped
 *
 * Return: the number of pieces, 0 while it is not mapped.
 */
unsigned int vprime_import_segments_locked(struct drm_gem_object *obj,
					   unsigned int *maps)
{
	const struct vprime_import *import = to_vprime_import(obj);

	dma_resv_assert_held(obj->resv);

	*maps = import->maps;

	return import->sgt ? import->sgt->nents : 0;
}

/* The next import that was not dealt with, with a reference; or NULL. */
static struct vprime_import *vprime_import_next(struct vprime_device *vdev)
{
	struct vprime_import *import, *next;

	guard(mutex)(&vdev->gem.lock);
	list_for_each_entry_safe(import, next, &vdev->gem.imports, link) {
		list_move_tail(&import->link, &vdev->gem.revoked);
		if (kref_get_unless_zero(&import->base.refcount))
			return import;
	}

	return NULL;
}

/**
 * vprime_import_unmap_all - give exporters their mappings back
 * @vdev: device, unplugged: nothing is mapped any more
 */
void vprime_import_unmap_all(struct vprime_device *vdev)
{
	struct vprime_import *import;

	while ((import = vprime_import_next(vdev))) {
		struct drm_gem_object *obj = &import->base;

		dma_resv_lock(obj->resv, NULL);
		vprime_import_unmap_locked(import, obj->import_attach);
		dma_resv_unlock(obj->resv);
		drm_gem_object_put(obj);
	}
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
 * what the exporter says of the attachment or the mapping; -EOPNOTSUPP if the
 * device can't use the memory that the exporter gave; -ENODEV if the device was
 * unplugged; -ENOMEM; -ERESTARTSYS.
 */
struct drm_gem_object *vprime_import(struct drm_device *dev,
				     struct dma_buf *dma_buf)
{
	struct vprime_import *import;
	int ret;

	if (vprime_export_is_from(dma_buf, dev)) {
		struct drm_gem_object *obj = dma_buf->priv;

		drm_gem_object_get(obj);
		return obj;
	}

	import = kzalloc_obj(*import, GFP_KERNEL_ACCOUNT);
	if (!import)
		return ERR_PTR(-ENOMEM);

	import->base.funcs = &vprime_import_funcs;
	import->base.resv = dma_buf->resv;
	drm_gem_private_object_init(dev, &import->base,
				    PAGE_ALIGN(dma_buf->size));

	ret = vprime_import_attach(import, dev, dma_buf);
	if (ret) {
		drm_gem_private_object_fini(&import->base);
		kfree(import);
		goto err;
	}
	ret = vprime_import_use(&import->base, jiffies + VPRIME_PATIENCE);
	if (ret) {
		drm_gem_object_put(&import->base);
		goto err;
	}

	return &import->base;

err:
	drm_dbg_prime(dev, "can't import from %s: %pe\n", dma_buf->exp_name,
		      ERR_PTR(ret));
	return ERR_PTR(ret);
}
