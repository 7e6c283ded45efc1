// SPDX-License-Identifier: GPL-2.0-only
/*
 * Framebuffers: GEM objects, native or imported, with a format and a mapping
 * for the CPU. The mapping is made when a framebuffer is first used and kept
 * until it is removed, so showing a buffer again maps nothing. Sources use it;
 * it knows nothing of planes and frames.
 */

#include <linux/dma-resv.h>
#include <linux/iosys-map.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include <drm/drm_damage_helper.h>
#include <drm/drm_file.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_framebuffer_helper.h>
#include <drm/drm_modeset_helper.h>
#include <drm/drm_plane.h>
#include <drm/drm_print.h>

#include <drm/vprime_fourcc.h>

#include "vprime_drv.h"
#include "vprime_fb.h"
#include "vprime_format.h"
#include "vprime_image.h"
#include "vprime_import.h"
#include "vprime_mapping.h"
#include "vprime_patience.h"
#include "vprime_write_access.h"

/**
 * struct vprime_fb - a framebuffer
 * @base: base; the first member, for DRM's helper frees it
 * @read_only: its maker may not write one of the buffers
 * @internal: its maker is in the kernel, such as the text console
 * @asked: exporters are being asked for CPU access
 * @mapped: @map and @data are set; never reset
 * @map: the buffers' mappings
 * @data: where the planes of the format begin in them
 */
struct vprime_fb {
	struct drm_framebuffer base;
	bool read_only;
	bool internal;
	atomic_t asked;
	/** @map_lock: protects @mapped while the mapping is made. Outside dma_resv. */
	struct mutex map_lock;
	bool mapped;
	struct iosys_map map[DRM_FORMAT_MAX_PLANES];
	struct iosys_map data[DRM_FORMAT_MAX_PLANES];
};

static_assert(offsetof(struct vprime_fb, base) == 0);

#define to_vprime_fb(fb) container_of_const(fb, struct vprime_fb, base)

static void vprime_fb_destroy(struct drm_framebuffer *fb)
{
	struct vprime_fb *vfb = to_vprime_fb(fb);

	if (vfb->mapped)
		drm_gem_fb_vunmap(fb, vfb->map);
	mutex_destroy(&vfb->map_lock);
	drm_gem_fb_destroy(fb);
}

/*
 * The console's helper makes a warning of any error. What it drew is shown by its
 * next call, if somebody keeps the buffer locked now.
 */
static int vprime_fb_dirty(struct drm_framebuffer *fb, struct drm_file *file,
			   unsigned int flags, unsigned int color,
			   struct drm_clip_rect *clips, unsigned int n_clips)
{
	int ret = drm_atomic_helper_dirtyfb(fb, file, flags, color, clips,
					    n_clips);

	return ret == -EBUSY && to_vprime_fb(fb)->internal ? 0 : ret;
}

static const struct drm_framebuffer_funcs vprime_fb_funcs = {
	.destroy = vprime_fb_destroy,
	.create_handle = drm_gem_fb_create_handle,
	.dirty = vprime_fb_dirty,
};

/* The objects whose size is checked are those that are kept. */
static int vprime_fb_take_objects(struct vprime_fb *vfb, struct drm_file *file,
				  const struct drm_format_info *info,
				  const struct drm_mode_fb_cmd2 *cmd)
{
	struct drm_framebuffer *fb = &vfb->base;
	unsigned int i;
	int ret;

	for (i = 0; i < info->num_planes; i++) {
		fb->obj[i] = drm_gem_object_lookup(file, cmd->handles[i]);
		if (!fb->obj[i])
			return -ENOENT;

		ret = vprime_image_check(info, cmd, i, fb->obj[i]->size);
		if (ret) {
			drm_dbg_kms(fb->dev,
				    "plane %u does not fit: pitch %u, offset %u, modifier 0x%llx, buffer of %zu bytes\n",
				    i, cmd->pitches[i], cmd->offsets[i],
				    cmd->modifier[i], fb->obj[i]->size);
			return ret;
		}
		if (!vprime_write_access_has(fb->obj[i], file))
			vfb->read_only = true;
	}

	return 0;
}

/*
 * DRM's helper checks sizes of linear buffers only. From drm_framebuffer_init() on
 * everybody can find the framebuffer, so nothing of it is set any more after that.
 */
static int vprime_fb_init(struct drm_device *dev, struct vprime_fb *vfb,
			  struct drm_file *file,
			  const struct drm_format_info *info,
			  const struct drm_mode_fb_cmd2 *cmd)
{
	struct drm_framebuffer *fb = &vfb->base;
	unsigned int i;
	int ret;

	if (!drm_any_plane_has_format(dev, cmd->pixel_format,
				      cmd->modifier[0])) {
		drm_dbg_kms(dev, "no plane shows %p4cc / 0x%llx\n",
			    &cmd->pixel_format, cmd->modifier[0]);
		return -EINVAL;
	}

	drm_helper_mode_fill_fb_struct(dev, fb, info, cmd);
	vfb->internal = !file->filp;
	ret = vprime_fb_take_objects(vfb, file, info, cmd);
	if (!ret)
		ret = drm_framebuffer_init(dev, fb, &vprime_fb_funcs);
	if (ret)
		for (i = 0; i < info->num_planes; i++)
			drm_gem_object_put(fb->obj[i]);

	return ret;
}

/**
 * vprime_fb_create - &drm_mode_config_funcs.fb_create
 * @dev: device
 * @file: whose handles @cmd names
 * @info: format
 * @cmd: what the user asks for
 *
 * Return: a framebuffer with one reference, or an error pointer: -ENOENT for a
 * handle that is none, -EINVAL for a format or modifier that no plane shows, a
 * pitch or offset with which tiles are not whole, or a buffer that is too
 * small, -ENOMEM.
 */
struct drm_framebuffer *vprime_fb_create(struct drm_device *dev,
					 struct drm_file *file,
					 const struct drm_format_info *info,
					 const struct drm_mode_fb_cmd2 *cmd)
{
	struct vprime_fb *vfb;
	int ret;

	vfb = kzalloc_obj(*vfb, GFP_KERNEL_ACCOUNT);
	if (!vfb)
		return ERR_PTR(-ENOMEM);

	mutex_init(&vfb->map_lock);
	ret = vprime_fb_init(dev, vfb, file, info, cmd);
	if (ret) {
		mutex_destroy(&vfb->map_lock);
		kfree(vfb);
		return ERR_PTR(ret);
	}

	return &vfb->base;
}

/**
 * vprime_fb_is_read_only - ask whether a framebuffer must not be written
 * @fb: framebuffer
 *
 * Return: true if it was made of a buffer that was imported read-only.
 */
bool vprime_fb_is_read_only(const struct drm_framebuffer *fb)
{
	return to_vprime_fb(fb)->read_only;
}

/**
 * vprime_fb_is_internal - ask whether a framebuffer is the kernel's own
 * @fb: framebuffer
 *
 * Such a one can stay as long as the module. A dma-buf that was made of its buffer
 * stays as long as it does, and keeps the module.
 *
 * Return: true if no program made it.
 */
bool vprime_fb_is_internal(const struct drm_framebuffer *fb)
{
	return to_vprime_fb(fb)->internal;
}

/**
 * vprime_fb_is_imported - ask whether somebody else's buffers are in a framebuffer
 * @fb: framebuffer
 *
 * Return: true if exporters have to be asked for CPU access.
 */
bool vprime_fb_is_imported(const struct drm_framebuffer *fb)
{
	unsigned int i;

	for (i = 0; i < fb->format->num_planes; i++)
		if (drm_gem_is_imported(fb->obj[i]))
			return true;

	return false;
}

/**
 * vprime_fb_begin_ask - be the one who asks a framebuffer's exporters
 * @fb: framebuffer
 *
 * Return: false if somebody is waiting for their answer already.
 */
bool vprime_fb_begin_ask(struct drm_framebuffer *fb)
{
	return !atomic_xchg_acquire(&to_vprime_fb(fb)->asked, 1);
}

/**
 * vprime_fb_end_ask - they have answered
 * @fb: framebuffer
 */
void vprime_fb_end_ask(struct drm_framebuffer *fb)
{
	atomic_set_release(&to_vprime_fb(fb)->asked, 0);
}

/**
 * vprime_fb_begin_access - make what devices wrote visible to the CPU
 * @fb: framebuffer; its fences have been waited for
 * @dir: DMA_FROM_DEVICE to read, DMA_TO_DEVICE to write
 *
 * Context: process, no dma_resv lock held.
 *
 * Return: 0, or what an exporter of an imported buffer says.
 */
int vprime_fb_begin_access(struct drm_framebuffer *fb,
			   enum dma_data_direction dir)
{
	unsigned int i;
	int ret;

	ret = drm_gem_fb_begin_cpu_access(fb, dir);
	if (ret)
		return ret;

	for (i = 0; i < fb->format->num_planes; i++)
		if (!drm_gem_is_imported(fb->obj[i]))
			vprime_mapping_sync_for_cpu(fb->obj[i]);

	return 0;
}

/**
 * vprime_fb_end_access - make what the CPU wrote visible to devices
 * @fb: framebuffer
 * @dir: as for vprime_fb_begin_access()
 *
 * Context: process, no dma_resv lock held.
 */
void vprime_fb_end_access(struct drm_framebuffer *fb,
			  enum dma_data_direction dir)
{
	unsigned int i;

	for (i = 0; i < fb->format->num_planes; i++)
		if (dir != DMA_FROM_DEVICE && !drm_gem_is_imported(fb->obj[i]))
			vprime_mapping_sync_for_device(fb->obj[i]);

	drm_gem_fb_end_cpu_access(fb, dir);
}

static bool vprime_fb_is_iomem(const struct vprime_fb *vfb)
{
	unsigned int i;

	for (i = 0; i < vfb->base.format->num_planes; i++)
		if (vfb->data[i].is_iomem)
			return true;

	return false;
}

/* As drm_gem_fb_vmap(), which waits for each buffer's lock as long as it takes. */
static int vprime_fb_vmap(struct vprime_fb *vfb, unsigned long until)
{
	struct drm_framebuffer *fb = &vfb->base;
	unsigned int i;
	int ret;

	for (i = 0; i < fb->format->num_planes; i++) {
		ret = vprime_patience_lock(to_vprime_device(fb->dev),
					   fb->obj[i]->resv, until);
		if (ret)
			goto err_unmap;
		ret = fb->obj[i]->funcs->vmap(fb->obj[i], &vfb->map[i]);
		dma_resv_unlock(fb->obj[i]->resv);
		if (ret)
			goto err_unmap;
		vfb->data[i] = vfb->map[i];
		iosys_map_incr(&vfb->data[i], fb->offsets[i]);
	}

	return 0;

err_unmap:
	drm_gem_fb_vunmap(fb, vfb->map);
	return ret;
}

static int vprime_fb_map_locked(struct vprime_fb *vfb, unsigned long until)
{
	struct drm_framebuffer *fb = &vfb->base;
	int ret;

	lockdep_assert_held(&vfb->map_lock);

	if (vfb->mapped)
		return 0;

	ret = vprime_fb_vmap(vfb, until);
	if (ret) {
		drm_dbg_kms(fb->dev, "[FB:%u] can't be mapped: %pe\n",
			    fb->base.id, ERR_PTR(ret));
		return ret;
	}
	if (vprime_fb_is_iomem(vfb)) {
		drm_dbg_kms(fb->dev, "[FB:%u] lies in I/O memory\n",
			    fb->base.id);
		drm_gem_fb_vunmap(fb, vfb->map);
		return -EOPNOTSUPP;
	}
	vfb->mapped = true;

	return 0;
}

static int vprime_fb_use_imports(struct drm_framebuffer *fb, unsigned long until)
{
	unsigned int i;
	int ret;

	for (i = 0; i < fb->format->num_planes; i++) {
		if (!drm_gem_is_imported(fb->obj[i]))
			continue;

		ret = vprime_import_use(fb->obj[i], until);
		if (ret) {
			drm_dbg_kms(fb->dev, "[FB:%u] can't be used: %pe\n",
				    fb->base.id, ERR_PTR(ret));
			return ret;
		}
	}

	return 0;
}

/**
 * vprime_fb_map - prepare a framebuffer for its next use by the CPU
 * @fb: framebuffer; the mapping lives as long
 * @until: jiffies, when a buffer's lock is not waited for any longer
 *
 * Context: process, no dma_resv lock held.
 *
 * Return: 0; what the exporter of an imported buffer says; -ENOMEM;
 * -EOPNOTSUPP for a buffer that lies in a device's I/O memory; -EBUSY if somebody
 * keeps one locked; -ERESTARTSYS.
 */
int vprime_fb_map(struct drm_framebuffer *fb, unsigned long until)
{
	struct vprime_fb *vfb = to_vprime_fb(fb);
	int ret;

	ret = vprime_fb_use_imports(fb, until);
	if (ret)
		return ret;

	mutex_lock(&vfb->map_lock);
	ret = vprime_fb_map_locked(vfb, until);
	mutex_unlock(&vfb->map_lock);

	return ret;
}

/**
 * vprime_fb_image - tell where the pixels of a framebuffer are
 * @fb: framebuffer, mapped
 * @image: filled in, but for &vprime_image.yuv; valid while the caller holds
 *	its reference on @fb
 */
void vprime_fb_image(const struct drm_framebuffer *fb,
		     struct vprime_image *image)
{
	const struct vprime_fb *vfb = to_vprime_fb(fb);
	unsigned int i;

	*image = (struct vprime_image){
		.format = vprime_format_find(fb->format->format),
		.info = fb->format,
		.tiled = fb->modifier == DRM_FORMAT_MOD_VPRIME_TILED,
	};
	for (i = 0; i < fb->format->num_planes; i++) {
		image->data[i] = vfb->data[i].vaddr;
		image->pitch[i] = fb->pitches[i];
	}
}
