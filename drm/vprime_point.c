// SPDX-License-Identifier: GPL-2.0-only
/*
 * Points of timelines: the fences, in the order in which they signal. The
 * timeline's ioctls call it. It knows nothing of numbers and files but the
 * sync file that a fence may go out in.
 */

#include <linux/file.h>
#include <linux/slab.h>
#include <linux/sync_file.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/vprime_drm.h>

#include "vprime_drv.h"
#include "vprime_fence.h"
#include "vprime_file.h"
#include "vprime_point.h"

/**
 * struct vprime_point - a fence of a point of a timeline
 * @fence: base; its seqno is the point
 * @timeline: the timeline, which ends all its points before it goes
 * @node: in &vprime_timeline.points
 * @link: in &vprime_timeline.passed, once it is signalled
 */
struct vprime_point {
	struct vprime_fence fence;
	struct vprime_timeline *timeline;
	union {
		struct rb_node node;
		struct list_head link;
	};
};

static_assert(offsetof(struct vprime_point, fence) == 0);

static u64 vprime_point_value(const struct vprime_point *point)
{
	return point->fence.base.seqno;
}

static bool vprime_point_less(struct rb_node *a, const struct rb_node *b)
{
	return vprime_point_value(rb_entry(a, struct vprime_point, node)) <
	       vprime_point_value(rb_entry(b, struct vprime_point, node));
}

/* Takes the first of @points out, if it is not behind @to. */
static struct vprime_point *vprime_point_pop(struct rb_root_cached *points,
					     u64 to)
{
	struct rb_node *node = rb_first_cached(points);
	struct vprime_point *point = rb_entry_safe(node, typeof(*point), node);

	if (!point || vprime_point_value(point) > to)
		return NULL;
	rb_erase_cached(node, points);

	return point;
}

/**
 * vprime_point_pass_locked - move a timeline on and signal what it passes
 * @timeline: timeline; the caller holds its lock
 * @to: where it stands from now on
 * @error: 0 or a negative errno that the fences end with
 *
 * Each fence is passed once, so all calls together take no longer than making the
 * fences did.
 */
void vprime_point_pass_locked(struct vprime_timeline *timeline, u64 to,
			      int error)
{
	struct vprime_point *point;

	lockdep_assert_held(&timeline->lock);

	while ((point = vprime_point_pop(&timeline->points, to))) {
		vprime_fence_signal(&point->fence, error);
		list_add_tail(&point->link, &timeline->passed);
	}
	timeline->value = to;
}

/* Softirq. The timeline is not gone, for that waits for this timer. */
static void vprime_point_expire(struct vprime_fence *fence)
{
	struct vprime_point *point =
		container_of(fence, struct vprime_point, fence);
	struct vprime_timeline *timeline = point->timeline;

	spin_lock(&timeline->lock);
	if (vprime_point_value(point) > timeline->value) {
		timeline->expired = vprime_point_value(point);
		vprime_point_pass_locked(timeline, timeline->expired,
					 -ETIMEDOUT);
	}
	spin_unlock(&timeline->lock);
}

/* From here on the point is the timeline's. */
static void vprime_point_insert(struct vprime_point *point,
				unsigned int timeout_ms)
{
	struct vprime_timeline *timeline = point->timeline;

	spin_lock_bh(&timeline->lock);
	if (vprime_point_value(point) <= timeline->value) {
		vprime_fence_signal(&point->fence, 0);
		list_add_tail(&point->link, &timeline->passed);
	} else {
		rb_add_cached(&point->node, &timeline->points,
			      vprime_point_less);
		vprime_fence_arm(&point->fence, timeout_ms);
	}
	spin_unlock_bh(&timeline->lock);
}

/* Of a point that nobody else can find: its timer is waited for here. */
static void vprime_point_end(struct vprime_point *point, int error)
{
	struct vprime_file *vfile = point->timeline->vfile;

	vprime_fence_end(&point->fence, error);
	vprime_file_uncount_fence(vfile);
	cond_resched();
}

/**
 * vprime_point_reap - let go of the fences that a timeline has passed
 * @timeline: timeline; the caller holds a reference
 *
 * Context: process, the timeline's lock not held.
 */
void vprime_point_reap(struct vprime_timeline *timeline)
{
	struct vprime_point *point, *next;
	LIST_HEAD(passed);

	spin_lock_bh(&timeline->lock);
	list_splice_init(&timeline->passed, &passed);
	spin_unlock_bh(&timeline->lock);

	list_for_each_entry_safe(point, next, &passed, link)
		vprime_point_end(point, 0);
}

/**
 * vprime_point_end_all - signal all that is left of a timeline
 * @timeline: timeline that nobody refers to but the timers of its points
 *
 * The points are taken away from those timers first: each is freed here while
 * those of later ones may still run.
 *
 * Context: process.
 */
void vprime_point_end_all(struct vprime_timeline *timeline)
{
	struct rb_root_cached points;
	struct vprime_point *point;

	spin_lock_bh(&timeline->lock);
	points = timeline->points;
	timeline->points = RB_ROOT_CACHED;
	timeline->value = U64_MAX;
	spin_unlock_bh(&timeline->lock);

	vprime_point_reap(timeline);
	while ((point = vprime_point_pop(&points, U64_MAX)))
		vprime_point_end(point, -ECANCELED);
}

static struct vprime_point *vprime_point_alloc(struct vprime_timeline *timeline,
					       struct vprime_device *vdev,
					       u64 value)
{
	struct vprime_point *point;

	if (vprime_file_count_fence(timeline->vfile))
		return ERR_PTR(-ENOSPC);

	point = kzalloc_obj(*point, GFP_KERNEL_ACCOUNT);
	if (!point) {
		vprime_file_uncount_fence(timeline->vfile);
		return ERR_PTR(-ENOMEM);
	}
	vprime_fence_init(&point->fence, vdev, VPRIME_FENCE_TIMELINE,
			  timeline->context, value);
	point->fence.expire = vprime_point_expire;
	point->timeline = timeline;

	return point;
}

static int vprime_point_attach(struct vprime_point *point,
			       struct drm_file *file, u32 handle, bool write)
{
	struct drm_gem_object *obj;
	int ret;

	if (!handle)
		return 0;

	obj = drm_gem_object_lookup(file, handle);
	if (!obj)
		return -ENOENT;
	ret = vprime_fence_add_free(obj, &point->fence.base, write);
	drm_gem_object_put(obj);

	return ret;
}

/* Makes the sync file, if one is wanted; the fd is installed by the caller. */
static int vprime_point_export(struct vprime_point *point, bool wanted,
			       struct sync_file **sync_file)
{
	int fd;

	*sync_file = NULL;
	if (!wanted)
		return -1;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	*sync_file = sync_file_create(&point->fence.base);
	if (!*sync_file) {
		put_unused_fd(fd);
		return -ENOMEM;
	}

	return fd;
}

/**
 * vprime_point_create - make a fence of a point, and put it where it is wanted
 * @timeline: timeline; the caller holds a reference
 * @vdev: device
 * @file: whose handles @args names
 * @args: checked but for the handle; gets the fd
 *
 * Return: 0 or as vprime_timeline_fence_ioctl().
 */
int vprime_point_create(struct vprime_timeline *timeline,
			struct vprime_device *vdev, struct drm_file *file,
			struct drm_vprime_timeline_fence *args)
{
	bool wanted = args->flags & VPRIME_TIMELINE_SYNC_FILE;
	struct sync_file *sync_file;
	struct vprime_point *point;
	int fd, ret;

	point = vprime_point_alloc(timeline, vdev, args->point);
	if (IS_ERR(point))
		return PTR_ERR(point);

	fd = vprime_point_export(point, wanted, &sync_file);
	if (wanted && fd < 0) {
		ret = fd;
		goto err_end;
	}

	ret = vprime_point_attach(point, file, args->handle,
				  args->flags & VPRIME_FENCE_WRITE);
	if (ret)
		goto err_close;

	vprime_point_insert(point, args->timeout_ms ?: VPRIME_FENCE_TIMEOUT_MS);
	if (sync_file)
		fd_install(fd, sync_file->file);
	args->fd = fd;

	return 0;

err_close:
	if (sync_file) {
		fput(sync_file->file);
		put_unused_fd(fd);
	}
err_end:
	vprime_point_end(point, -ECANCELED);
	return ret;
}
