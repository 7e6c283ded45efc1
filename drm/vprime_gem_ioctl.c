// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ioctls on buffers: make one, dumb or with a choice of memory, say where it is
 * mapped, and what it is. Called by DRM on both nodes; what they mean is in uapi/.
 */

#include <linux/dma-resv.h>

#include <drm/drm_dumb_buffers.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_print.h>
#include <drm/drm_vma_manager.h>
#include <drm/vprime_drm.h>

#include "vprime_gem.h"
#include "vprime_gem_ioctl.h"
#include "vprime_import.h"
#include "vprime_pages.h"
#include "vprime_write_access.h"

#define CREATE_FLAGS (VPRIME_GEM_CONTIGUOUS | VPRIME_GEM_WRITE_COMBINE)

/**
 * vprime_gem_create_ioctl - DRM_IOCTL_VPRIME_GEM_CREATE
 * @dev: device
 * @data: struct drm_vprime_gem_create
 * @file: who asks
 *
 * Return: 0; -EINVAL for unknown flags, a pad that is not 0, no bytes;
 * -EOPNOTSUPP if the device's constraints can't be met; -ENOMEM.
 */
int vprime_gem_create_ioctl(struct drm_device *dev, void *data,
			    struct drm_file *file)
{
	struct drm_vprime_gem_create *args = data;
	struct drm_gem_object *obj;
	int ret;

	if (args->flags & ~CREATE_FLAGS || args->pad) {
		drm_dbg_driver(dev, "unknown flags 0x%x or pad\n", args->flags);
		return -EINVAL;
	}

	obj = vprime_gem_create(dev, args->size, args->flags);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	args->size = obj->size;
	ret = drm_gem_handle_create(file, obj, &args->handle);
	drm_gem_object_put(obj);

	return ret;
}

/*
 * DRM writes a warning to the log for pixels of a size that no format has. It counts
 * such pixels in whole bytes, and so do we, without a word: any program may ask.
 */
static int vprime_gem_size_dumb(struct drm_device *dev,
				struct drm_mode_create_dumb *args)
{
	struct drm_mode_create_dumb bytes = *args;
	int ret;

	/* Smaller pixels share bytes. DRM has checked that nothing overflows. */
	if (args->bpp > 4 || args->bpp == 3) {
		bytes.width *= DIV_ROUND_UP(args->bpp, 8);
		bytes.bpp = 8;
	}
	ret = drm_mode_size_dumb(dev, &bytes, 0, 0);
	if (ret)
		return ret;
	args->pitch = bytes.pitch;
	args->size = bytes.size;

	return 0;
}

/**
 * vprime_gem_dumb_create - &drm_driver.dumb_create
 * @file: who asks
 * @dev: device
 * @args: what is asked for, and the answer
 *
 * Return: 0 or a negative error code.
 */
int vprime_gem_dumb_create(struct drm_file *file, struct drm_device *dev,
			   struct drm_mode_create_dumb *args)
{
	struct drm_gem_object *obj;
	int ret;

	ret = vprime_gem_size_dumb(dev, args);
	if (ret)
		return ret;

	obj = vprime_gem_create(dev, args->size, 0);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	ret = drm_gem_handle_create(file, obj, &args->handle);
	drm_gem_object_put(obj);

	return ret;
}

static int vprime_gem_object_offset(struct drm_gem_object *obj, u64 *offset)
{
	int ret;

	if (vprime_gem_is_native(obj) && to_vprime_gem(obj)->no_cpu)
		return -EOPNOTSUPP;
	ret = drm_gem_create_mmap_offset(obj);
	if (ret)
		return ret;
	*offset = drm_vma_node_offset_addr(&obj->vma_node);

	return 0;
}

/**
 * vprime_gem_map_offset - &drm_driver.dumb_map_offset
 * @file: who asks
 * @dev: device
 * @handle: buffer, native or imported
 * @offset: where the device's file maps it
 *
 * Return: 0; -ENOENT for a handle that is none; -EOPNOTSUPP for a buffer that the
 * CPU can't reach; -ENOMEM.
 */
int vprime_gem_map_offset(struct drm_file *file, struct drm_device *dev,
			  u32 handle, u64 *offset)
{
	struct drm_gem_object *obj;
	int ret;

	obj = drm_gem_object_lookup(file, handle);
	if (!obj)
		return -ENOENT;

	ret = vprime_gem_object_offset(obj, offset);
	drm_gem_object_put(obj);

	return ret;
}

static void vprime_gem_describe_locked(struct vprime_gem *gem,
				       struct drm_vprime_gem_info *info)
{
	info->flags = gem->flags;
	info->moves = gem->moves;
	if (gem->dma_buf)
		info->state |= VPRIME_GEM_EXPORTED;
	if (gem->pins)
		info->state |= VPRIME_GEM_PINNED;
	if (gem->no_cpu)
		info->state |= VPRIME_GEM_NO_CPU;
	if (gem->pages) {
		info->state |= VPRIME_GEM_RESIDENT;
		info->segments = vprime_pages_segments(gem->pages,
						       gem->base.base.size);
	}
}

static void vprime_import_describe_locked(struct drm_gem_object *obj,
					  struct drm_vprime_gem_info *info)
{
	info->state |= VPRIME_GEM_IMPORTED;
	info->segments = vprime_import_segments_locked(obj, &info->moves);
	if (info->segments)
		info->state |= VPRIME_GEM_RESIDENT;
}

/**
 * vprime_gem_info_ioctl - DRM_IOCTL_VPRIME_GEM_INFO
 * @dev: device
 * @data: struct drm_vprime_gem_info
 * @file: who asks
 *
 * Return: 0; -EINVAL for a pad that is not 0; -ENOENT for a handle that is none;
 * -ENOMEM; -ERESTARTSYS.
 */
int vprime_gem_info_ioctl(struct drm_device *dev, void *data,
			  struct drm_file *file)
{
	struct drm_vprime_gem_info *info = data;
	struct drm_gem_object *obj;
	int ret;

	if (info->pad)
		return -EINVAL;

	*info = (struct drm_vprime_gem_info){ .handle = info->handle };
	obj = drm_gem_object_lookup(file, info->handle);
	if (!obj)
		return -ENOENT;

	info->size = obj->size;
	if (!vprime_write_access_has(obj, file))
		info->state |= VPRIME_GEM_READ_ONLY;

	ret = dma_resv_lock_interruptible(obj->resv, NULL);
	if (ret)
		goto out_put;
	if (vprime_gem_is_native(obj))
		vprime_gem_describe_locked(to_vprime_gem(obj), info);
	else
		vprime_import_describe_locked(obj, info);
	dma_resv_unlock(obj->resv);

	if (!(info->state & VPRIME_GEM_NO_CPU))
		ret = vprime_gem_object_offset(obj, &info->offset);

out_put:
	drm_gem_object_put(obj);
	return ret;
}
