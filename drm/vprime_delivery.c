// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deliveries: which frames wait in a consumer's queue, which it has, which it kept
 * too long. The feed delivers, the consumer's file acquires and releases; all
 * under the feed's lock. See the states in Documentation/consumer.rst. Knows
 * nothing of descriptors and buffers, nor of who waits for whom.
 */

#include <linux/dma-fence.h>
#include <linux/workqueue.h>

#include "vprime_consumer.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_hold.h"

/**
 * vprime_delivery_free_locked - a frame is not the consumer's any more
 * @consumer: consumer; the caller holds its feed's lock
 * @slot: delivery, not free
 * @error: what its fence signals, or 0
 */
void vprime_delivery_free_locked(struct vprime_consumer *consumer,
				 struct vprime_delivery *slot, int error)
{
	struct vprime_hold *hold = slot->hold;

	lockdep_assert_held(&consumer->feed->lock);

	if (hold) {
		if (error)
			dma_fence_set_error(&hold->base, error);
		list_add_tail(&hold->link, &consumer->feed->done);
	}
	vprime_frame_put(slot->frame);
	*slot = (struct vprime_delivery){};
}

/* What a frame that is lost changed, the next one has changed. */
static void vprime_delivery_drop_locked(struct vprime_consumer *consumer,
					struct vprime_delivery *slot)
{
	vprime_damage_merge(&consumer->damage, &slot->damage);
	if (slot->mode_changed)
		consumer->width = 0;
	consumer->dropped++;
	vprime_delivery_free_locked(consumer, slot, 0);
}

/**
 * vprime_delivery_expire_locked - a frame was kept beyond the deadline
 * @consumer: consumer; the caller holds its feed's lock
 * @slot: delivery, not free
 */
void vprime_delivery_expire_locked(struct vprime_consumer *consumer,
				   struct vprime_delivery *slot)
{
	if (slot->state == VPRIME_DELIVERY_QUEUED) {
		vprime_delivery_drop_locked(consumer, slot);
		return;
	}
	if (slot->state == VPRIME_DELIVERY_ACQUIRED) {
		consumer->expired_ids[consumer->next_expired] = slot->id;
		consumer->next_expired = (consumer->next_expired + 1) %
					 ARRAY_SIZE(consumer->expired_ids);
	}
	consumer->expired++;
	vprime_delivery_free_locked(consumer, slot, -ETIMEDOUT);
}

static void vprime_consumer_drop_queued_locked(struct vprime_consumer *consumer)
{
	unsigned int i;

	for (i = 0; i < consumer->n_slots; i++)
		if (consumer->slots[i].state == VPRIME_DELIVERY_QUEUED)
			vprime_delivery_drop_locked(consumer, &consumer->slots[i]);
}

static void vprime_delivery_fill_locked(struct vprime_consumer *consumer,
					struct vprime_delivery *slot)
{
	struct vprime_feed *feed = consumer->feed;
	struct vprime_frame *frame = feed->shown;

	slot->state = VPRIME_DELIVERY_QUEUED;
	slot->frame = vprime_frame_get(frame);
	slot->sequence = feed->sequence;
	slot->time = feed->time;
	slot->direct = !(consumer->flags & VPRIME_CONSUMER_COMPOSED) &&
		       vprime_frame_direct(frame,
					   vprime_consumer_is_separate(consumer),
					   consumer->flags & VPRIME_CONSUMER_YUV);
	slot->mode_changed = frame->width != consumer->width ||
			     frame->height != consumer->height;
	if (slot->mode_changed)
		vprime_damage_all(&consumer->damage, frame->width,
				  frame->height);
	slot->damage = consumer->damage;
	consumer->damage.count = 0;
	consumer->width = frame->width;
	consumer->height = frame->height;
}

/* Queues the frame on the screen, if there is room. */
static void vprime_consumer_place_locked(struct vprime_consumer *consumer)
{
	struct vprime_delivery *slot = NULL;
	unsigned int i;

	lockdep_assert_held(&consumer->feed->lock);

	if (consumer->policy == VPRIME_CONSUMER_LATEST || consumer->late)
		vprime_consumer_drop_queued_locked(consumer);

	for (i = 0; !slot && i < consumer->n_slots; i++)
		if (consumer->slots[i].state == VPRIME_DELIVERY_FREE)
			slot = &consumer->slots[i];
	consumer->missed = !slot;
	if (!slot)
		return;

	vprime_delivery_fill_locked(consumer, slot);
	/* Only a queue is kept while the buffers go on. */
	if (!slot->direct && consumer->policy == VPRIME_CONSUMER_QUEUE)
		queue_work(system_highpri_wq, &consumer->feed->prepare);
	vprime_consumer_notify_locked(consumer);
}

/**
 * vprime_consumer_deliver_locked - give a consumer the frame on the screen
 * @consumer: consumer; the caller holds its feed's lock
 * @damage: against the frame before
 */
void vprime_consumer_deliver_locked(struct vprime_consumer *consumer,
				    const struct vprime_damage *damage)
{
	if (!vprime_consumer_may_see_locked(consumer)) {
		vprime_consumer_off_locked(consumer);
		return;
	}
	if (consumer->missed)
		consumer->dropped++;
	if (consumer->policy == VPRIME_CONSUMER_LATEST || consumer->late)
		vprime_consumer_drop_queued_locked(consumer);
	vprime_damage_merge(&consumer->damage, damage);
	vprime_consumer_place_locked(consumer);
}

/**
 * vprime_consumer_make_room_locked - the consumer came back, and may have room
 * @consumer: consumer; the caller holds its feed's lock
 */
void vprime_consumer_make_room_locked(struct vprime_consumer *consumer)
{
	consumer->late = false;
	if (consumer->missed && consumer->feed->shown &&
	    vprime_consumer_may_see_locked(consumer))
		vprime_consumer_place_locked(consumer);
}

/**
 * vprime_consumer_set_late_locked - wait for a consumer no more, until it comes back
 * @consumer: consumer; the caller holds its feed's lock
 */
void vprime_consumer_set_late_locked(struct vprime_consumer *consumer)
{
	lockdep_assert_held(&consumer->feed->lock);

	consumer->late = true;
	if (consumer->missed && consumer->feed->shown &&
	    vprime_consumer_may_see_locked(consumer))
		vprime_consumer_place_locked(consumer);
}

/**
 * vprime_consumer_off_locked - the screen went off
 * @consumer: consumer; the caller holds its feed's lock
 */
void vprime_consumer_off_locked(struct vprime_consumer *consumer)
{
	vprime_consumer_drop_queued_locked(consumer);
	consumer->missed = false;
	consumer->width = 0;
	vprime_consumer_notify_locked(consumer);
}

/**
 * vprime_consumer_clear_locked - take all frames back
 * @consumer: consumer; the caller holds its feed's lock
 */
void vprime_consumer_clear_locked(struct vprime_consumer *consumer)
{
	unsigned int i;

	lockdep_assert_held(&consumer->feed->lock);

	for (i = 0; i < consumer->n_slots; i++)
		if (consumer->slots[i].state != VPRIME_DELIVERY_FREE)
			vprime_delivery_free_locked(consumer, &consumer->slots[i],
						    0);
	consumer->missed = false;
}

/**
 * vprime_consumer_next_locked - the frame to be acquired next
 * @consumer: consumer; the caller holds its feed's lock
 *
 * Return: the oldest that is queued, or NULL.
 */
struct vprime_delivery *vprime_consumer_next_locked(struct vprime_consumer *consumer)
{
	struct vprime_delivery *slot, *next = NULL;
	unsigned int i;

	lockdep_assert_held(&consumer->feed->lock);

	for (i = 0; i < consumer->n_slots; i++) {
		slot = &consumer->slots[i];
		if (slot->state == VPRIME_DELIVERY_QUEUED &&
		    (!next || slot->sequence < next->sequence))
			next = slot;
	}

	return next;
}

/**
 * vprime_consumer_find_locked - look a frame up that was acquired
 * @consumer: consumer; the caller holds its feed's lock
 * @id: its id
 *
 * Return: its slot, or NULL.
 */
struct vprime_delivery *vprime_consumer_find_locked(struct vprime_consumer *consumer,
						    u32 id)
{
	unsigned int i;

	lockdep_assert_held(&consumer->feed->lock);

	for (i = 0; i < consumer->n_slots; i++)
		if (consumer->slots[i].state == VPRIME_DELIVERY_ACQUIRED &&
		    consumer->slots[i].id == id)
			return &consumer->slots[i];

	return NULL;
}

/**
 * vprime_consumer_take_locked - acquire a frame
 * @consumer: consumer; the caller holds its feed's lock
 * @slot: a frame that is queued
 * @hold: its fence; the slot takes it over
 */
void vprime_consumer_take_locked(struct vprime_consumer *consumer,
				 struct vprime_delivery *slot,
				 struct vprime_hold *hold)
{
	lockdep_assert_held(&consumer->feed->lock);

	slot->state = VPRIME_DELIVERY_ACQUIRED;
	slot->id = consumer->next_id++;
	slot->hold = hold;
	consumer->late = false;
	consumer->told_on = true;
}

/**
 * vprime_consumer_untake_locked - put a frame back: it could not be acquired
 * @consumer: consumer; the caller holds its feed's lock
 * @slot: a frame that was taken
 */
void vprime_consumer_untake_locked(struct vprime_consumer *consumer,
				   struct vprime_delivery *slot)
{
	lockdep_assert_held(&consumer->feed->lock);

	list_add_tail(&slot->hold->link, &consumer->feed->done);
	slot->hold = NULL;
	slot->state = VPRIME_DELIVERY_QUEUED;
	vprime_consumer_notify_locked(consumer);
}
