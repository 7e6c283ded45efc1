// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fences that a device signals itself, each with a time limit: those that
 * clients attach, those of timelines, of scan-out and of writeback. This file
 * knows how a fence lives and ends, not what it stands for.
 *
 * A fence uses the lock inside it and has neither a release nor a wait
 * operation, so once it is signalled it is the fence core's alone and may
 * outlive the device and the module. Whoever made it ends it: that signals it
 * and stops its timer, and until then the maker keeps device and module.
 */

#include <linux/dma-resv.h>
#include <linux/jiffies.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

#include <drm/drm_debugfs.h>
#include <drm/drm_gem.h>
#include <drm/drm_print.h>

#include "vprime_drv.h"
#include "vprime_fence.h"
#include "vprime_patience.h"

static_assert(offsetof(struct vprime_fence, base) == 0);

static const char *const vprime_fence_names[VPRIME_FENCE_KINDS] = {
	[VPRIME_FENCE_SOFTWARE] = "software",
	[VPRIME_FENCE_TIMELINE] = "timeline",
	[VPRIME_FENCE_SCANOUT] = "scanout",
	[VPRIME_FENCE_WRITEBACK] = "writeback",
};

static struct vprime_fence *to_vprime_fence(struct dma_fence *base)
{
	return container_of(base, struct vprime_fence, base);
}

static const char *vprime_fence_driver_name(struct dma_fence *base)
{
	return "vprime";
}

static const char *vprime_fence_timeline_name(struct dma_fence *base)
{
	return vprime_fence_names[to_vprime_fence(base)->kind];
}

static const struct dma_fence_ops vprime_fence_ops = {
	.get_driver_name = vprime_fence_driver_name,
	.get_timeline_name = vprime_fence_timeline_name,
};

static void vprime_fence_timeout(struct timer_list *timer)
{
	struct vprime_fence *fence =
		timer_container_of(fence, timer, timer);

	if (fence->expire)
		fence->expire(fence);
	else
		vprime_fence_signal(fence, -ETIMEDOUT);
}

/**
 * vprime_fence_init - make a fence of zeroed memory
 * @fence: its memory, which the fence core frees by kfree_rcu()
 * @vdev: whose it is
 * @kind: who signals it
 * @context: context of the fence
 * @seqno: place in @context
 *
 * The caller has the only reference, and gives it to vprime_fence_end().
 */
void vprime_fence_init(struct vprime_fence *fence, struct vprime_device *vdev,
		       enum vprime_fence_kind kind, u64 context, u64 seqno)
{
	fence->vdev = vdev;
	fence->kind = kind;
	timer_setup(&fence->timer, vprime_fence_timeout, 0);
	dma_fence_init64(&fence->base, &vprime_fence_ops, NULL, context, seqno);
	atomic_long_inc(&vdev->fences[kind].made);
}

/**
 * vprime_fence_create - make a fence
 * @vdev: whose it is
 * @kind: who signals it
 * @context: context of the fence
 * @seqno: place in @context
 *
 * Return: a fence with one reference, for vprime_fence_end(); NULL if there is
 * no memory.
 */
struct vprime_fence *vprime_fence_create(struct vprime_device *vdev,
					 enum vprime_fence_kind kind,
					 u64 context, u64 seqno)
{
	struct vprime_fence *fence = kzalloc_obj(*fence, GFP_KERNEL_ACCOUNT);

	if (fence)
		vprime_fence_init(fence, vdev, kind, context, seqno);

	return fence;
}

/**
 * vprime_fence_arm - begin to count a fence's time
 * @fence: fence
 * @timeout_ms: milliseconds until it expires
 *
 * Does nothing to a fence that was ended. Context: any.
 */
void vprime_fence_arm(struct vprime_fence *fence, unsigned int timeout_ms)
{
	mod_timer(&fence->timer, jiffies + msecs_to_jiffies(timeout_ms));
}

/**
 * vprime_fence_signal - signal a fence, unless it was signalled
 * @fence: fence
 * @error: 0 or a negative errno that it ends with; -ETIMEDOUT is counted
 *
 * Context: any.
 *
 * Return: false if it was signalled before, by whomever; nothing was done.
 */
bool vprime_fence_signal(struct vprime_fence *fence, int error)
{
	unsigned long flags;
	bool pending;

	dma_fence_lock_irqsave(&fence->base, flags);
	pending = !dma_fence_test_signaled_flag(&fence->base);
	if (pending) {
		if (error)
			dma_fence_set_error(&fence->base, error);
		dma_fence_signal_locked(&fence->base);
	}
	dma_fence_unlock_irqrestore(&fence->base, flags);

	if (pending && error == -ETIMEDOUT)
		atomic_long_inc(&fence->vdev->fences[fence->kind].expired);

	return pending;
}

/**
 * vprime_fence_end - signal a fence and let it go
 * @fence: fence; the maker's reference is used up
 * @error: as in vprime_fence_signal()
 *
 * Context: process; nothing is held that the fence's expire operation takes.
 *
 * Return: false if it was signalled before.
 */
bool vprime_fence_end(struct vprime_fence *fence, int error)
{
	bool pending = vprime_fence_signal(fence, error);

	timer_shutdown_sync(&fence->timer);
	dma_fence_put(&fence->base);

	return pending;
}

static int vprime_fence_add_locked(struct drm_gem_object *obj,
				   struct dma_fence *fence, bool write)
{
	int ret;

	dma_resv_assert_held(obj->resv);

	ret = dma_resv_reserve_fences(obj->resv, 1);
	if (!ret)
		dma_resv_add_fence(obj->resv, fence,
				   write ? DMA_RESV_USAGE_WRITE :
					   DMA_RESV_USAGE_READ);

	return ret;
}

/* Fences of the same context come one after the other, so they don't conflict. */
static bool vprime_fence_conflicts_locked(struct drm_gem_object *obj,
					  struct dma_fence *fence, bool write)
{
	struct dma_resv_iter cursor;
	struct dma_fence *other;

	dma_resv_assert_held(obj->resv);

	dma_resv_for_each_fence(&cursor, obj->resv, dma_resv_usage_rw(write),
				other)
		if (other->context != fence->context &&
		    !dma_fence_is_signaled(other))
			return true;

	return false;
}

/**
 * vprime_fence_add - put a fence on a buffer
 * @obj: GEM object, native or imported
 * @fence: fence; the buffer takes a reference
 * @write: it is a writer's, not a reader's
 * @until: jiffies, when the buffer's lock is no longer waited for
 *
 * Context: process, no dma_resv lock held; not where a fence that is out
 * already is to be signalled.
 *
 * Return: 0; -ENOMEM, -EBUSY, -ERESTARTSYS.
 */
int vprime_fence_add(struct drm_gem_object *obj, struct dma_fence *fence,
		     bool write, unsigned long until)
{
	int ret;

	ret = vprime_patience_lock(to_vprime_device(obj->dev), obj->resv,
				   until);
	if (ret)
		return ret;
	ret = vprime_fence_add_locked(obj, fence, write);
	dma_resv_unlock(obj->resv);

	return ret;
}

/**
 * vprime_fence_add_free - put a fence on a buffer that has nothing against it
 * @obj: GEM object, native or imported
 * @fence: fence; the buffer takes a reference
 * @write: it is a writer's, not a reader's
 *
 * Context: as vprime_fence_add().
 *
 * Return: 0; -ENOMEM; -EINTR; -EBUSY if there is a writer, or if a reader is
 * there and @fence is a writer's, of another context than that of @fence.
 */
int vprime_fence_add_free(struct drm_gem_object *obj, struct dma_fence *fence,
			  bool write)
{
	int ret;

	ret = dma_resv_lock_interruptible(obj->resv, NULL);
	if (ret)
		return ret;
	if (vprime_fence_conflicts_locked(obj, fence, write))
		ret = -EBUSY;
	else
		ret = vprime_fence_add_locked(obj, fence, write);
	dma_resv_unlock(obj->resv);

	return ret;
}

static int vprime_fence_show(struct seq_file *file, void *unused)
{
	struct drm_debugfs_entry *entry = file->private;
	struct vprime_device *vdev = to_vprime_device(entry->dev);
	unsigned int kind;

	seq_puts(file, "kind made expired\n");
	for (kind = 0; kind < VPRIME_FENCE_KINDS; kind++)
		seq_printf(file, "%s %lu %lu\n", vprime_fence_names[kind],
			   atomic_long_read(&vdev->fences[kind].made),
			   atomic_long_read(&vdev->fences[kind].expired));

	return 0;
}

/**
 * vprime_fence_debugfs_add - show a device's counters in debugfs
 * @vdev: device, not registered yet
 */
void vprime_fence_debugfs_add(struct vprime_device *vdev)
{
	drm_debugfs_add_file(&vdev->drm, "fences", vprime_fence_show, NULL);
}
