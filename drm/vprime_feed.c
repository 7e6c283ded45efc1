// SPDX-License-Identifier: GPL-2.0-only
/*
 * The feed: brings what a CRTC shows to the consumers of its screen, and keeps
 * the completion of a flip back while one of them reads what the flip retires.
 * The CRTC calls it when a frame is published and at each vblank. It knows
 * frames, and of consumers only whether they hold something.
 */

#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_atomic.h>
#include <drm/drm_vblank.h>

#include "vprime_consumer.h"
#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_hold.h"

/**
 * vprime_feed_lock - lock a feed
 * @feed: feed
 *
 * Context: any.
 *
 * Return: for vprime_feed_unlock().
 */
unsigned long vprime_feed_lock(struct vprime_feed *feed)
	__acquires(&feed->lock)
{
	unsigned long flags;

	spin_lock_irqsave(&feed->lock, flags);

	return flags;
}

/**
 * vprime_feed_unlock - unlock a feed, then signal the fences of what ended
 * @feed: feed
 * @flags: what vprime_feed_lock() returned
 */
void vprime_feed_unlock(struct vprime_feed *feed, unsigned long flags)
	__releases(&feed->lock)
{
	struct vprime_hold *hold, *next;
	LIST_HEAD(done);

	list_splice_init(&feed->done, &done);
	spin_unlock_irqrestore(&feed->lock, flags);

	list_for_each_entry_safe(hold, next, &done, link)
		vprime_hold_finish(hold);
}

/**
 * vprime_feed_finish_work - signal the fences of what ended
 * @work: &vprime_feed.finish
 */
void vprime_feed_finish_work(struct work_struct *work)
{
	struct vprime_feed *feed =
		container_of(work, struct vprime_feed, finish);

	vprime_feed_unlock(feed, vprime_feed_lock(feed));
}

/**
 * vprime_feed_unlock_timer - unlock a feed, and have the fences of what ended signalled
 * @feed: feed
 * @flags: what vprime_feed_lock() returned
 *
 * Any number may wait for them, so a timer does not do it.
 */
void vprime_feed_unlock_timer(struct vprime_feed *feed, unsigned long flags)
	__releases(&feed->lock)
{
	if (!list_empty(&feed->done))
		queue_work(system_highpri_wq, &feed->finish);
	spin_unlock_irqrestore(&feed->lock, flags);
}

static void vprime_feed_show_locked(struct vprime_feed *feed,
				    struct vprime_frame *frame, ktime_t time)
{
	struct vprime_consumer *consumer;

	lockdep_assert_held(&feed->lock);

	vprime_frame_put(feed->shown);
	feed->shown = frame;
	feed->sequence++;
	feed->time = time;
	if (feed->gone)
		return;
	list_for_each_entry(consumer, &feed->consumers, link)
		vprime_consumer_deliver_locked(consumer, &frame->damage);
}

/**
 * vprime_feed_publish - tell of a frame that the next vblank shows
 * @feed: feed
 * @frame: frame; the feed takes a reference of its own. Its damage grows by that
 *	of a frame that no vblank has shown
 *
 * Context: process, the CRTC's scene is locked and vblanks are on.
 */
void vprime_feed_publish(struct vprime_feed *feed, struct vprime_frame *frame)
{
	struct vprime_crtc *vcrtc = feed->vcrtc;
	struct vprime_frame *old;
	bool tick = !drm_crtc_vblank_get(&vcrtc->base);
	unsigned long flags;

	flags = vprime_feed_lock(feed);
	feed->on = true;
	old = feed->pending;
	feed->pending = NULL;
	if (tick && !list_empty(&feed->consumers)) {
		if (old)
			vprime_damage_merge(&frame->damage, &old->damage);
		feed->pending = vprime_frame_get(frame);
		swap(tick, feed->ticking);
	}
	vprime_feed_unlock(feed, flags);

	vprime_frame_put(old);
	if (tick)
		drm_crtc_vblank_put(&vcrtc->base);
}

/**
 * vprime_feed_take_event - take over a commit's event, to send it when due
 * @feed: feed
 * @commit: commit, its frame is published
 *
 * Return: false if nobody consumes the screen: the caller sends the event.
 */
bool vprime_feed_take_event(struct vprime_feed *feed,
			    struct drm_atomic_commit *commit)
{
	struct drm_crtc *crtc = &feed->vcrtc->base;
	struct drm_crtc_state *state = drm_atomic_get_new_crtc_state(commit,
								     crtc);
	unsigned long flags;
	bool taken = false;

	if (!state->event || drm_crtc_vblank_get(crtc))
		return false;

	flags = vprime_feed_lock(feed);
	if (!list_empty(&feed->consumers) && !feed->event && !feed->gone) {
		feed->event = state->event;
		feed->held = false;
		state->event = NULL;
		taken = true;
	}
	vprime_feed_unlock(feed, flags);

	if (!taken)
		drm_crtc_vblank_put(crtc);

	return taken;
}

static void vprime_feed_send(struct vprime_feed *feed,
			     struct drm_pending_vblank_event *event)
{
	struct drm_crtc *crtc = &feed->vcrtc->base;
	unsigned long flags;

	if (!event)
		return;

	spin_lock_irqsave(&crtc->dev->event_lock, flags);
	drm_crtc_send_vblank_event(crtc, event);
	spin_unlock_irqrestore(&crtc->dev->event_lock, flags);
	drm_crtc_vblank_put(crtc);
}

/**
 * vprime_feed_disable - the screen goes off
 * @feed: feed
 *
 * Called before vblanks are switched off. Nothing is held back any more; frames
 * that were acquired stay with their consumers.
 */
void vprime_feed_disable(struct vprime_feed *feed)
{
	struct drm_pending_vblank_event *event;
	struct vprime_frame *pending, *shown;
	struct vprime_consumer *consumer;
	unsigned long flags;
	bool tick;

	flags = vprime_feed_lock(feed);
	event = feed->event;
	pending = feed->pending;
	shown = feed->shown;
	tick = feed->ticking;
	feed->event = NULL;
	feed->pending = NULL;
	feed->shown = NULL;
	feed->ticking = false;
	feed->on = false;
	feed->held = false;
	list_for_each_entry(consumer, &feed->consumers, link)
		vprime_consumer_off_locked(consumer);
	vprime_feed_unlock(feed, flags);

	vprime_feed_send(feed, event);
	vprime_frame_put(pending);
	vprime_frame_put(shown);
	if (tick)
		drm_crtc_vblank_put(&feed->vcrtc->base);
}

/* Whoever holds the event back for too long stops doing so. */
static bool vprime_feed_holds_locked(struct vprime_feed *feed)
{
	struct vprime_consumer *consumer;
	bool holds = false;

	lockdep_assert_held(&feed->lock);

	if (feed->gone)
		return false;

	list_for_each_entry(consumer, &feed->consumers, link) {
		if (!vprime_consumer_holds_locked(consumer))
			continue;
		if (!feed->held) {
			feed->held = true;
			feed->held_since = jiffies;
		}
		if (time_after_eq(jiffies, feed->held_since + consumer->deadline))
			vprime_consumer_expire_locked(consumer);
		else
			holds = true;
	}

	return holds;
}

/**
 * vprime_feed_vblank - show the frame that is pending, send what is due
 * @feed: feed
 *
 * Context: the vblank timer.
 */
void vprime_feed_vblank(struct vprime_feed *feed)
{
	struct drm_pending_vblank_event *event = NULL;
	struct vprime_frame *frame;
	unsigned long flags;
	ktime_t time;
	bool tick;

	drm_crtc_vblank_count_and_time(&feed->vcrtc->base, &time);

	flags = vprime_feed_lock(feed);
	frame = feed->pending;
	tick = feed->ticking;
	feed->pending = NULL;
	feed->ticking = false;
	if (frame)
		vprime_feed_show_locked(feed, frame, time);
	if (feed->event && !vprime_feed_holds_locked(feed))
		swap(event, feed->event);
	vprime_feed_unlock_timer(feed, flags);

	vprime_feed_send(feed, event);
	if (tick)
		drm_crtc_vblank_put(&feed->vcrtc->base);
}
