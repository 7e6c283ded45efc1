// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fence that stands as a reader in the dma_resv of each buffer a consumer
 * has acquired. It is signalled when the frame is released, or when the
 * consumer's deadline is over, which begins with the first who waits: so it
 * ends whatever the consumer does. Knows nothing of frames and queues.
 *
 * It has neither a release nor a wait operation: once it is signalled, the fence
 * core needs none of this module's code for it.
 */

#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "vprime_consumer.h"
#include "vprime_hold.h"

static_assert(offsetof(struct vprime_hold, base) == 0);

static const char *vprime_hold_driver_name(struct dma_fence *fence)
{
	return "vprime";
}

static const char *vprime_hold_timeline_name(struct dma_fence *fence)
{
	return "screen-consumer";
}

/* Somebody begins to wait: from now on the consumer's time is running. */
static bool vprime_hold_enable_signaling(struct dma_fence *fence)
{
	struct vprime_hold *hold = container_of(fence, struct vprime_hold, base);
	struct vprime_consumer *consumer = hold->consumer;

	hold->since = jiffies;
	/* Pairs with vprime_consumer_timer(), which reads @since. */
	smp_store_release(&hold->waited, true);
	vprime_consumer_check_at(consumer, hold->since + consumer->deadline);

	return true;
}

static const struct dma_fence_ops vprime_hold_ops = {
	.get_driver_name = vprime_hold_driver_name,
	.get_timeline_name = vprime_hold_timeline_name,
	.enable_signaling = vprime_hold_enable_signaling,
};

/**
 * vprime_hold_create - make the fence of a frame that is to be acquired
 * @consumer: who acquires
 *
 * Return: a hold, or NULL. It must come to vprime_hold_finish().
 */
struct vprime_hold *vprime_hold_create(struct vprime_consumer *consumer)
{
	struct vprime_hold *hold = kzalloc_obj(*hold, GFP_KERNEL_ACCOUNT);

	if (!hold)
		return NULL;

	INIT_LIST_HEAD(&hold->link);
	hold->consumer = vprime_consumer_get(consumer);
	/* Frames are released in any order, so each has a timeline of its own. */
	dma_fence_init(&hold->base, &vprime_hold_ops, NULL,
		       dma_fence_context_alloc(1), 1);

	return hold;
}

static void vprime_hold_user_signalled(struct dma_fence *user,
				       struct dma_fence_cb *cb)
{
	struct vprime_hold *hold = container_of(cb, struct vprime_hold, cb);

	queue_work(system_highpri_wq, &hold->consumer->work);
}

/**
 * vprime_hold_until - have a fence end the hold
 * @hold: hold, not finished
 * @user: fence; the hold takes over the caller's reference if 0 is returned
 *
 * When it is signalled, the consumer's work is queued.
 *
 * Return: 0, or -ENOENT if @user is signalled already.
 */
int vprime_hold_until(struct vprime_hold *hold, struct dma_fence *user)
{
	int ret;

	hold->user = user;
	ret = dma_fence_add_callback(user, &hold->cb,
				     vprime_hold_user_signalled);
	if (ret)
		hold->user = NULL;

	return ret;
}

/**
 * vprime_hold_finish - signal the fence and give the hold up
 * @hold: hold, in no slot any more; its error is set
 *
 * Context: any, no lock held that somebody may take who is called by a fence.
 */
void vprime_hold_finish(struct vprime_hold *hold)
{
	struct vprime_consumer *consumer = hold->consumer;

	if (hold->user) {
		dma_fence_remove_callback(hold->user, &hold->cb);
		dma_fence_put(hold->user);
	}
	dma_fence_signal(&hold->base);
	dma_fence_put(&hold->base);
	vprime_consumer_put(consumer);
}
