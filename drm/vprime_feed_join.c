// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who consumes a screen: consumers come, within limits, and go. What is on the screen is
 * a newcomer's first frame; with the last one the feed forgets what it knows. Consumers
 * call it; it knows nothing of what they do with frames.
 */

#include <drm/drm_vblank.h>

#include "vprime_consumer.h"
#include "vprime_crtc.h"
#include "vprime_feed.h"
#include "vprime_frame.h"

/* Without consumers nobody followed what is shown. */
static void vprime_feed_catch_up_locked(struct vprime_feed *feed,
					struct vprime_frame *now, ktime_t time)
{
	lockdep_assert_held(&feed->lock);

	if (feed->shown || feed->pending || !now)
		return;

	feed->on = true;
	feed->shown = vprime_frame_get(now);
	feed->sequence++;
	feed->time = time;
}

/* NULL: the administrator. */
static unsigned int vprime_feed_count_locked(struct vprime_feed *feed,
					     const struct drm_master *master)
{
	struct vprime_consumer *consumer;
	unsigned int n = 0;

	lockdep_assert_held(&feed->lock);

	list_for_each_entry(consumer, &feed->consumers, link)
		n += consumer->master == master;

	return n;
}

/* One who sees nothing now, of the master who has most of these. */
static struct vprime_consumer *
vprime_feed_find_blind_locked(struct vprime_feed *feed)
{
	struct vprime_consumer *consumer, *found = NULL;
	unsigned int n, most = 0;

	list_for_each_entry(consumer, &feed->consumers, link) {
		if (vprime_consumer_may_see_locked(consumer))
			continue;
		n = vprime_feed_count_locked(feed, consumer->master);
		if (n > most) {
			most = n;
			found = consumer;
		}
	}

	return found;
}

/*
 * Those who may see the screen, the master's, a lessee's, the administrator's, are fewer
 * than there are places. So who keeps places without its turn keeps nobody out.
 */
static int vprime_feed_make_place_locked(struct vprime_feed *feed,
					 const struct vprime_consumer *consumer)
{
	struct vprime_consumer *blind;

	lockdep_assert_held(&feed->lock);
	static_assert(VPRIME_CONSUMER_MAX > 3 * VPRIME_CONSUMER_MAX_OF_MASTER);

	if (feed->gone)
		return -ENODEV;
	if (vprime_feed_count_locked(feed, consumer->master) >=
	    VPRIME_CONSUMER_MAX_OF_MASTER)
		return -ENOSPC;
	if (list_count_nodes(&feed->consumers) < VPRIME_CONSUMER_MAX)
		return 0;

	blind = vprime_feed_find_blind_locked(feed);
	if (!blind)
		return -ENOSPC;
	list_del_init(&blind->link);
	blind->ended = true;
	vprime_consumer_clear_locked(blind);
	vprime_consumer_notify_locked(blind);

	return 0;
}

/**
 * vprime_feed_join - add a consumer
 * @feed: feed
 * @consumer: consumer; what is on the screen is its first frame
 *
 * Return: 0; -ENOSPC if its master has as many as it may; -ENODEV if the device is
 * unplugged.
 */
int vprime_feed_join(struct vprime_feed *feed, struct vprime_consumer *consumer)
{
	struct vprime_crtc *vcrtc = feed->vcrtc;
	struct vprime_damage all = {};
	struct vprime_frame *now;
	unsigned long flags;
	ktime_t time;
	int ret;

	drm_crtc_vblank_count_and_time(&vcrtc->base, &time);
	if (!time)
		time = ktime_get();

	/* No frame is published between the look and the joining. */
	mutex_lock(&vcrtc->scene_lock);
	spin_lock_irq(&vcrtc->lock);
	now = vcrtc->frame ? vprime_frame_get(vcrtc->frame) : NULL;
	spin_unlock_irq(&vcrtc->lock);

	flags = vprime_feed_lock(feed);
	ret = vprime_feed_make_place_locked(feed, consumer);
	if (!ret) {
		vprime_feed_catch_up_locked(feed, now, time);
		consumer->told_on = vprime_consumer_is_on_locked(consumer);
		list_add_tail(&consumer->link, &feed->consumers);
		if (feed->shown) {
			vprime_damage_all(&all, feed->shown->width,
					  feed->shown->height);
			vprime_consumer_deliver_locked(consumer, &all);
		}
	}
	vprime_feed_unlock(feed, flags);
	mutex_unlock(&vcrtc->scene_lock);

	vprime_frame_put(now);

	return ret;
}

/**
 * vprime_feed_leave - take a consumer away, with all it holds
 * @feed: feed
 * @consumer: consumer
 */
void vprime_feed_leave(struct vprime_feed *feed,
		       struct vprime_consumer *consumer)
{
	struct vprime_frame *shown = NULL, *pending = NULL;
	unsigned long flags;

	flags = vprime_feed_lock(feed);
	list_del_init(&consumer->link);
	vprime_consumer_clear_locked(consumer);
	if (list_empty(&feed->consumers)) {
		swap(shown, feed->shown);
		swap(pending, feed->pending);
		vprime_feed_forget_locked(feed, shown);
		vprime_feed_forget_locked(feed, pending);
	}
	vprime_feed_unlock(feed, flags);

	vprime_frame_put(pending);
	vprime_frame_put(shown);
}
