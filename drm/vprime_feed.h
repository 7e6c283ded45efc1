/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_FEED_H
#define VPRIME_FEED_H

#include <linux/list.h>
#include <linux/ktime.h>
#include <linux/spinlock.h>
#include <linux/workqueue_types.h>

struct drm_atomic_commit;
struct drm_pending_vblank_event;
struct vprime_consumer;
struct vprime_crtc;
struct vprime_device;
struct vprime_frame;
struct vprime_grab;

/**
 * struct vprime_feed - what a CRTC gives to the consumers of its screen
 *
 * All is protected by @lock, but for what is set once.
 */
struct vprime_feed {
	/** @lock: taken in the vblank timer. Inside &vprime_crtc.lock's peers. */
	spinlock_t lock;

	/** @vcrtc: whose it is. */
	struct vprime_crtc *vcrtc;

	/** @consumers: all of them. */
	struct list_head consumers;

	/** @pending: published, waits for the vblank that shows it; or NULL. */
	struct vprime_frame *pending;

	/** @shown: on the screen; NULL without consumers, or when it is off. */
	struct vprime_frame *shown;

	/** @event: of the last flip, not sent yet; has a vblank reference. */
	struct drm_pending_vblank_event *event;

	/** @ticking: a vblank reference is held for @pending. */
	bool ticking;

	/** @held: @event was due at a vblank and is held back. */
	bool held;

	/** @held_since: jiffies when that began. */
	unsigned long held_since;

	/** @on: the screen is on. */
	bool on;

	/** @gone: the device is unplugged. */
	bool gone;

	/** @sequence: number of @shown. */
	u64 sequence;

	/** @time: of the vblank that showed @shown first. */
	ktime_t time;

	/** @done: holds that ended, to be finished without the lock. */
	struct list_head done;

	/** @prepare: has the frames in queues composed. */
	struct work_struct prepare;

	/** @finish: finishes what is on @done. */
	struct work_struct finish;

	/** @sight: tells consumers that there is another master. */
	struct work_struct sight;
};

void vprime_feed_init(struct vprime_feed *feed, struct vprime_crtc *vcrtc);
void vprime_feed_stop(struct vprime_device *vdev);

unsigned long vprime_feed_lock(struct vprime_feed *feed);
void vprime_feed_unlock(struct vprime_feed *feed, unsigned long flags);
void vprime_feed_unlock_timer(struct vprime_feed *feed, unsigned long flags);
void vprime_feed_finish_work(struct work_struct *work);

int vprime_feed_join(struct vprime_feed *feed,
		     struct vprime_consumer *consumer);
void vprime_feed_leave(struct vprime_feed *feed,
		       struct vprime_consumer *consumer);

void vprime_feed_publish(struct vprime_feed *feed, struct vprime_frame *frame);
bool vprime_feed_take_event(struct vprime_feed *feed,
			    struct drm_atomic_commit *commit);
void vprime_feed_disable(struct vprime_feed *feed);
void vprime_feed_vblank(struct vprime_feed *feed);

struct vprime_grab *vprime_feed_grab(struct vprime_feed *feed,
				     struct vprime_frame *frame,
				     bool without_cursor);
unsigned int vprime_feed_compose_start(struct vprime_feed *feed,
				       struct vprime_frame *frame,
				       struct vprime_grab *grabs[2]);
void vprime_feed_compose_finish(struct vprime_feed *feed,
				struct vprime_grab *grabs[2]);
void vprime_feed_forget_locked(struct vprime_feed *feed,
			       struct vprime_frame *frame);

#endif /* VPRIME_FEED_H */
