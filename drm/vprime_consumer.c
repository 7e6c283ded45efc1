// SPDX-License-Identifier: GPL-2.0-only
/*
 * A consumer: its life, the release of frames and the deadlines of their fences.
 * Its file calls it; what it is delivered is in vprime_delivery.c.
 */

#include <linux/dma-fence.h>
#include <linux/eventfd.h>
#include <linux/memcontrol.h>
#include <linux/slab.h>
#include <linux/sync_file.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include <drm/drm_auth.h>
#include <drm/drm_drv.h>

#include "vprime_consumer.h"
#include "vprime_crtc.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_hold.h"

static bool vprime_consumer_forget_locked(struct vprime_consumer *consumer,
					  u32 id)
{
	unsigned int i;

	for (i = 0; id && i < ARRAY_SIZE(consumer->expired_ids); i++) {
		if (consumer->expired_ids[i] == id) {
			consumer->expired_ids[i] = 0;
			return true;
		}
	}

	return false;
}

static void vprime_consumer_work(struct work_struct *work)
{
	struct vprime_consumer *consumer =
		container_of(work, struct vprime_consumer, work);
	struct vprime_delivery *slot;
	unsigned long flags;
	bool room = false;
	unsigned int i;

	flags = vprime_feed_lock(consumer->feed);
	for (i = 0; i < consumer->n_slots; i++) {
		slot = &consumer->slots[i];
		if (slot->state != VPRIME_DELIVERY_RELEASING ||
		    !dma_fence_test_signaled_flag(slot->hold->user))
			continue;
		vprime_delivery_free_locked(consumer, slot, 0);
		room = true;
	}
	if (room)
		vprime_consumer_make_room_locked(consumer);
	vprime_feed_unlock(consumer->feed, flags);
}

/* Sets *@user to NULL if the hold took it over. */
static int vprime_consumer_end_locked(struct vprime_consumer *consumer, u32 id,
				      struct dma_fence **user)
{
	struct vprime_delivery *slot = vprime_consumer_find_locked(consumer, id);

	if (vprime_consumer_is_gone_locked(consumer))
		return -ENODEV;
	if (!slot)
		return vprime_consumer_forget_locked(consumer, id) ?
			       -ETIMEDOUT :
			       -ENOENT;

	slot->state = VPRIME_DELIVERY_RELEASING;
	if (*user && !vprime_hold_until(slot->hold, *user))
		*user = NULL;
	else
		vprime_delivery_free_locked(consumer, slot, 0);

	return 0;
}

/**
 * vprime_consumer_release - give a frame back
 * @consumer: consumer
 * @id: of the frame
 * @fence_fd: sync_file that ends the reading, or -1
 *
 * Return: 0; -EINVAL for a descriptor that is no sync_file; -ENOENT if there is
 * no such frame; -ETIMEDOUT if its deadline was over; -ENODEV.
 */
int vprime_consumer_release(struct vprime_consumer *consumer, u32 id,
			    s32 fence_fd)
{
	struct dma_fence *user = NULL;
	unsigned long flags;
	int ret;

	if (fence_fd != -1) {
		user = sync_file_get_fence(fence_fd);
		if (!user)
			return -EINVAL;
	}

	flags = vprime_feed_lock(consumer->feed);
	ret = vprime_consumer_end_locked(consumer, id, &user);
	if (!ret || ret == -ETIMEDOUT)
		vprime_consumer_make_room_locked(consumer);
	vprime_feed_unlock(consumer->feed, flags);

	dma_fence_put(user);

	return ret;
}

/**
 * vprime_consumer_check_at - look for holds that are over their deadline
 * @consumer: consumer
 * @when: jiffies; an earlier look stays as it is
 *
 * Context: any.
 */
void vprime_consumer_check_at(struct vprime_consumer *consumer,
			      unsigned long when)
{
	timer_reduce(&consumer->timer, when);
}

/* Fences that somebody waits for; flips are looked after by the vblank. */
static void vprime_consumer_timer(struct timer_list *timer)
{
	struct vprime_consumer *consumer =
		timer_container_of(consumer, timer, timer);
	unsigned long flags, when;
	struct vprime_hold *hold;
	unsigned int i;

	flags = vprime_feed_lock(consumer->feed);
	for (i = 0; i < consumer->n_slots; i++) {
		hold = consumer->slots[i].hold;
		/* Pairs with vprime_hold_enable_signaling(): @since is set. */
		if (!hold || !smp_load_acquire(&hold->waited))
			continue;
		when = hold->since + consumer->deadline;
		if (time_before(jiffies, when)) {
			vprime_consumer_check_at(consumer, when);
			continue;
		}
		vprime_delivery_expire_locked(consumer, &consumer->slots[i]);
		vprime_consumer_set_late_locked(consumer);
	}
	vprime_feed_unlock_timer(consumer->feed, flags);
}

/**
 * vprime_consumer_create - make a consumer
 * @dev: device
 * @feed: of the CRTC
 * @master: whose permission it is, or NULL; the consumer takes a reference
 * @args: what was asked for, checked
 *
 * Return: a consumer that has joined @feed, for vprime_consumer_close(), or an
 * error pointer: -ENOMEM, -ENOSPC, -ENODEV.
 */
struct vprime_consumer *
vprime_consumer_create(struct drm_device *dev, struct vprime_feed *feed,
		       struct drm_master *master,
		       const struct drm_vprime_consumer_open *args)
{
	struct vprime_consumer *consumer;
	int ret;

	consumer = kzalloc_obj(*consumer, GFP_KERNEL_ACCOUNT);
	if (!consumer)
		return ERR_PTR(-ENOMEM);

	kref_init(&consumer->ref);
	consumer->memcg = get_mem_cgroup_from_mm(NULL);
	INIT_LIST_HEAD(&consumer->link);
	consumer->feed = feed;
	consumer->dev = dev;
	consumer->flags = args->flags;
	consumer->policy = args->policy;
	consumer->n_slots = args->queue ?: VPRIME_CONSUMER_MAX_QUEUE;
	consumer->deadline = msecs_to_jiffies(args->deadline_ms);
	consumer->next_id = 1;
	init_waitqueue_head(&consumer->wait);
	timer_setup(&consumer->timer, vprime_consumer_timer, 0);
	INIT_WORK(&consumer->work, vprime_consumer_work);
	INIT_WORK(&consumer->wake, vprime_consumer_wake_work);
	mutex_init(&consumer->eventfd_lock);

	if (master)
		consumer->master = drm_master_get(master);

	ret = vprime_feed_join(feed, consumer);
	if (ret) {
		if (master)
			drm_master_put(&consumer->master);
		vprime_consumer_put(consumer);
		return ERR_PTR(ret);
	}
	drm_dev_get(dev);

	return consumer;
}

/**
 * vprime_consumer_get - take a reference
 * @consumer: consumer
 *
 * Return: @consumer.
 */
struct vprime_consumer *vprime_consumer_get(struct vprime_consumer *consumer)
{
	kref_get(&consumer->ref);
	return consumer;
}

static void vprime_consumer_free(struct kref *ref)
{
	struct vprime_consumer *consumer =
		container_of(ref, struct vprime_consumer, ref);

	mem_cgroup_put(consumer->memcg);
	mutex_destroy(&consumer->eventfd_lock);
	kfree(consumer);
}

/**
 * vprime_consumer_put - drop a reference
 * @consumer: consumer
 *
 * Context: any.
 */
void vprime_consumer_put(struct vprime_consumer *consumer)
{
	kref_put(&consumer->ref, vprime_consumer_free);
}

/**
 * vprime_consumer_close - its file is closed: give all back
 * @consumer: consumer
 *
 * A hold that is about to be finished may keep the memory for a moment, and may
 * still set the timer or queue the work: neither runs any more.
 */
void vprime_consumer_close(struct vprime_consumer *consumer)
{
	struct drm_device *dev = consumer->dev;

	vprime_feed_leave(consumer->feed, consumer);
	timer_shutdown_sync(&consumer->timer);
	disable_work_sync(&consumer->work);
	disable_work_sync(&consumer->wake);
	if (consumer->eventfd)
		eventfd_ctx_put(consumer->eventfd);
	if (consumer->master)
		drm_master_put(&consumer->master);
	vprime_consumer_put(consumer);
	drm_dev_put(dev);
}
