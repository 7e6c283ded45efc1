// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pictures of a frame are composed for its consumers: they ask for one, the
 * composer asks which are wanted. Knows nothing of how they are composed.
 */

#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_grab.h"

/**
 * vprime_feed_grab - have a frame composed for consumers, once
 * @feed: feed
 * @frame: frame
 * @without_cursor: which picture of it
 *
 * Context: process; allocates.
 *
 * Return: a grab with a reference for the caller, or an error pointer; -ENODEV if the
 * last consumer has gone.
 */
struct vprime_grab *vprime_feed_grab(struct vprime_feed *feed,
				     struct vprime_frame *frame,
				     bool without_cursor)
{
	struct vprime_grab **at = &frame->grabs[without_cursor];
	struct vprime_grab *grab = NULL, *spare = NULL;
	unsigned long flags;

	if (!READ_ONCE(*at)) {
		spare = vprime_grab_create(to_vprime_device(feed->vcrtc->base.dev),
					   frame->width, frame->height);
		if (IS_ERR(spare))
			return spare;
	}

	flags = vprime_feed_lock(feed);
	if (!list_empty(&feed->consumers)) {
		if (!*at) {
			WRITE_ONCE(*at, spare);
			spare = NULL;
		}
		grab = vprime_grab_get(*at);
	}
	vprime_feed_unlock(feed, flags);
	vprime_grab_put(spare);

	if (!grab)
		return ERR_PTR(-ENODEV);
	if (!READ_ONCE(grab->started)) {
		spin_lock_irq(&feed->vcrtc->lock);
		vprime_crtc_queue_locked(feed->vcrtc, frame);
		spin_unlock_irq(&feed->vcrtc->lock);
	}

	return grab;
}

/**
 * vprime_feed_compose_start - ask which pictures of a frame are wanted
 * @feed: feed
 * @frame: frame
 * @grabs: filled in: with and without the cursor, references; NULL: not wanted
 *
 * Context: the composer.
 *
 * Return: how many there are.
 */
unsigned int vprime_feed_compose_start(struct vprime_feed *feed,
				       struct vprime_frame *frame,
				       struct vprime_grab *grabs[2])
{
	unsigned int i, n = 0;
	unsigned long flags;

	flags = vprime_feed_lock(feed);
	for (i = 0; i < 2; i++) {
		grabs[i] = frame->grabs[i];
		if (!grabs[i] || grabs[i]->started) {
			grabs[i] = NULL;
			continue;
		}
		vprime_grab_get(grabs[i]);
		WRITE_ONCE(grabs[i]->started, true);
		n++;
	}
	vprime_feed_unlock(feed, flags);

	for (i = 0; i < 2; i++)
		if (grabs[i])
			vprime_grab_begin(grabs[i]);

	return n;
}

/**
 * vprime_feed_compose_finish - tell that pictures are composed
 * @feed: feed
 * @grabs: what vprime_feed_compose_start() filled in
 */
void vprime_feed_compose_finish(struct vprime_feed *feed,
				struct vprime_grab *grabs[2])
{
	unsigned long flags;
	unsigned int i;

	flags = vprime_feed_lock(feed);
	for (i = 0; i < 2; i++)
		if (grabs[i])
			grabs[i]->done = true;
	vprime_feed_unlock(feed, flags);

	for (i = 0; i < 2; i++) {
		if (!grabs[i])
			continue;
		vprime_grab_finish(grabs[i]);
		vprime_grab_put(grabs[i]);
	}
}

/**
 * vprime_feed_forget_locked - nobody wants the pictures of a frame any more
 * @feed: feed; the caller holds its lock
 * @frame: frame or NULL
 *
 * What is on the screen may stay there for long; the pictures of it must not.
 */
void vprime_feed_forget_locked(struct vprime_feed *feed,
			       struct vprime_frame *frame)
{
	unsigned int i;

	lockdep_assert_held(&feed->lock);

	for (i = 0; frame && i < ARRAY_SIZE(frame->grabs); i++) {
		vprime_grab_put(frame->grabs[i]);
		frame->grabs[i] = NULL;
	}
}
