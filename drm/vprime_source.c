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

#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>

#include "vprime_drv.h"
#include "vprime_fb.h"
#include "vprime_source.h"
#include "vprime_source_open.h"

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
 * @until: jiffies, when a buffer's lock is not waited for any longer
 *
 * Context: process, no dma_resv lock held.
 *
 * Return: a source with one reference, or an error pointer: -ENOMEM or what
 * vprime_fb_map() says.
 */
struct vprime_source *vprime_source_create(struct vprime_device *vdev,
					   struct drm_framebuffer *fb,
					   unsigned long until)
{
	struct vprime_source *source;
	int ret;

	ret = vprime_fb_map(fb, until);
	if (ret)
		return ERR_PTR(ret);

	source = kzalloc_obj(*source, GFP_KERNEL_ACCOUNT);
	if (!source)
		return ERR_PTR(-ENOMEM);

	kref_init(&source->ref);
	INIT_WORK(&source->free_work, vprime_source_free_work);
	init_completion(&source->opened);
	source->vdev = vdev;
	source->fb = fb;
	source->dir = DMA_NONE;
	source->open_dir = DMA_NONE;
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

/**
 * vprime_source_end - close CPU access, if it is open
 * @source: source
 *
 * Context: process, no dma_resv lock held; nobody uses the pixels any more.
 */
void vprime_source_end(struct vprime_source *source)
{
	if (!vprime_source_is_open(source))
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
