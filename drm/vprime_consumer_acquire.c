// SPDX-License-Identifier: GPL-2.0-only
/*
 * ACQUIRE: waits for a frame or an event. A frame is taken first, then made into
 * descriptors by vprime_handout.c; when that fails the frame waits in the queue
 * again. Called by the consumer's file.
 */

#include <linux/dma-fence.h>
#include <linux/memcontrol.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>

#include "vprime_consumer.h"
#include "vprime_drv.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_grab.h"
#include "vprime_handout.h"
#include "vprime_hold.h"

static void vprime_acquire_describe_locked(struct vprime_consumer *consumer,
					   const struct vprime_delivery *slot,
					   struct drm_vprime_consumer_acquire *args)
{
	const struct vprime_colorimetry *colorimetry = &slot->frame->colorimetry;
	unsigned int i;

	args->kind = VPRIME_CONSUMER_FRAME;
	args->id = slot->id;
	args->flags = slot->mode_changed ? VPRIME_CONSUMER_MODE_CHANGED : 0;
	args->sequence = slot->sequence;
	args->time_ns = ktime_to_ns(slot->time);
	args->width = slot->frame->width;
	args->height = slot->frame->height;
	if (colorimetry->hdr)
		args->hdr = VPRIME_CONSUMER_HDR_STATIC;
	args->metadata = colorimetry->metadata;
	if (colorimetry->space == DRM_MODE_COLORIMETRY_BT2020_RGB)
		args->colorspace = VPRIME_CONSUMER_COLORSPACE_BT2020_RGB;
	args->num_damage = slot->damage.count;
	for (i = 0; i < slot->damage.count; i++)
		args->damage[i] = (struct drm_mode_rect){
			.x1 = slot->damage.rects[i].x1,
			.y1 = slot->damage.rects[i].y1,
			.x2 = slot->damage.rects[i].x2,
			.y2 = slot->damage.rects[i].y2,
		};
}

/*
 * Return: 1 if a frame was taken, 0 for an event; -EAGAIN: there is neither;
 * -ENODEV.
 */
static int vprime_acquire_take(struct vprime_consumer *consumer,
			       struct vprime_hold *hold,
			       struct vprime_handout *out, bool *direct)
{
	struct drm_vprime_consumer_acquire *args = out->args;
	struct vprime_feed *feed = consumer->feed;
	struct vprime_delivery *slot;
	unsigned long flags;
	int ret = -EAGAIN;
	bool on;

	flags = vprime_feed_lock(feed);
	on = vprime_consumer_is_on_locked(consumer);
	if (!on && consumer->told_on)
		vprime_consumer_off_locked(consumer);
	slot = vprime_consumer_next_locked(consumer);
	if (vprime_consumer_is_gone_locked(consumer)) {
		ret = -ENODEV;
	} else if (slot) {
		vprime_consumer_take_locked(consumer, slot, hold);
		vprime_acquire_describe_locked(consumer, slot, args);
		out->frame = vprime_frame_get(slot->frame);
		*direct = slot->direct;
		ret = 1;
	} else if (consumer->told_on != on) {
		consumer->told_on = on;
		args->kind = on ? VPRIME_CONSUMER_SCREEN_ON :
				  VPRIME_CONSUMER_SCREEN_OFF;
		ret = 0;
	}
	args->dropped = consumer->dropped;
	args->expired = consumer->expired;
	vprime_feed_unlock(feed, flags);

	return ret;
}

static int vprime_acquire_wait(struct vprime_consumer *consumer,
			       struct vprime_hold *hold,
			       struct vprime_handout *out, bool *direct,
			       bool nonblock)
{
	s32 timeout_ms = out->args->timeout_ms;
	long timeout, left;
	int ret;

	ret = vprime_acquire_take(consumer, hold, out, direct);
	if (ret != -EAGAIN)
		return ret;
	/* Not EAGAIN: libdrm's drmIoctl() would ask again and again. */
	if (nonblock || !timeout_ms)
		return -ETIME;

	timeout = timeout_ms < 0 ? MAX_SCHEDULE_TIMEOUT :
				   msecs_to_jiffies(timeout_ms);
	left = wait_event_interruptible_timeout(consumer->wait,
						(ret = vprime_acquire_take(consumer,
									   hold,
									   out,
									   direct)) !=
							-EAGAIN,
						timeout);
	/* Begun anew, a bounded wait would be longer than was asked for. */
	if (left < 0)
		return timeout_ms < 0 ? left : -EINTR;

	return left ? ret : -ETIME;
}

static void vprime_acquire_undo(struct vprime_consumer *consumer, u32 id)
{
	struct vprime_delivery *slot;
	unsigned long flags;

	flags = vprime_feed_lock(consumer->feed);
	slot = vprime_consumer_find_locked(consumer, id);
	if (slot)
		vprime_consumer_untake_locked(consumer, slot);
	vprime_feed_unlock(consumer->feed, flags);
}

/* It is a state: what is not told yet is another than what the consumer knows. */
static void vprime_acquire_undo_event(struct vprime_consumer *consumer, u32 kind)
{
	unsigned long flags;

	flags = vprime_feed_lock(consumer->feed);
	consumer->told_on = kind == VPRIME_CONSUMER_SCREEN_OFF;
	vprime_consumer_notify_locked(consumer);
	vprime_feed_unlock(consumer->feed, flags);
}

static int vprime_acquire_tell(struct vprime_consumer *consumer,
			       const struct drm_vprime_consumer_acquire *args,
			       void __user *user)
{
	if (!copy_to_user(user, args, sizeof(*args)))
		return 0;
	vprime_acquire_undo_event(consumer, args->kind);

	return -EFAULT;
}

/*
 * What is made for a consumer its opener pays for, whoever acquires. No unplug waits for
 * it, as it waits for others' locks; the consumer's file keeps all that it needs.
 */
static int vprime_acquire_fill(struct vprime_consumer *consumer,
			       struct vprime_handout *out, bool direct)
{
	struct mem_cgroup *old = set_active_memcg(consumer->memcg);
	int ret;

	ret = vprime_handout_fill(out, direct,
				  vprime_consumer_is_separate(consumer));
	set_active_memcg(old);

	return ret;
}

static int vprime_acquire_give(struct vprime_consumer *consumer,
			       struct vprime_handout *out, void __user *user,
			       bool direct)
{
	int ret;

	ret = vprime_acquire_fill(consumer, out, direct);
	if (!ret && copy_to_user(user, out->args, sizeof(*out->args)))
		ret = -EFAULT;

	if (ret) {
		vprime_acquire_undo(consumer, out->args->id);
		vprime_handout_drop(out);
	} else {
		vprime_handout_install(out);
	}
	vprime_grab_put(out->grab);
	vprime_frame_put(out->frame);

	return ret;
}

/**
 * vprime_consumer_acquire - take the next frame, or event
 * @consumer: consumer
 * @args: what the caller asks for; used up
 * @user: where the answer goes
 * @nonblock: don't wait
 *
 * Return: 0; -EINVAL; -ETIME; -ENODEV; -ERESTARTSYS; -EINTR; -EMFILE; -ENOMEM;
 * -EFAULT. What was to be taken is still there after an error.
 */
int vprime_consumer_acquire(struct vprime_consumer *consumer,
			    struct drm_vprime_consumer_acquire *args,
			    void __user *user, bool nonblock)
{
	struct vprime_handout out = {
		.vdev = to_vprime_device(consumer->dev),
		.args = args,
	};
	struct vprime_hold *hold;
	unsigned int i;
	bool direct;
	int ret;

	if (args->in_flags || args->timeout_ms < -1)
		return -EINVAL;

	args->fence_fd = -1;
	args->cursor.plane.fd = -1;
	for (i = 0; i < ARRAY_SIZE(args->planes); i++)
		args->planes[i].fd = -1;

	hold = vprime_hold_create(consumer);
	if (!hold)
		return -ENOMEM;
	out.hold = dma_fence_get(&hold->base);

	ret = vprime_acquire_wait(consumer, hold, &out, &direct, nonblock);
	if (ret <= 0)
		vprime_hold_finish(hold);
	if (ret > 0)
		ret = vprime_acquire_give(consumer, &out, user, direct);
	else if (!ret)
		ret = vprime_acquire_tell(consumer, args, user);
	dma_fence_put(out.hold);

	return ret;
}
