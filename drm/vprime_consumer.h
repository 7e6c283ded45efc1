/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_CONSUMER_H
#define VPRIME_CONSUMER_H

#include <linux/kref.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/timer_types.h>
#include <linux/wait.h>
#include <linux/workqueue_types.h>

#include <drm/vprime_consumer.h>

#include "vprime_damage.h"

struct drm_device;
struct drm_file;
struct drm_master;
struct eventfd_ctx;
struct mem_cgroup;
struct vprime_feed;
struct vprime_frame;
struct vprime_hold;

/**
 * enum vprime_delivery_state - where a frame is, for one consumer
 * @VPRIME_DELIVERY_FREE: there is none
 * @VPRIME_DELIVERY_QUEUED: it waits to be acquired
 * @VPRIME_DELIVERY_ACQUIRED: the consumer has it
 * @VPRIME_DELIVERY_RELEASING: given back with a fence that is not signalled yet
 */
enum vprime_delivery_state {
	VPRIME_DELIVERY_FREE,
	VPRIME_DELIVERY_QUEUED,
	VPRIME_DELIVERY_ACQUIRED,
	VPRIME_DELIVERY_RELEASING,
};

/**
 * struct vprime_delivery - a frame of a consumer
 * @state: where it is
 * @id: its name, from ACQUIRE on
 * @frame: frame; a reference
 * @hold: from ACQUIRE on
 * @sequence: its number
 * @time: when it was shown first
 * @damage: against the consumer's last frame
 * @direct: handed out as it is shown
 * @mode_changed: the first of another mode
 * @prepared: it was tried to have it composed before it is acquired
 */
struct vprime_delivery {
	enum vprime_delivery_state state;
	u32 id;
	struct vprime_frame *frame;
	struct vprime_hold *hold;
	u64 sequence;
	ktime_t time;
	struct vprime_damage damage;
	bool direct;
	bool mode_changed;
	bool prepared;
};

/**
 * struct vprime_consumer - somebody who takes the frames of a screen
 *
 * What changes is protected by &vprime_feed.lock.
 */
struct vprime_consumer {
	/** @ref: held by its file and by each hold. */
	struct kref ref;

	/** @link: on &vprime_feed.consumers. */
	struct list_head link;

	/** @feed: of which screen. */
	struct vprime_feed *feed;

	/** @dev: device; its file holds a reference. */
	struct drm_device *dev;

	/**
	 * @master: whose permission it is, a reference; it sees nothing while
	 * another is master. NULL: the administrator's.
	 */
	struct drm_master *master;

	/** @memcg: the opener's cgroup, which pays; a reference, or NULL. */
	struct mem_cgroup *memcg;

	/** @flags: those it was opened with. */
	u32 flags;

	/** @policy: VPRIME_CONSUMER_LATEST or VPRIME_CONSUMER_QUEUE. */
	u32 policy;

	/** @n_slots: entries of @slots in use. */
	unsigned int n_slots;

	/** @deadline: jiffies. */
	unsigned long deadline;

	/** @wait: for a frame or an event. */
	wait_queue_head_t wait;

	/** @slots: its frames. */
	struct vprime_delivery slots[VPRIME_CONSUMER_MAX_QUEUE];

	/** @damage: of frames since the last that was queued. */
	struct vprime_damage damage;

	/** @width: of the last frame queued. */
	unsigned int width;

	/** @height: of the last frame queued. */
	unsigned int height;

	/** @missed: the frame on the screen found no free slot. */
	bool missed;

	/** @late: let a deadline pass and has not come back since. */
	bool late;

	/** @ended: another has its place; it is not on the feed's list. */
	bool ended;

	/** @told_on: the state of the screen that it knows of. */
	bool told_on;

	/** @next_id: for the next frame acquired. */
	u32 next_id;

	/** @expired_ids: frames it may still want to release. */
	u32 expired_ids[VPRIME_CONSUMER_MAX_QUEUE];

	/** @next_expired: where the next goes. */
	unsigned int next_expired;

	/** @dropped: frames lost. */
	u64 dropped;

	/** @expired: frames kept too long. */
	u64 expired;

	/** @timer: for deadlines of fences. */
	struct timer_list timer;

	/** @work: for fences that end a hold. */
	struct work_struct work;

	/** @wake: wakes who waits. */
	struct work_struct wake;

	/** @eventfd_lock: outside &vprime_feed.lock. */
	struct mutex eventfd_lock;

	/**
	 * @eventfd: to be signalled, or NULL. Changed under @eventfd_lock and
	 * &vprime_feed.lock, read under either.
	 */
	struct eventfd_ctx *eventfd;
};

/* The cursor is apart from the picture. */
static inline bool
vprime_consumer_is_separate(const struct vprime_consumer *consumer)
{
	return consumer->flags & VPRIME_CONSUMER_CURSOR_SEPARATE;
}

struct vprime_consumer *
vprime_consumer_create(struct drm_device *dev, struct vprime_feed *feed,
		       struct drm_master *master,
		       const struct drm_vprime_consumer_open *args);
struct vprime_consumer *vprime_consumer_get(struct vprime_consumer *consumer);
void vprime_consumer_put(struct vprime_consumer *consumer);
void vprime_consumer_close(struct vprime_consumer *consumer);

void vprime_consumer_deliver_locked(struct vprime_consumer *consumer,
				    const struct vprime_damage *damage);
bool vprime_consumer_holds_locked(const struct vprime_consumer *consumer);
void vprime_consumer_expire_locked(struct vprime_consumer *consumer);
void vprime_consumer_set_late_locked(struct vprime_consumer *consumer);
void vprime_consumer_make_room_locked(struct vprime_consumer *consumer);
void vprime_delivery_free_locked(struct vprime_consumer *consumer,
				 struct vprime_delivery *slot, int error);
void vprime_delivery_expire_locked(struct vprime_consumer *consumer,
				   struct vprime_delivery *slot);
void vprime_consumer_off_locked(struct vprime_consumer *consumer);
bool vprime_consumer_may_see_locked(const struct vprime_consumer *consumer);
bool vprime_consumer_is_on_locked(const struct vprime_consumer *consumer);
void vprime_consumer_clear_locked(struct vprime_consumer *consumer);
bool vprime_consumer_is_gone_locked(const struct vprime_consumer *consumer);
void vprime_consumer_notify_locked(struct vprime_consumer *consumer);
void vprime_consumer_wake_work(struct work_struct *work);
void vprime_consumer_check_at(struct vprime_consumer *consumer,
			      unsigned long when);

struct vprime_delivery *
vprime_consumer_next_locked(struct vprime_consumer *consumer);
struct vprime_delivery *
vprime_consumer_find_locked(struct vprime_consumer *consumer, u32 id);
void vprime_consumer_take_locked(struct vprime_consumer *consumer,
				 struct vprime_delivery *slot,
				 struct vprime_hold *hold);
void vprime_consumer_untake_locked(struct vprime_consumer *consumer,
				   struct vprime_delivery *slot);
int vprime_consumer_release(struct vprime_consumer *consumer, u32 id,
			    s32 fence_fd);

int vprime_consumer_acquire(struct vprime_consumer *consumer,
			    struct drm_vprime_consumer_acquire *args,
			    void __user *user, bool nonblock);

int vprime_consumer_open_ioctl(struct drm_device *dev, void *data,
			       struct drm_file *file);

#endif /* VPRIME_CONSUMER_H */
