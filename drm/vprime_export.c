// SPDX-License-Identifier: GPL-2.0-only
/*
 * PRIME export: the operations of dma-bufs that stand for native buffers. The
 * dma-buf core calls them for whoever imports. Devices get scatterlists that obey
 * their constraints (vprime_mapping.c), from memory that is moved for them if
 * need be (vprime_move.c).
 *
 * References: importer -> dma-buf -> GEM object -> pages, and mapping -> pages.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/fs.h>

#include <drm/drm_drv.h>
#include <drm/drm_gem.h>
#include <drm/drm_prime.h>
#include <drm/drm_print.h>

#include "vprime_constraints.h"
#include "vprime_export.h"
#include "vprime_gem.h"
#include "vprime_mapping.h"
#include "vprime_move.h"
#include "vprime_pages.h"
#include "vprime_write_access.h"

static struct vprime_gem *vprime_export_gem(const struct dma_buf *dma_buf)
{
	return to_vprime_gem((struct drm_gem_object *)dma_buf->priv);
}

/* A device that is gone takes its buffers back, see vprime_move_revoke_all(). */
static bool vprime_export_is_revoked(struct vprime_gem *gem)
{
	return drm_dev_is_unplugged(gem->base.base.dev);
}

static int vprime_export_attach(struct dma_buf *dma_buf,
				struct dma_buf_attachment *attach)
{
	struct vprime_gem *gem = vprime_export_gem(dma_buf);
	struct vprime_constraints c;
	int ret;

	vprime_constraints_to_map(attach->dev, &c);
	if (!vprime_constraints_possible(&c, dma_buf->size)) {
		drm_dbg_prime(gem->base.base.dev,
			      "no memory of %zu bytes suits %s\n",
			      dma_buf->size, dev_name(attach->dev));
		return -EOPNOTSUPP;
	}

	ret = dma_resv_lock_interruptible(dma_buf->resv, NULL);
	if (ret)
		return ret;
	if (vprime_export_is_revoked(gem))
		ret = -ENODEV;
	else if (gem->pins && !vprime_pages_fit(gem->pages, &c))
		ret = -EBUSY;
	dma_resv_unlock(dma_buf->resv);

	return ret;
}

/* The core warns of a pin that fails with -EBUSY; mapping says it instead. */
static int vprime_export_pin(struct dma_buf_attachment *attach)
{
	struct vprime_gem *gem = vprime_export_gem(attach->dmabuf);
	int ret;

	dma_resv_assert_held(attach->dmabuf->resv);

	if (vprime_export_is_revoked(gem))
		return -ENODEV;
	ret = vprime_gem_use_locked(gem);
	if (ret)
		return ret;

	ret = vprime_move_suit_locked(gem, attach->dev);
	if (ret && ret != -EBUSY) {
		vprime_gem_unuse_locked(gem);
		return ret;
	}
	gem->pins++;

	return 0;
}

static void vprime_export_unpin(struct dma_buf_attachment *attach)
{
	struct vprime_gem *gem = vprime_export_gem(attach->dmabuf);

	dma_resv_assert_held(attach->dmabuf->resv);

	gem->pins--;
	vprime_gem_unuse_locked(gem);
}

static struct sg_table *vprime_export_map(struct dma_buf_attachment *attach,
					  enum dma_data_direction dir)
{
	struct vprime_gem *gem = vprime_export_gem(attach->dmabuf);
	struct sg_table *sgt;
	int ret;

	dma_resv_assert_held(attach->dmabuf->resv);

	if (vprime_export_is_revoked(gem))
		return ERR_PTR(-ENODEV);
	ret = vprime_gem_use_locked(gem);
	if (ret)
		return ERR_PTR(ret);

	ret = vprime_move_suit_locked(gem, attach->dev);
	if (ret)
		goto err_unuse;

	sgt = vprime_mapping_create_locked(gem, attach->dev, dir);
	if (IS_ERR(sgt)) {
		ret = PTR_ERR(sgt);
		goto err_unuse;
	}

	return sgt;

err_unuse:
	vprime_gem_unuse_locked(gem);
	return ERR_PTR(ret);
}

static void vprime_export_unmap(struct dma_buf_attachment *attach,
				struct sg_table *sgt,
				enum dma_data_direction dir)
{
	struct vprime_gem *gem = vprime_export_gem(attach->dmabuf);

	vprime_mapping_destroy_locked(gem, sgt);
	vprime_gem_unuse_locked(gem);
}

static int vprime_export_begin_cpu_access(struct dma_buf *dma_buf,
					  enum dma_data_direction dir)
{
	struct vprime_gem *gem = vprime_export_gem(dma_buf);
	bool write = dir != DMA_FROM_DEVICE;
	long ret;

	if (gem->no_cpu)
		return -EOPNOTSUPP;
	if (vprime_export_is_revoked(gem))
		return -ENODEV;

	ret = dma_resv_wait_timeout(dma_buf->resv, dma_resv_usage_rw(write),
				    true, MAX_SCHEDULE_TIMEOUT);
	if (ret < 0)
		return ret;
	vprime_mapping_sync_for_cpu(&gem->base.base);

	return 0;
}

static int vprime_export_end_cpu_access(struct dma_buf *dma_buf,
					enum dma_data_direction dir)
{
	struct vprime_gem *gem = vprime_export_gem(dma_buf);

	/* What was only read is still as the devices left it. */
	if (dir != DMA_FROM_DEVICE)
		vprime_mapping_sync_for_device(&gem->base.base);

	return 0;
}

static int vprime_export_mmap(struct dma_buf *dma_buf,
			      struct vm_area_struct *vma)
{
	struct drm_gem_object *obj = dma_buf->priv;
	int ret;

	if (drm_dev_is_unplugged(obj->dev))
		return -ENODEV;

	/* Where a move finds the mapping again. */
	ret = drm_gem_create_mmap_offset(obj);
	if (ret)
		return ret;

	return drm_gem_prime_mmap(obj, vma);
}

static void vprime_export_release(struct dma_buf *dma_buf)
{
	struct vprime_gem *gem = vprime_export_gem(dma_buf);

	dma_resv_lock(gem->base.base.resv, NULL);
	gem->dma_buf = NULL;
	gem->inode = 0;
	dma_resv_unlock(gem->base.base.resv);

	drm_gem_dmabuf_release(dma_buf);
}

static const struct dma_buf_ops vprime_export_ops = {
	.attach = vprime_export_attach,
	.pin = vprime_export_pin,
	.unpin = vprime_export_unpin,
	.map_dma_buf = vprime_export_map,
	.unmap_dma_buf = vprime_export_unmap,
	.release = vprime_export_release,
	.begin_cpu_access = vprime_export_begin_cpu_access,
	.end_cpu_access = vprime_export_end_cpu_access,
	.mmap = vprime_export_mmap,
	.vmap = drm_gem_dmabuf_vmap,
	.vunmap = drm_gem_dmabuf_vunmap,
};

/* The core warns of a vmap that fails, so there is none where it always would. */
static const struct dma_buf_ops vprime_export_no_cpu_ops = {
	.attach = vprime_export_attach,
	.pin = vprime_export_pin,
	.unpin = vprime_export_unpin,
	.map_dma_buf = vprime_export_map,
	.unmap_dma_buf = vprime_export_unmap,
	.release = vprime_export_release,
	.begin_cpu_access = vprime_export_begin_cpu_access,
	.end_cpu_access = vprime_export_end_cpu_access,
};

/*
 * The core forgets a dma-buf with the last handle, but a framebuffer that was made
 * while that was closed can give another handle. Importers of the first dma-buf would
 * not be told of moves any more.
 */
static bool vprime_export_is_out(struct vprime_gem *gem)
{
	bool out;

	dma_resv_lock(gem->base.base.resv, NULL);
	out = gem->dma_buf;
	dma_resv_unlock(gem->base.base.resv);

	return out;
}

/**
 * vprime_export - &drm_gem_object_funcs.export
 * @obj: native buffer
 * @flags: DRM_RDWR or not; what was exported read-only once is so again
 *
 * Context: process, no dma_resv lock held. Others are kept from exporting it at the
 * same time, by &drm_device.object_name_lock if they can know of it.
 *
 * Return: a dma-buf that holds a reference on @obj, or an error pointer: -EBUSY if
 * somebody still has one of it that DRM does not know.
 */
struct dma_buf *vprime_export(struct drm_gem_object *obj, int flags)
{
	struct vprime_gem *gem = to_vprime_gem(obj);
	struct dma_buf_export_info info = {
		.exp_name = "vprime",
		.owner = THIS_MODULE,
		.ops = gem->no_cpu ? &vprime_export_no_cpu_ops :
				     &vprime_export_ops,
		.size = obj->size,
		.flags = READ_ONCE(gem->read_only) ? flags & ~DRM_RDWR : flags,
		.priv = obj,
		.resv = obj->resv,
	};
	struct dma_buf *dma_buf;

	if (vprime_export_is_out(gem))
		return ERR_PTR(-EBUSY);

	dma_buf = drm_gem_dmabuf_export(obj->dev, &info);
	if (IS_ERR(dma_buf))
		return dma_buf;

	dma_resv_lock(obj->resv, NULL);
	gem->dma_buf = dma_buf;
	gem->inode = file_inode(dma_buf->file)->i_ino;
	dma_resv_unlock(obj->resv);
	if (!(dma_buf->file->f_mode & FMODE_WRITE))
		vprime_write_access_freeze(gem);

	return dma_buf;
}

/**
 * vprime_export_is_from - ask whether a dma-buf is one of a device's buffers
 * @dma_buf: dma-buf, of any exporter
 * @dev: device
 *
 * Return: true if its &dma_buf.priv is a GEM object of @dev.
 */
bool vprime_export_is_from(const struct dma_buf *dma_buf,
			   const struct drm_device *dev)
{
	const struct drm_gem_object *obj = dma_buf->priv;

	return (dma_buf->ops == &vprime_export_ops ||
		dma_buf->ops == &vprime_export_no_cpu_ops) &&
	       obj->dev == dev;
}

/**
 * vprime_export_get - the dma-buf of a buffer, if it has one
 * @obj: GEM object of this driver
 *
 * Context: process; takes &drm_device.object_name_lock.
 *
 * Return: of an import its exporter's, of a native buffer what it was exported as,
 * with a reference for the caller; NULL for a buffer that nobody exported.
 */
struct dma_buf *vprime_export_get(const struct drm_gem_object *obj)
{
	struct dma_buf *dma_buf;

	mutex_lock(&obj->dev->object_name_lock);
	dma_buf = drm_gem_is_imported(obj) ? obj->import_attach->dmabuf :
					     obj->dma_buf;
	if (dma_buf)
		get_dma_buf(dma_buf);
	mutex_unlock(&obj->dev->object_name_lock);

	return dma_buf;
}

/**
 * vprime_export_share - the dma-buf of a buffer, for somebody who looks at it
 * @obj: GEM object of this driver
 *
 * One that is made for the purpose is read-only: whoever looks must not write, and
 * what the owner exports later must not be more than it asks for.
 *
 * Context: process, no dma_resv lock held; takes &drm_device.object_name_lock.
 *
 * Return: as vprime_export_get(), or a new one of a native buffer that nobody exported;
 * an error pointer: -ENOENT if no client has a handle of it any more, -ENOMEM.
 */
struct dma_buf *vprime_export_share(struct drm_gem_object *obj)
{
	struct dma_buf *dma_buf = vprime_export_get(obj);

	if (dma_buf)
		return dma_buf;

	guard(mutex)(&obj->dev->object_name_lock);
	if (!obj->dma_buf) {
		/* DRM drops it with the last handle. */
		if (!obj->handle_count)
			return ERR_PTR(-ENOENT);
		dma_buf = vprime_export(obj, DRM_CLOEXEC);
		if (IS_ERR(dma_buf))
			return dma_buf;
		obj->dma_buf = dma_buf;
	}
	get_dma_buf(obj->dma_buf);

	return obj->dma_buf;
}

/**
 * vprime_export_print - tell in debugfs which dma-buf a buffer is
 * @p: printer
 * @indent: tabs
 * @obj: GEM object of this driver
 *
 * Its inode is what fstat() tells whoever holds a descriptor of it.
 *
 * Context: as vprime_export_get().
 */
void vprime_export_print(struct drm_printer *p, unsigned int indent,
			 const struct drm_gem_object *obj)
{
	struct dma_buf *dma_buf = vprime_export_get(obj);

	if (!dma_buf)
		return;

	drm_printf_indent(p, indent, "dma-buf=%llu\n",
			  (u64)file_inode(dma_buf->file)->i_ino);
	dma_buf_put(dma_buf);
}
