// SPDX-License-Identifier: GPL-2.0-only
/*
 * Framebuffers while the CPU reads or writes them: fences and cache maintenance
 * of the GEM objects behind them, native or imported. Planes and writeback make
 * sources, frames keep them alive; the composer only ever sees the addresses.
 *
 * Why there is a worker: ending CPU access and freeing a framebuffer take the
 * buffer's dma_resv lock. The composer drops references, and somebody may hold
 * such a lock while waiting for the fence that the composer is to signal next.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>
#include <drm/drm_print.h>

#include "vprime_drv.h"
#include "vprime_fb.h"
#include "vprime_source.h"

/* How long a commit waits for somebody who began to write after the flip. */
#define LATE_WRITER_TIMEOUT HZ

struct vprime_source {
	struct kref ref;
	struct vprime_device *vdev;
	struct drm_framebuffer *fb;
	enum dma_data_direction dir; /* DMA_NONE: no CPU access is open */
	struct work_struct free_work;
};

static void vprime_source_free_work(struct work_struct *work)
{
	struct vprime_source *source =
		container_of(work, struct vprime_source, free_work);

	vprime_source_end(source);
	drm_framebuffer_put(source->fb);
	kfree(source);
}

/**
 * vprime_source_create - make a source of a framebuffer, and map it
 * @vdev: device
 * @fb: framebuffer; the source takes its own reference
 *
 * Context: process, no dma_resv lock held.
 *
 * Return: a source with one reference, or an error pointer: -ENOMEM or what
 * vprime_fb_map() says.
 */
struct vprime_source *vprime_source_create(struct vprime_device *vdev,
					   struct drm_framebuffer *fb)
{
	struct vprime_source *source;
	int ret;

	ret = vprime_fb_map(fb);
	if (ret)
		return ERR_PTR(ret);

	source = kzalloc_obj(*source, GFP_KERNEL_ACCOUNT);
	if (!source)
		return ERR_PTR(-ENOMEM);

	kref_init(&source->ref);
	INIT_WORK(&source->free_work, vprime_source_free_work);
	source->vdev = vdev;
	source->fb = fb;
	source->dir = DMA_NONE;
	drm_framebuffer_get(fb);

	return source;
}

/**
 * vprime_source_fb - the framebuffer of a source
 * @source: source
 *
 * Return: a framebuffer that lives as long as @source.
 */
struct drm_framebuffer *vprime_source_fb(const struct vprime_source *source)
{
	return source->fb;
}

/**
 * vprime_source_get - take a reference
 * @source: source
 *
 * Return: @source.
 */
struct vprime_source *vprime_source_get(struct vprime_source *source)
{
	kref_get(&source->ref);
	return source;
}

static void vprime_source_release(struct kref *ref)
{
	struct vprime_source *source =
		container_of(ref, struct vprime_source, ref);

	queue_work(source->vdev->release_wq, &source->free_work);
}

/**
 * vprime_source_put - drop a reference
 * @source: source or NULL
 *
 * Context: any; takes no lock.
 */
void vprime_source_put(struct vprime_source *source)
{
	if (source)
		kref_put(&source->ref, vprime_source_release);
}

/*
 * The commit has waited for the fences that were there when it was made. A
 * writer that came later may itself be waiting for a fence of this commit, so
 * it is not waited for without end.
 */
static int vprime_source_wait(struct vprime_source *source,
			      enum dma_data_direction dir)
{
	enum dma_resv_usage usage = dma_resv_usage_rw(dir == DMA_TO_DEVICE);
	unsigned int i;
	long left;

	for (i = 0; i < source->fb->format->num_planes; i++) {
		left = dma_resv_wait_timeout(source->fb->obj[i]->resv, usage,
					     false, LATE_WRITER_TIMEOUT);
		if (left < 0)
			return left;
		if (!left)
			return -ETIMEDOUT;
	}

	return 0;
}

/**
 * vprime_source_is_open - ask whether CPU access is open
 * @source: source
 *
 * Return: whether it is.
 */
bool vprime_source_is_open(const struct vprime_source *source)
{
	return source->dir != DMA_NONE;
}

/**
 * vprime_source_open - open CPU access to pixels that nobody else uses
 * @source: source
 * @dir: as in vprime_source_begin()
 *
 * Tells the exporters of imported buffers, and these wait for what stands
 * against it, without end; for native buffers the caller has waited. Opening it
 * again does nothing.
 *
 * Context: process, no dma_resv lock held, by the owner of the commit.
 *
 * Return: 0 or what an exporter says.
 */
int vprime_source_open(struct vprime_source *source,
		       enum dma_data_direction dir)
{
	int ret;

	if (source->dir != DMA_NONE)
		return 0;

	ret = vprime_fb_begin_access(source->fb, dir);
	if (ret) {
		drm_dbg_kms(&source->vdev->drm, "[FB:%u] no CPU access: %pe\n",
			    source->fb->base.id, ERR_PTR(ret));
		return ret;
	}
	source->dir = dir;

	return 0;
}

/**
 * vprime_source_begin - wait for who uses the pixels and open CPU access
 * @source: source
 * @dir: DMA_FROM_DEVICE to read, DMA_TO_DEVICE to write
 *
 * Access stays open until vprime_source_end() or until the last reference goes;
 * opening it again does nothing.
 *
 * Context: as vprime_source_open().
 *
 * Return: 0; -ETIMEDOUT if somebody goes on writing; what an exporter says.
 */
int vprime_source_begin(struct vprime_source *source,
			enum dma_data_direction dir)
{
	int ret;

	if (source->dir != DMA_NONE)
		return 0;

	ret = vprime_source_wait(source, dir);
	if (ret) {
		drm_dbg_kms(&source->vdev->drm, "[FB:%u] in use: %pe\n",
			    source->fb->base.id, ERR_PTR(ret));
		return ret;
	}

	return vprime_source_open(source, dir);
}

/**
 * vprime_source_end - close CPU access, if it is open
 * @source: source
 *
 * Context: process, no dma_resv lock held; nobody uses the pixels any more.
 */
void vprime_source_end(struct vprime_source *source)
{
	if (source->dir == DMA_NONE)
		return;

	vprime_fb_end_access(source->fb, source->dir);
	source->dir = DMA_NONE;
}

/**
 * vprime_source_object - tell which buffer a source's first plane lies in
 * @source: source
 *
 * Return: GEM object, which the source's framebuffer keeps.
 */
struct drm_gem_object *vprime_source_object(const struct vprime_source *source)
{
	return source->fb->obj[0];
}

/**
 * vprime_source_image - tell where the pixels are
 * @source: source
 * @image: filled in, but for &vprime_image.yuv; valid while the caller holds
 *	its reference on @source
 */
void vprime_source_image(const struct vprime_source *source,
			 struct vprime_image *image)
{
	vprime_fb_image(source->fb, image);
}
