// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a consumer may see of its screen, and how it is told that there is something
 * to see: its master's turn, its lease, the screen itself. Deliveries and the
 * consumer's file ask; all under the feed's lock. Knows nothing of frames.
 */

#include <linux/eventfd.h>
#include <linux/idr.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <drm/drm_auth.h>
#include <drm/drm_device.h>
#include <drm/drm_file.h>

#include "vprime_consumer.h"
#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_feed.h"
#include "vprime_sight.h"

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
 * vprime_consumer_is_gone_locked - ask whether a consumer has come to its end
 * @consumer: consumer; the caller holds its feed's lock
 *
 * Return: true if the device is unplugged or another consumer has its place.
 */
bool vprime_consumer_is_gone_locked(const struct vprime_consumer *consumer)
{
	lockdep_assert_held(&consumer->feed->lock);

	return consumer->feed->gone || consumer->ended;
}

/**
 * vprime_consumer_wake_work - wake whoever waits for a consumer
 * @work: &vprime_consumer.wake
 */
void vprime_consumer_wake_work(struct work_struct *work)
{
	struct vprime_consumer *consumer =
		container_of(work, struct vprime_consumer, wake);

	wake_up_all(&consumer->wait);
	guard(mutex)(&consumer->eventfd_lock);
	if (consumer->eventfd)
		eventfd_signal(consumer->eventfd);
}

/**
 * vprime_consumer_notify_locked - have whoever waits for the consumer woken
 * @consumer: consumer; the caller holds its feed's lock
 *
 * Not here: any number may wait, and the vblank timer calls this.
 */
void vprime_consumer_notify_locked(struct vprime_consumer *consumer)
{
	lockdep_assert_held(&consumer->feed->lock);

	/* The feed's lock orders this: a waiter takes it when it is on the queue. */
	if (waitqueue_active(&consumer->wait) || consumer->eventfd)
		queue_work(system_highpri_wq, &consumer->wake);
}

/* A frame is not given to who may see again: it is still the other master's. */
static void vprime_sight_check_locked(struct vprime_consumer *consumer)
{
	bool on = vprime_consumer_is_on_locked(consumer);

	lockdep_assert_held(&consumer->feed->lock);

	if (on == consumer->told_on)
		return;
	if (on)
		vprime_consumer_notify_locked(consumer);
	else
		vprime_consumer_off_locked(consumer);
}

/**
 * vprime_sight_work - look who is master, and tell the consumers
 * @work: &vprime_feed.sight
 */
void vprime_sight_work(struct work_struct *work)
{
	struct vprime_feed *feed = container_of(work, struct vprime_feed, sight);
	struct drm_device *dev = feed->vcrtc->base.dev;
	struct vprime_consumer *consumer;
	unsigned long flags;

	/* Whoever queued it is still at it, under this lock. */
	mutex_lock(&dev->master_mutex);
	mutex_unlock(&dev->master_mutex);

	flags = vprime_feed_lock(feed);
	list_for_each_entry(consumer, &feed->consumers, link)
		if (!feed->gone)
			vprime_sight_check_locked(consumer);
	vprime_feed_unlock(feed, flags);
}

static void vprime_sight_changed(struct vprime_device *vdev,
				 struct drm_file *master_file)
{
	lockdep_assert_held(&vdev->drm.master_mutex);

	vdev->master_file = master_file;
	queue_work(system_highpri_wq, &vdev->vcrtc->feed.sight);
}

/**
 * vprime_sight_master_set - &drm_driver.master_set
 * @dev: device
 * @file: who is master now
 * @from_open: by opening the card
 */
void vprime_sight_master_set(struct drm_device *dev, struct drm_file *file,
			     bool from_open)
{
	vprime_sight_changed(to_vprime_device(dev), file);
}

/**
 * vprime_sight_master_drop - &drm_driver.master_drop
 * @dev: device
 * @file: who is master, for the last time
 */
void vprime_sight_master_drop(struct drm_device *dev, struct drm_file *file)
{
	vprime_sight_changed(to_vprime_device(dev), NULL);
}

/**
 * vprime_sight_master_closed - end a master that DRM forgot
 * @dev: device
 * @file: file that is closed, after drm_master_release()
 *
 * drm_mode_create_lease_ioctl() opens the card once more. When the lessor stops
 * being master before that, the new file is it, and is then given its lease in
 * the place of the &struct drm_master that it became: the device keeps that one,
 * as no file's, and nobody could be master any more.
 */
void vprime_sight_master_closed(struct drm_device *dev, struct drm_file *file)
{
	struct vprime_device *vdev = to_vprime_device(dev);

	guard(mutex)(&dev->master_mutex);
	if (vdev->master_file != file)
		return;

	drm_master_put(&dev->master);
	vprime_sight_changed(vdev, NULL);
}
