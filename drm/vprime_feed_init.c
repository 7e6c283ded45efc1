// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a feed comes and goes, and the worker that composes what waits in
 * consumers' queues, so that the buffers it was made of can go on. The device
 * calls it at probe and at unplug.
 */

#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/workqueue.h>

#include "vprime_consumer.h"
#include "vprime_coverage.h"
#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_grab.h"
#include "vprime_sight.h"

/* Each once: one that could not be composed now may be when it is acquired. */
static struct vprime_frame *
vprime_feed_next_of_locked(struct vprime_consumer *consumer)
{
	bool separate = vprime_consumer_is_separate(consumer);
	struct vprime_delivery *slot;
	unsigned int i;

	if (consumer->policy != VPRIME_CONSUMER_QUEUE)
		return NULL;

	for (i = 0; i < consumer->n_slots; i++) {
		slot = &consumer->slots[i];
		if (slot->state != VPRIME_DELIVERY_QUEUED || slot->direct ||
		    slot->prepared)
			continue;
		slot->prepared = true;
		if (!slot->frame->grabs[separate])
			return vprime_frame_get(slot->frame);
	}

	return NULL;
}

/* The next queued frame that is to be composed, and for whom; references. */
static struct vprime_frame *vprime_feed_next(struct vprime_feed *feed,
					     struct vprime_consumer **whose)
{
	struct vprime_consumer *consumer;
	struct vprime_frame *frame = NULL;
	unsigned long flags;

	flags = vprime_feed_lock(feed);
	list_for_each_entry(consumer, &feed->consumers, link) {
		frame = vprime_feed_next_of_locked(consumer);
		if (!frame)
			continue;
		*whose = vprime_consumer_get(consumer);
		break;
	}
	vprime_feed_unlock(feed, flags);

	return frame;
}

/* Who wants a picture pays for it; of several, the first. */
static void vprime_feed_prepare(struct vprime_feed *feed,
				struct vprime_frame *frame,
				const struct vprime_consumer *consumer)
{
	struct mem_cgroup *old = set_active_memcg(consumer->memcg);
	struct vprime_grab *grab;

	grab = vprime_feed_grab(feed, frame,
				vprime_consumer_is_separate(consumer));
	if (!IS_ERR(grab))
		vprime_grab_put(grab);
	set_active_memcg(old);
}

static void vprime_feed_prepare_work(struct work_struct *work)
{
	struct vprime_feed *feed =
		container_of(work, struct vprime_feed, prepare);
	struct vprime_consumer *consumer;
	struct vprime_frame *frame;

	vprime_coverage_start();
	while ((frame = vprime_feed_next(feed, &consumer))) {
		vprime_feed_prepare(feed, frame, consumer);
		vprime_frame_put(frame);
		vprime_consumer_put(consumer);
	}
	vprime_coverage_stop();
}

/**
 * vprime_feed_init - initialise a CRTC's feed, without consumers
 * @feed: feed
 * @vcrtc: CRTC
 */
void vprime_feed_init(struct vprime_feed *feed, struct vprime_crtc *vcrtc)
{
	spin_lock_init(&feed->lock);
	feed->vcrtc = vcrtc;
	INIT_LIST_HEAD(&feed->consumers);
	INIT_LIST_HEAD(&feed->done);
	INIT_WORK(&feed->prepare, vprime_feed_prepare_work);
	INIT_WORK(&feed->finish, vprime_feed_finish_work);
	INIT_WORK(&feed->sight, vprime_sight_work);
}

/**
 * vprime_feed_stop - the device is gone: take all back from consumers
 * @vdev: device, unplugged
 *
 * Consumers may still have their files; those only say -ENODEV. Nothing waits
 * for a consumer from now on.
 */
void vprime_feed_stop(struct vprime_device *vdev)
{
	struct vprime_feed *feed = &vdev->vcrtc->feed;
	struct vprime_consumer *consumer;
	unsigned long flags;

	flags = vprime_feed_lock(feed);
	feed->gone = true;
	list_for_each_entry(consumer, &feed->consumers, link) {
		vprime_consumer_clear_locked(consumer);
		vprime_consumer_notify_locked(consumer);
	}
	vprime_feed_unlock(feed, flags);
	disable_work_sync(&feed->prepare);
	disable_work_sync(&feed->sight);
	disable_work_sync(&feed->finish);
	vprime_feed_finish_work(&feed->finish);
}
