// SPDX-License-Identifier: GPL-2.0-only
/*
 * Composed pictures for screen consumers. A picture is composed once and shared by
 * all who want that frame. Consumers ask for one, the composer writes into it.
 * Knows nothing of consumers.
 *
 * Its memory comes zeroed and is never used for another picture: whoever was handed
 * it may keep it for ever, and must neither see nor write what comes later.
 */

#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/fcntl.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_fourcc.h>
#include <drm/drm_gem.h>
#include <drm/drm_prime.h>

#include "vprime_drv.h"
#include "vprime_export.h"
#include "vprime_gem.h"
#include "vprime_grab.h"
#include "vprime_image.h"
#include "vprime_mapping.h"

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

static void vprime_grab_free_memory(struct vprime_grab *grab)
{
	if (!IS_ERR_OR_NULL(grab->dma_buf))
		dma_buf_put(grab->dma_buf);
	if (!iosys_map_is_null(&grab->map))
		drm_gem_vunmap(grab->obj, &grab->map);
	drm_gem_object_put(grab->obj);
}

/* Takes the buffer's dma_resv lock, which somebody may hold who waits for a fence. */
static void vprime_grab_free_work(struct work_struct *work)
{
	struct vprime_grab *grab =
		container_of(work, struct vprime_grab, free_work);

	vprime_grab_free_memory(grab);
	dma_fence_put(grab->fence);
	kfree(grab);
}

static int vprime_grab_alloc_memory(struct vprime_grab *grab,
				    unsigned int width, unsigned int height)
{
	const struct drm_format_info *info = drm_format_info(VPRIME_GRAB_FORMAT);
	unsigned int pitch = drm_format_info_min_pitch(info, 0, width);
	int ret;

	grab->obj = vprime_gem_create(&grab->vdev->drm, (u64)pitch * height, 0);
	if (IS_ERR(grab->obj))
		return PTR_ERR(grab->obj);

	ret = drm_gem_vmap(grab->obj, &grab->map);
	if (ret)
		goto err_free;
	/* Nobody ever has a handle of it but who imports this. */
	grab->dma_buf = vprime_export(grab->obj, DRM_CLOEXEC);
	ret = PTR_ERR_OR_ZERO(grab->dma_buf);
	if (ret)
		goto err_free;
	grab->image = (struct vprime_image){
		.format = vprime_format_find(VPRIME_GRAB_FORMAT),
		.info = info,
		.data = { grab->map.vaddr },
		.pitch = { pitch },
	};

	return 0;

err_free:
	vprime_grab_free_memory(grab);
	return ret;
}

/**
 * vprime_grab_create - make a picture, to be composed
 * @vdev: device
 * @width: of the picture, pixels
 * @height: lines
 *
 * The active cgroup pays for it, or else the caller's.
 *
 * Context: process; allocates, so nobody's fence may depend on it.
 *
 * Return: a grab with one reference and a fence that is not signalled, or an
 * error pointer: -ENOMEM; -EOPNOTSUPP if the CPU can't reach the device's memory.
 */
struct vprime_grab *vprime_grab_create(struct vprime_device *vdev,
				       unsigned int width, unsigned int height)
{
	struct vprime_grab *grab;
	int ret = -ENOMEM;

	grab = kzalloc_obj(*grab, GFP_KERNEL_ACCOUNT);
	if (!grab)
		return ERR_PTR(-ENOMEM);
	grab->fence = kzalloc_obj(*grab->fence, GFP_KERNEL_ACCOUNT);
	if (!grab->fence)
		goto err_free;

	grab->vdev = vdev;
	ret = vprime_grab_alloc_memory(grab, width, height);
	if (ret)
		goto err_free;

	kref_init(&grab->ref);
	grab->sink.line = vprime_grab_line;
	INIT_WORK(&grab->free_work, vprime_grab_free_work);
	dma_fence_init(grab->fence, &vprime_grab_fence_ops, NULL,
		       dma_fence_context_alloc(1), 1);

	return grab;

err_free:
	kfree(grab->fence);
	kfree(grab);
	return ERR_PTR(ret);
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

	/* One that was never composed: nobody may be left waiting. */
	dma_fence_signal(grab->fence);
	queue_work(grab->vdev->release_wq, &grab->free_work);
}

/**
 * vprime_grab_put - drop a reference
 * @grab: grab or NULL
 *
 * Context: any. The caller keeps the device; its memory goes in a worker of the
 * device's, which lives as long.
 */
void vprime_grab_put(struct vprime_grab *grab)
{
	if (grab)
		kref_put(&grab->ref, vprime_grab_release);
}

/**
 * vprime_grab_begin - the CPU is about to write a picture
 * @grab: grab
 *
 * Context: the composer.
 */
void vprime_grab_begin(struct vprime_grab *grab)
{
	vprime_mapping_sync_for_cpu(grab->obj);
}

/**
 * vprime_grab_finish - a picture is composed: show it to devices, signal its fence
 * @grab: grab
 *
 * Context: the composer.
 */
void vprime_grab_finish(struct vprime_grab *grab)
{
	vprime_mapping_sync_for_device(grab->obj);
	dma_fence_signal(grab->fence);
}
