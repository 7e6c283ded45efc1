// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a consumer may see of its screen, and how it is told that there is something
 * to see: its master's turn, its lease, the screen itself. Deliveries and the
 * consumer's file ask; all under the feed's lock. Knows nothing of frames.
 */

#include <linux/eventfd.h>
#include <linux/idr.h>
#include <linux/wait.h>

#include <drm/drm_auth.h>
#include <drm/drm_device.h>

#include "vprime_consumer.h"
#include "vprime_crtc.h"
#include "vprime_feed.h"

static bool vprime_master_has_crtc(struct drm_master *master, u32 crtc_id)
{
	bool leased;

	if (!master->lessor)
		return true;

	/* A lease that is revoked is emptied. */
	rcu_read_lock();
	leased = idr_find(&master->leases, crtc_id);
	rcu_read_unlock();

	return leased;
}

/**
 * vprime_consumer_may_see_locked - ask whether a consumer's permission is in force
 * @consumer: consumer; the caller holds its feed's lock
 *
 * The permission is that of a master, and lasts as long as it is the current one.
 *
 * Return: true if it is, or if it is the administrator's.
 */
bool vprime_consumer_may_see_locked(const struct vprime_consumer *consumer)
{
	struct drm_master *master = consumer->master;

	lockdep_assert_held(&consumer->feed->lock);

	if (!master)
		return true;
	if (!vprime_master_has_crtc(master,
				    consumer->feed->vcrtc->base.base.id))
		return false;
	while (master->lessor)
		master = master->lessor;

	return READ_ONCE(consumer->dev->master) == master;
}

/**
 * vprime_consumer_is_on_locked - ask whether a consumer has a screen to look at
 * @consumer: consumer; the caller holds its feed's lock
 *
 * Return: true if the screen is on, and the consumer may see it.
 */
bool vprime_consumer_is_on_locked(const struct vprime_consumer *consumer)
{
	lockdep_assert_held(&consumer->feed->lock);

	return consumer->feed->on && vprime_consumer_may_see_locked(consumer);
}

/**
 * vprime_consumer_notify_locked - wake whoever waits for the consumer
 * @consumer: consumer; the caller holds its feed's lock
 */
void vprime_consumer_notify_locked(struct vprime_consumer *consumer)
{
	lockdep_assert_held(&consumer->feed->lock);

	wake_up_all(&consumer->wait);
	if (consumer->eventfd)
		eventfd_signal(consumer->eventfd);
}
