// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timelines: a number that a client moves on, and fences that signal when it
 * gets to their points. DRM calls the ioctls. All fences of a timeline are of
 * one context and signal in the order of their points, which is what
 * reservation objects rely on: one that expires takes the earlier ones along.
 *
 * Fences stay on the list until a process reaps them, for a timer can't be
 * waited for where it runs.
 */

#include <linux/kref.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include <drm/drm_file.h>
#include <drm/vprime_drm.h>

#include "vprime_drv.h"
#include "vprime_fence.h"
#include "vprime_file.h"
#include "vprime_point.h"
#include "vprime_timeline.h"

static void vprime_timeline_release(struct kref *ref)
{
	struct vprime_timeline *timeline =
		container_of(ref, struct vprime_timeline, ref);

	vprime_point_end_all(timeline);
	kfree(timeline);
}

static void vprime_timeline_put(struct vprime_timeline *timeline)
{
	kref_put(&timeline->ref, vprime_timeline_release);
}

static struct vprime_timeline *vprime_timeline_lookup(struct vprime_file *vfile,
						      u32 number)
{
	struct vprime_timeline *timeline;

	xa_lock(&vfile->timelines);
	timeline = xa_load(&vfile->timelines, number);
	if (timeline)
		kref_get(&timeline->ref);
	xa_unlock(&vfile->timelines);

	return timeline;
}

/**
 * vprime_timeline_create_ioctl - DRM_IOCTL_VPRIME_TIMELINE_CREATE
 * @dev: device
 * @data: &struct drm_vprime_timeline_create
 * @file: file; the timeline is its
 *
 * Return: 0; -EINVAL for flags; -ENOSPC if the file has VPRIME_MAX_TIMELINES;
 * -ENOMEM.
 */
int vprime_timeline_create_ioctl(struct drm_device *dev, void *data,
				 struct drm_file *file)
{
	struct drm_vprime_timeline_create *args = data;
	struct vprime_file *vfile = file->driver_priv;
	struct vprime_timeline *timeline;
	int ret;

	if (args->flags)
		return -EINVAL;

	timeline = kzalloc_obj(*timeline, GFP_KERNEL_ACCOUNT);
	if (!timeline)
		return -ENOMEM;

	kref_init(&timeline->ref);
	spin_lock_init(&timeline->lock);
	timeline->points = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&timeline->passed);
	timeline->vfile = vfile;
	timeline->context = dma_fence_context_alloc(1);

	ret = xa_alloc(&vfile->timelines, &args->timeline, timeline,
		       XA_LIMIT(1, VPRIME_MAX_TIMELINES), GFP_KERNEL);
	if (ret) {
		kfree(timeline);
		return ret == -EBUSY ? -ENOSPC : ret;
	}

	return 0;
}

/**
 * vprime_timeline_destroy_ioctl - DRM_IOCTL_VPRIME_TIMELINE_DESTROY
 * @dev: device
 * @data: &struct drm_vprime_timeline_destroy
 * @file: file
 *
 * Fences that wait are signalled with -ECANCELED.
 *
 * Return: 0; -EINVAL for flags; -ENOENT if the file has no such timeline.
 */
int vprime_timeline_destroy_ioctl(struct drm_device *dev, void *data,
				  struct drm_file *file)
{
	struct drm_vprime_timeline_destroy *args = data;
	struct vprime_file *vfile = file->driver_priv;
	struct vprime_timeline *timeline;

	if (args->flags)
		return -EINVAL;

	timeline = xa_erase(&vfile->timelines, args->timeline);
	if (!timeline)
		return -ENOENT;
	vprime_timeline_put(timeline);

	return 0;
}

/**
 * vprime_timeline_fence_ioctl - DRM_IOCTL_VPRIME_TIMELINE_FENCE
 * @dev: device
 * @data: &struct drm_vprime_timeline_fence
 * @file: file
 *
 * A fence of a point that the timeline has passed is signalled.
 *
 * Return: 0; -EINVAL for unknown flags, a pad that is not 0, point 0, a timeout
 * that is too long, a writer's fence without a buffer, or when neither a buffer
 * nor a sync file is asked for; -ENOENT for no such timeline or handle; -EBUSY
 * if a fence of another's stands against it; -ENOSPC if the file has
 * VPRIME_MAX_FENCES; -EMFILE, -ENOMEM, -EINTR.
 */
int vprime_timeline_fence_ioctl(struct drm_device *dev, void *data,
				struct drm_file *file)
{
	const u32 known = VPRIME_FENCE_WRITE | VPRIME_TIMELINE_SYNC_FILE;
	struct drm_vprime_timeline_fence *args = data;
	struct vprime_timeline *timeline;
	int ret;

	if (args->flags & ~known || args->pad || !args->point ||
	    args->timeout_ms > VPRIME_FENCE_TIMEOUT_MS ||
	    (args->flags & VPRIME_FENCE_WRITE && !args->handle) ||
	    !(args->flags & VPRIME_TIMELINE_SYNC_FILE || args->handle))
		return -EINVAL;

	timeline = vprime_timeline_lookup(file->driver_priv, args->timeline);
	if (!timeline)
		return -ENOENT;
	vprime_point_reap(timeline);
	ret = vprime_point_create(timeline, to_vprime_device(dev), file, args);
	vprime_timeline_put(timeline);

	return ret;
}

/**
 * vprime_timeline_signal_ioctl - DRM_IOCTL_VPRIME_TIMELINE_SIGNAL
 * @dev: device
 * @data: &struct drm_vprime_timeline_signal
 * @file: file
 *
 * Return: 0; -ETIMEDOUT if the point, or a later one, has expired; -EINVAL if
 * the timeline is there already, for flags, a pad that is not 0, or an error
 * that is none; -ENOENT if the file has no such timeline.
 */
int vprime_timeline_signal_ioctl(struct drm_device *dev, void *data,
				 struct drm_file *file)
{
	struct drm_vprime_timeline_signal *args = data;
	struct vprime_timeline *timeline;
	int ret = 0;

	if (args->flags || args->pad || args->error > MAX_ERRNO)
		return -EINVAL;

	timeline = vprime_timeline_lookup(file->driver_priv, args->timeline);
	if (!timeline)
		return -ENOENT;

	spin_lock_bh(&timeline->lock);
	if (args->point <= timeline->expired)
		ret = -ETIMEDOUT;
	else if (args->point <= timeline->value)
		ret = -EINVAL;
	else
		vprime_point_pass_locked(timeline, args->point,
					 -(int)args->error);
	spin_unlock_bh(&timeline->lock);

	vprime_point_reap(timeline);
	vprime_timeline_put(timeline);

	return ret;
}

/**
 * vprime_timeline_close - end all timelines of a file
 * @vfile: file; no ioctl is under way
 */
void vprime_timeline_close(struct vprime_file *vfile)
{
	struct vprime_timeline *timeline;
	unsigned long number;

	xa_for_each(&vfile->timelines, number, timeline)
		vprime_timeline_put(timeline);
}
