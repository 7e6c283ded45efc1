// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which pictures of a frame are composed for its consumers: they ask for one, the
 * composer asks which are wanted. Knows nothing of how they are composed.
 */

#include <linux/dma-fence.h>

#include "vprime_crtc.h"
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
 * Return: a grab with a reference for the caller, or an error pointer.
 */
struct vprime_grab *vprime_feed_grab(struct vprime_feed *feed,
				     struct vprime_frame *frame,
				     bool without_cursor)
{
	struct vprime_grab **at = &frame->grabs[without_cursor];
	struct vprime_grab *grab, *spare = NULL;
	unsigned long flags;

	if (!READ_ONCE(*at)) {
		spare = vprime_grab_create(&feed->pool, frame->width,
					   frame->height);
		if (IS_ERR(spare))
			return spare;
	}

	flags = vprime_feed_lock(feed);
	if (!*at)
		swap(*at, spare);
	grab = vprime_grab_get(*at);
	vprime_feed_unlock(feed, flags);
	vprime_grab_put(spare);

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
 * @grabs: filled in: with and without the cursor; NULL: not wanted
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
		grabs[i]->started = true;
		n++;
	}
	vprime_feed_unlock(feed, flags);

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

	for (i = 0; i < 2; i++)
		if (grabs[i])
			dma_fence_signal(grabs[i]->fence);
}
