// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for strangers, but not for ever: whoever has a buffer's dma-buf may keep
 * fences on it without end, and may make others hold its lock. Commits call it, with
 * the time at which they go on without; debugfs shows how often they did.
 */

#include <linux/delay.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>

#include <drm/drm_debugfs.h>

#include "vprime_drv.h"
#include "vprime_patience.h"

/**
 * vprime_patience_left - how long there is left to wait
 * @until: jiffies
 *
 * Return: jiffies, 0 if the time has come.
 */
long vprime_patience_left(unsigned long until)
{
	long left = until - jiffies;

	return left > 0 ? left : 0;
}

static int vprime_patience_wait(struct dma_fence *fence, bool intr,
				unsigned long until)
{
	long left = vprime_patience_left(until);

	left = dma_fence_wait_timeout(fence, intr, left);
	if (left < 0)
		return left;

	return left ? 0 : -ETIMEDOUT;
}

static int vprime_patience_count(int ret, atomic_long_t *count)
{
	if (ret == -ETIMEDOUT)
		atomic_long_inc(count);

	return ret;
}

/**
 * vprime_patience_fence - wait for a fence
 * @vdev: device; its count grows
 * @fence: fence
 * @intr: a signal ends it
 * @until: jiffies
 *
 * Context: process.
 *
 * Return: 0; -ETIMEDOUT, -ERESTARTSYS.
 */
int vprime_patience_fence(struct vprime_device *vdev, struct dma_fence *fence,
			  bool intr, unsigned long until)
{
	return vprime_patience_count(vprime_patience_wait(fence, intr, until),
				     &vdev->patience.user);
}

/**
 * vprime_patience_resv - wait for who uses a buffer
 * @vdev: device; its count grows
 * @resv: the buffer's reservation object, not locked
 * @write: wait for readers, too
 * @intr: a signal ends it
 * @until: jiffies; what has passed asks whether there is anybody
 *
 * The time is looked at for each fence: somebody may put new ones there as fast as
 * the old ones signal.
 *
 * Context: process.
 *
 * Return: 0 if all fences were signalled; -ETIMEDOUT, -ERESTARTSYS.
 */
int vprime_patience_resv(struct vprime_device *vdev, struct dma_resv *resv,
			 bool write, bool intr, unsigned long until)
{
	struct dma_resv_iter cursor;
	struct dma_fence *fence;
	int ret = 0;

	dma_resv_iter_begin(&cursor, resv, dma_resv_usage_rw(write));
	dma_resv_for_each_fence_unlocked(&cursor, fence) {
		ret = vprime_patience_wait(fence, intr, until);
		if (ret)
			break;
	}
	dma_resv_iter_end(&cursor);

	return vprime_patience_count(ret, &vdev->patience.user);
}

/**
 * vprime_patience_lock - lock a buffer
 * @vdev: device; its count grows
 * @resv: the buffer's reservation object
 * @until: jiffies
 *
 * Whoever has the lock may wait for fences with it, as a move does, and there is no
 * way to wait for the lock for so long only.
 *
 * Context: process, no dma_resv lock held.
 *
 * Return: 0, the lock is held; -EBUSY, -ERESTARTSYS.
 */
int vprime_patience_lock(struct vprime_device *vdev, struct dma_resv *resv,
			 unsigned long until)
{
	while (!dma_resv_trylock(resv)) {
		if (signal_pending(current))
			return -ERESTARTSYS;
		if (!vprime_patience_left(until)) {
			atomic_long_inc(&vdev->patience.lock);
			return -EBUSY;
		}
		usleep_range(200, 1000);
	}

	return 0;
}

static int vprime_patience_show(struct seq_file *seq, void *unused)
{
	struct drm_debugfs_entry *entry = seq->private;
	struct vprime_patience_counts *patience =
		&to_vprime_device(entry->dev)->patience;

	seq_printf(seq, "user\t%ld\n", atomic_long_read(&patience->user));
	seq_printf(seq, "exporter\t%ld\n",
		   atomic_long_read(&patience->exporter));
	seq_printf(seq, "lock\t%ld\n", atomic_long_read(&patience->lock));

	return 0;
}

/**
 * vprime_patience_debugfs_add - show a device's counts in debugfs
 * @vdev: device, not registered yet
 */
void vprime_patience_debugfs_add(struct vprime_device *vdev)
{
	drm_debugfs_add_file(&vdev->drm, "late", vprime_patience_show, NULL);
}
