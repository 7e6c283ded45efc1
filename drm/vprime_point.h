/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_POINT_H
#define VPRIME_POINT_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct drm_file;
struct drm_vprime_timeline_fence;
struct vprime_device;
struct vprime_file;

/**
 * struct vprime_timeline - a number that a client moves on
 * @ref: held by the file, and by whoever works on it
 * @vfile: whose it is; outlives it
 * @context: of its fences
 * @lock: protects what follows; outside the fences' own locks, taken in their
 *	timers, so bottom halves are off under it. Interrupts are not: it may be
 *	held while as many fences are signalled as a file may have
 * @value: where it stands
 * @expired: the last point whose fence expired
 * @points: fences it has not passed, by their points
 * @passed: fences it has passed, signalled, that nobody has reaped
 */
struct vprime_timeline {
	struct kref ref;
	struct vprime_file *vfile;
	u64 context;
	spinlock_t lock; /* see above */
	u64 value;
	u64 expired;
	struct rb_root_cached points;
	struct list_head passed;
};

int vprime_point_create(struct vprime_timeline *timeline,
			struct vprime_device *vdev, struct drm_file *file,
			struct drm_vprime_timeline_fence *args);
void vprime_point_pass_locked(struct vprime_timeline *timeline, u64 to,
			      int error);
void vprime_point_reap(struct vprime_timeline *timeline);
void vprime_point_end_all(struct vprime_timeline *timeline);

#endif /* VPRIME_POINT_H */
