// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a feed comes and goes, and the worker that composes what waits in
 * consumers' queues, so that the buffers it was made of can go on. The device
 * calls it at probe and at unplug.
 */

#include <linux/workqueue.h>

#include "vprime_consumer.h"
#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_grab.h"
#include "vprime_sight.h"

/* The next queued frame that is to be composed; with a reference, and its grab's place. */
static struct vprime_frame *vprime_feed_next(struct vprime_feed *feed,
					     bool *without_cursor)
{
	struct vprime_consumer *consumer;
	struct vprime_frame *frame = NULL;
	unsigned long flags;
	unsigned int i;

	flags = vprime_feed_lock(feed);
	list_for_each_entry(consumer, &feed->consumers, link) {
		if (consumer->policy != VPRIME_CONSUMER_QUEUE)
			continue;
		*without_cursor = consumer->flags &
				  VPRIME_CONSUMER_CURSOR_SEPARATE;
		for (i = 0; !frame && i < consumer->n_slots; i++) {
			const struct vprime_delivery *slot = &consumer->slots[i];

			if (slot->state == VPRIME_DELIVERY_QUEUED &&
			    !slot->direct &&
			    !slot->frame->grabs[*without_cursor])
				frame = vprime_frame_get(slot->frame);
		}
		if (frame)
			break;
	}
	vprime_feed_unlock(feed, flags);

	return frame;
}

static void vprime_feed_prepare_work(struct work_struct *work)
{
	struct vprime_feed *feed =
		container_of(work, struct vprime_feed, prepare);
	struct vprime_grab *grab = NULL;
	struct vprime_frame *frame;
	bool without_cursor;

	while (!IS_ERR(grab)) {
		frame = vprime_feed_next(feed, &without_cursor);
		if (!frame)
			break;
		grab = vprime_feed_grab(feed, frame, without_cursor);
		if (!IS_ERR(grab))
			vprime_grab_put(grab);
		vprime_frame_put(frame);
	}
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
}
