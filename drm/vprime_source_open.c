// SPDX-License-Identifier: GPL-2.0-only
/*
 * How sources get CPU access: who writes the pixels is waited for, then exporters are
 * asked, all of it with patience. Commits call it, and the scene for what was late;
 * what a source holds and when it lets go is vprime_source.c's.
 */

#include <linux/dma-resv.h>
#include <linux/module.h>

#include <drm/drm_drv.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>
#include <drm/drm_print.h>

#include "vprime_drv.h"
#include "vprime_fb.h"
#include "vprime_patience.h"
#include "vprime_source.h"
#include "vprime_source_open.h"

/*
 * Exporters are asked here. The dma-buf core waits for fences with them as long as
 * there are any, so this may take for ever; one framebuffer takes up one work at most.
 * Of the module, not of a device, for an unplugged device does not wait for it.
 */
static struct workqueue_struct *vprime_source_wq;

/**
 * vprime_source_init - make what sources need
 *
 * Return: 0 or -ENOMEM.
 */
int __init vprime_source_init(void)
{
	vprime_source_wq = alloc_workqueue("vprime_open", WQ_UNBOUND, 0);

	return vprime_source_wq ? 0 : -ENOMEM;
}

/**
 * vprime_source_exit - free it
 *
 * Whoever is asked for CPU access keeps the module, so nobody is.
 */
void vprime_source_exit(void)
{
	destroy_workqueue(vprime_source_wq);
}

static int vprime_source_wait(struct vprime_source *source,
			      enum dma_data_direction dir, unsigned long until)
{
	unsigned int i;
	int ret;

	for (i = 0; i < source->fb->format->num_planes; i++) {
		ret = vprime_patience_resv(source->vdev,
					   source->fb->obj[i]->resv,
					   dir == DMA_TO_DEVICE, false, until);
		if (ret)
			return ret;
	}

	return 0;
}

/**
 * vprime_source_is_idle - ask whether nobody writes the pixels now
 * @source: source
 *
 * Return: whether reading them waits for nobody.
 */
bool vprime_source_is_idle(const struct vprime_source *source)
{
	unsigned int i;

	for (i = 0; i < source->fb->format->num_planes; i++)
		if (!dma_resv_test_signaled(source->fb->obj[i]->resv,
					    dma_resv_usage_rw(false)))
			return false;

	return true;
}

/**
 * vprime_source_is_open - ask whether CPU access is open
 * @source: source
 *
 * Return: whether it is.
 */
bool vprime_source_is_open(const struct vprime_source *source)
{
	/* Pairs with vprime_source_ask(): what it made visible is seen. */
	return smp_load_acquire(&source->dir) != DMA_NONE;
}

static int vprime_source_ask(struct vprime_source *source,
			     enum dma_data_direction dir)
{
	int ret = vprime_fb_begin_access(source->fb, dir);

	if (!ret)
		/* Pairs with vprime_source_is_open(). */
		smp_store_release(&source->dir, dir);
	else
		drm_dbg_kms(&source->vdev->drm, "[FB:%u] no CPU access: %pe\n",
			    source->fb->base.id, ERR_PTR(ret));

	return ret;
}

static void vprime_source_open_work(struct work_struct *work)
{
	struct vprime_source *source =
		container_of(work, struct vprime_source, open_work);
	struct drm_device *dev = &source->vdev->drm;

	source->status = vprime_source_ask(source, source->open_dir);
	vprime_fb_end_ask(source->fb);
	complete_all(&source->opened);
	vprime_source_put(source);
	drm_dev_put(dev);
	module_put(THIS_MODULE);
}

/*
 * What the work needs is kept here: it may outlast the commit, the framebuffer's file
 * and the device's time on its bus.
 */
static int vprime_source_start_open(struct vprime_source *source,
				    enum dma_data_direction dir)
{
	if (!vprime_fb_begin_ask(source->fb))
		return -ETIMEDOUT;
	if (!try_module_get(THIS_MODULE)) {
		vprime_fb_end_ask(source->fb);
		return -ENODEV;
	}

	drm_dev_get(&source->vdev->drm);
	vprime_source_get(source);
	source->open_dir = dir;
	INIT_WORK(&source->open_work, vprime_source_open_work);
	queue_work(vprime_source_wq, &source->open_work);

	return 0;
}

/**
 * vprime_source_open - open CPU access to pixels that nobody else uses
 * @source: source
 * @dir: as in vprime_source_begin()
 * @until: jiffies
 *
 * Tells the exporters of imported buffers, and these wait for what stands
 * against it, without end; for native buffers the caller has waited. An exporter
 * who has not answered by @until may answer later: then calling it again finds that
 * access is open. Opening it again does nothing.
 *
 * Context: process, no dma_resv lock held, by the owner of the commit.
 *
 * Return: 0; -ETIMEDOUT if an exporter has not answered, to this source or to another
 * of the same framebuffer; what an exporter says.
 */
int vprime_source_open(struct vprime_source *source,
		       enum dma_data_direction dir, unsigned long until)
{
	int ret;

	if (vprime_source_is_open(source))
		return 0;
	if (!vprime_fb_is_imported(source->fb))
		return vprime_source_ask(source, dir);

	if (source->open_dir == DMA_NONE) {
		ret = vprime_source_start_open(source, dir);
		if (ret == -ETIMEDOUT)
			goto late;
		if (ret)
			return ret;
	}
	if (wait_for_completion_timeout(&source->opened,
					vprime_patience_left(until)))
		return source->status;

late:
	atomic_long_inc(&source->vdev->patience.exporter);
	drm_dbg_kms(&source->vdev->drm, "[FB:%u] its exporter is late\n",
		    source->fb->base.id);

	return -ETIMEDOUT;
}

/**
 * vprime_source_try - open CPU access for reading, if that waits for nobody
 * @source: source, of a commit that went on without it
 *
 * Context: process, no dma_resv lock held, by whoever took it over from its commit.
 *
 * Return: whether access is open, now or since an earlier try.
 */
bool vprime_source_try(struct vprime_source *source)
{
	if (!vprime_source_is_open(source) &&
	    source->open_dir == DMA_NONE && vprime_source_is_idle(source)) {
		if (vprime_fb_is_imported(source->fb))
			vprime_source_start_open(source, DMA_FROM_DEVICE);
		else
			vprime_source_ask(source, DMA_FROM_DEVICE);
	}

	return vprime_source_is_open(source);
}

/**
 * vprime_source_begin - wait for who uses the pixels and open CPU access
 * @source: source
 * @dir: DMA_FROM_DEVICE to read, DMA_TO_DEVICE to write
 * @until: jiffies
 *
 * Access stays open until vprime_source_end() or until the last reference goes;
 * opening it again does nothing.
 *
 * Context: as vprime_source_open().
 *
 * Return: 0; -ETIMEDOUT if somebody goes on writing; as vprime_source_open().
 */
int vprime_source_begin(struct vprime_source *source,
			enum dma_data_direction dir, unsigned long until)
{
	int ret = 0;

	if (vprime_source_is_open(source))
		return 0;

	if (source->open_dir == DMA_NONE)
		ret = vprime_source_wait(source, dir, until);
	if (ret) {
		drm_dbg_kms(&source->vdev->drm, "[FB:%u] in use: %pe\n",
			    source->fb->base.id, ERR_PTR(ret));
		return ret;
	}

	return vprime_source_open(source, dir, until);
}
