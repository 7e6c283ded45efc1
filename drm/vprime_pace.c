// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether a consumer holds a flip back, and what it loses when it has done so for
 * too long. The feed asks at each vblank, under its lock; it keeps the time.
 */

#include "vprime_consumer.h"
#include "vprime_crtc.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_grab.h"

/* It reads a buffer that the screen shows no more. */
static bool vprime_delivery_blocks(const struct vprime_consumer *consumer,
				   const struct vprime_delivery *slot)
{
	const struct vprime_frame *frame = slot->frame;
	const struct vprime_grab *grab;
	bool all, cursor;

	if (slot->state == VPRIME_DELIVERY_FREE)
		return false;
	if (slot->state == VPRIME_DELIVERY_QUEUED &&
	    consumer->policy == VPRIME_CONSUMER_LATEST)
		return false;

	cursor = vprime_consumer_is_separate(consumer);
	grab = frame->grabs[cursor];
	all = slot->direct || !grab || !grab->done;

	return vprime_frame_retired(frame, consumer->feed->shown, all, cursor);
}

/**
 * vprime_consumer_holds_locked - ask whether a flip must not complete yet
 * @consumer: consumer; the caller holds its feed's lock
 *
 * Return: true if the consumer reads what is not shown any more, or has no room
 * for the frame that is.
 */
bool vprime_consumer_holds_locked(const struct vprime_consumer *consumer)
{
	unsigned int i;

	lockdep_assert_held(&consumer->feed->lock);

	if (consumer->late || !consumer->feed->shown)
		return false;
	if (consumer->missed && consumer->policy == VPRIME_CONSUMER_QUEUE)
		return true;
	for (i = 0; i < consumer->n_slots; i++)
		if (vprime_delivery_blocks(consumer, &consumer->slots[i]))
			return true;

	return false;
}

/**
 * vprime_consumer_expire_locked - a consumer's deadline is over
 * @consumer: consumer; the caller holds its feed's lock
 *
 * It loses what a flip waits for, and nobody waits for it until it comes back.
 */
void vprime_consumer_expire_locked(struct vprime_consumer *consumer)
{
	unsigned int i;

	lockdep_assert_held(&consumer->feed->lock);

	for (i = 0; i < consumer->n_slots; i++)
		if (vprime_delivery_blocks(consumer, &consumer->slots[i]))
			vprime_delivery_expire_locked(consumer,
						      &consumer->slots[i]);
	vprime_consumer_set_late_locked(consumer);
}
