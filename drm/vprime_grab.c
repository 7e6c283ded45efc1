// SPDX-License-Identifier: GPL-2.0-only
/*
 * Composed pictures for screen consumers, and the pool their buffers come from.
 * A picture is composed once and shared by all who want that frame; when the
 * last lets it go, its buffer waits for the next. Consumers ask for one, the
 * composer writes into it. Knows nothing of consumers.
 */

#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_client.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>

#include "vprime_drv.h"
#include "vprime_grab.h"
#include "vprime_image.h"
#include "vprime_source.h"

static const char *vprime_grab_driver_name(struct dma_fence *fence)
{
	return "vprime";
}

static const char *vprime_grab_timeline_name(struct dma_fence *fence)
{
	return "screen-composer";
}

/* No release operation, so no code of ours is needed once it is signalled. */
static const struct dma_fence_ops vprime_grab_fence_ops = {
	.get_driver_name = vprime_grab_driver_name,
	.get_timeline_name = vprime_grab_timeline_name,
};

static size_t vprime_grab_line(struct vprime_sink *sink, int y,
			       unsigned int count,
			       const struct vprime_pixel *pixels)
{
	struct vprime_grab *grab = container_of(sink, struct vprime_grab, sink);

	vprime_image_write(&grab->image, y, count, pixels);

	return vprime_image_bytes(&grab->image, 0, count);
}

static void vprime_grab_free(struct vprime_grab *grab)
{
	vprime_source_put(grab->target);
	drm_client_buffer_delete(grab->buffer);
	kfree(grab);
}

static bool vprime_grab_fits_locked(const struct vprime_grab *grab)
{
	const struct drm_framebuffer *fb = vprime_grab_fb(grab);

	lockdep_assert_held(&grab->pool->lock);

	return fb->width == grab->pool->width &&
	       fb->height == grab->pool->height;
}

static void vprime_grab_trim_work(struct work_struct *work)
{
	struct vprime_grab_pool *pool =
		container_of(work, struct vprime_grab_pool, trim);
	struct vprime_grab *grab, *next;
	LIST_HEAD(old);

	spin_lock_irq(&pool->lock);
	list_for_each_entry_safe(grab, next, &pool->free, link)
		if (!vprime_grab_fits_locked(grab))
			list_move(&grab->link, &old);
	spin_unlock_irq(&pool->lock);

	list_for_each_entry_safe(grab, next, &old, link)
		vprime_grab_free(grab);
}

/**
 * vprime_grab_pool_init - initialise a pool, empty
 * @pool: pool
 * @vdev: device; the pool is part of what it owns
 */
void vprime_grab_pool_init(struct vprime_grab_pool *pool,
			   struct vprime_device *vdev)
{
	pool->vdev = vdev;
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->free);
	INIT_WORK(&pool->trim, vprime_grab_trim_work);
}

/**
 * vprime_grab_pool_resize - say of what size pictures are from now on
 * @pool: pool
 * @width: pixels, or 0 if none is wanted
 * @height: lines
 *
 * Buffers of another size are freed by a worker, as soon as nobody uses them.
 *
 * Context: any.
 */
void vprime_grab_pool_resize(struct vprime_grab_pool *pool, unsigned int width,
			     unsigned int height)
{
	unsigned long flags;
	bool same;

	spin_lock_irqsave(&pool->lock, flags);
	same = pool->width == width && pool->height == height;
	pool->width = width;
	pool->height = height;
	spin_unlock_irqrestore(&pool->lock, flags);

	if (!same)
		queue_work(pool->vdev->release_wq, &pool->trim);
}

static struct vprime_grab *vprime_grab_alloc(struct vprime_grab_pool *pool,
					     unsigned int width,
					     unsigned int height)
{
	struct vprime_device *vdev = pool->vdev;
	struct vprime_grab *grab;
	int ret;

	grab = kzalloc_obj(*grab);
	if (!grab)
		return ERR_PTR(-ENOMEM);

	grab->buffer = drm_client_buffer_create_dumb(&vdev->grabber, width,
						     height,
						     DRM_FORMAT_XRGB8888);
	if (IS_ERR(grab->buffer)) {
		ret = PTR_ERR(grab->buffer);
		goto err_free;
	}

	grab->target = vprime_source_create(vdev, grab->buffer->fb);
	if (IS_ERR(grab->target)) {
		ret = PTR_ERR(grab->target);
		goto err_delete;
	}
	grab->pool = pool;
	grab->sink.line = vprime_grab_line;
	INIT_LIST_HEAD(&grab->link);
	vprime_source_image(grab->target, &grab->image);

	return grab;

err_delete:
	drm_client_buffer_delete(grab->buffer);
err_free:
	kfree(grab);
	return ERR_PTR(ret);
}

static struct vprime_grab *vprime_grab_reuse(struct vprime_grab_pool *pool,
					     unsigned int width,
					     unsigned int height)
{
	struct vprime_grab *grab, *found = NULL;

	spin_lock_irq(&pool->lock);
	list_for_each_entry(grab, &pool->free, link) {
		const struct drm_framebuffer *fb = vprime_grab_fb(grab);

		if (fb->width == width && fb->height == height) {
			found = grab;
			list_del_init(&grab->link);
			break;
		}
	}
	spin_unlock_irq(&pool->lock);

	return found;
}

/**
 * vprime_grab_create - take a buffer for a picture
 * @pool: pool
 * @width: of the picture, pixels
 * @height: lines
 *
 * Context: process; may allocate, so nobody's fence may depend on it.
 *
 * Return: a grab with one reference and a fence that is not signalled, or an
 * error pointer: -ENOMEM.
 */
struct vprime_grab *vprime_grab_create(struct vprime_grab_pool *pool,
				       unsigned int width, unsigned int height)
{
	struct vprime_grab *grab;
	struct dma_fence *fence;

	fence = kzalloc_obj(*fence);
	if (!fence)
		return ERR_PTR(-ENOMEM);

	grab = vprime_grab_reuse(pool, width, height);
	if (!grab)
		grab = vprime_grab_alloc(pool, width, height);
	if (IS_ERR(grab)) {
		kfree(fence);
		return grab;
	}

	dma_fence_init(fence, &vprime_grab_fence_ops, NULL,
		       dma_fence_context_alloc(1), 1);
	kref_init(&grab->ref);
	grab->fence = fence;
	grab->started = false;
	grab->done = false;

	return grab;
}

/**
 * vprime_grab_get - take a reference
 * @grab: grab
 *
 * Return: @grab.
 */
struct vprime_grab *vprime_grab_get(struct vprime_grab *grab)
{
	kref_get(&grab->ref);
	return grab;
}

static void vprime_grab_release(struct kref *ref)
{
	struct vprime_grab *grab = container_of(ref, struct vprime_grab, ref);
	struct vprime_grab_pool *pool = grab->pool;
	unsigned long flags;
	bool fits;

	/* One that was never composed: nobody may be left waiting. */
	dma_fence_signal(grab->fence);
	dma_fence_put(grab->fence);
	grab->fence = NULL;

	spin_lock_irqsave(&pool->lock, flags);
	list_add(&grab->link, &pool->free);
	fits = vprime_grab_fits_locked(grab);
	spin_unlock_irqrestore(&pool->lock, flags);

	if (!fits)
		queue_work(pool->vdev->release_wq, &pool->trim);
}

/**
 * vprime_grab_put - drop a reference
 * @grab: grab or NULL
 *
 * Context: any.
 */
void vprime_grab_put(struct vprime_grab *grab)
{
	if (grab)
		kref_put(&grab->ref, vprime_grab_release);
}

/**
 * vprime_grab_fb - the framebuffer of a picture
 * @grab: grab
 *
 * Return: a framebuffer that lives as long as @grab.
 */
struct drm_framebuffer *vprime_grab_fb(const struct vprime_grab *grab)
{
	return grab->buffer->fb;
}
