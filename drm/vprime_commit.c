// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a commit is carried out. DRM calls it. It is the order of DRM's helper,
 * with one step more: before the point of no return the fences of scan-out and
 * of writeback are put on the buffers, so that they are there when the ioctl
 * returns. From then on others may wait for this commit.
 */

#include <linux/dma-fence.h>
#include <linux/workqueue.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>

#include "vprime_commit.h"
#include "vprime_coverage.h"
#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_patience.h"
#include "vprime_plane_commit.h"
#include "vprime_writeback.h"

static void vprime_commit_tail(struct drm_atomic_commit *commit, long patience)
{
	unsigned long until = jiffies + patience;
	struct drm_device *dev = commit->dev;
	struct vprime_flip *flip;
	bool cookie;

	vprime_plane_begin_access(commit, until);
	vprime_writeback_begin_access(commit, until);

	cookie = dma_fence_begin_signalling();
	drm_atomic_helper_commit_modeset_disables(dev, commit);
	/* Gives writeback jobs to the frames that the planes then publish. */
	drm_atomic_helper_commit_modeset_enables(dev, commit);
	drm_atomic_helper_commit_planes(dev, commit,
					DRM_PLANE_COMMIT_ACTIVE_ONLY);
	flip = vprime_crtc_take_flip(commit);
	drm_atomic_helper_commit_hw_done(commit);

	drm_atomic_helper_wait_for_flip_done(dev, commit);
	vprime_flip_finish(flip);
	dma_fence_end_signalling(cookie);

	drm_atomic_helper_cleanup_planes(dev, commit);
}

/* @patience: how long, in jiffies, it still waits for strangers. */
static void vprime_commit_carry_out(struct drm_atomic_commit *commit,
				    long patience)
{
	drm_atomic_helper_wait_for_fences(commit->dev, commit, false);
	drm_atomic_helper_wait_for_dependencies(commit);
	vprime_commit_tail(commit, patience);
	drm_atomic_helper_commit_cleanup_done(commit);
	drm_atomic_commit_put(commit);
}

static void vprime_commit_work(struct work_struct *work)
{
	vprime_coverage_start();
	vprime_commit_carry_out(container_of(work, struct drm_atomic_commit,
					     commit_work),
				VPRIME_PATIENCE - VPRIME_PATIENCE_EARLY);
	vprime_coverage_stop();
}

/*
 * What stood on a buffer before is looked at first: this commit must not wait
 * for itself. Buffers that nobody writes are opened here, where nobody can wait
 * for us yet.
 */
static int vprime_commit_publish(struct drm_atomic_commit *commit,
				 bool nonblock, unsigned long until,
				 long *patience)
{
	int ret;

	vprime_plane_begin_idle(commit, until);
	ret = vprime_writeback_publish(commit, nonblock, until);
	if (!ret)
		ret = vprime_plane_publish(commit, until);
	*patience = vprime_patience_left(until);
	if (!ret && !nonblock)
		ret = drm_atomic_helper_wait_for_fences(commit->dev, commit,
							true);

	return ret;
}

/*
 * Whoever unplugs the device waits for the queue once and for all. A commit that
 * comes later, from an ioctl that began earlier, is carried out in the ioctl.
 */
static bool vprime_commit_queue(struct drm_atomic_commit *commit)
{
	struct vprime_device *vdev = to_vprime_device(commit->dev);
	int idx;

	if (!drm_dev_enter(&vdev->drm, &idx))
		return false;
	queue_work(vdev->commit_wq, &commit->commit_work);
	drm_dev_exit(idx);

	return true;
}

/**
 * vprime_commit - &drm_mode_config_funcs.atomic_commit
 * @dev: device
 * @commit: checked
 * @nonblock: do not wait for fences and flips
 *
 * Return: 0; -EBUSY if @nonblock and the last commit is not done, or somebody
 * uses the buffer that the screen is to be written to, or keeps a buffer locked;
 * -ENOMEM, -ERESTARTSYS; what an exporter says.
 */
int vprime_commit(struct drm_device *dev, struct drm_atomic_commit *commit,
		  bool nonblock)
{
	unsigned long until;
	long patience;
	int ret;

	if (commit->async_update) {
		vprime_plane_begin(commit, jiffies + VPRIME_PATIENCE_EARLY);
		return drm_atomic_helper_commit(dev, commit, nonblock);
	}

	ret = drm_atomic_helper_setup_commit(commit, nonblock);
	if (ret)
		return ret;
	INIT_WORK(&commit->commit_work, vprime_commit_work);

	until = jiffies + (nonblock ? VPRIME_PATIENCE_EARLY : VPRIME_PATIENCE);
	vprime_plane_begin(commit, until);
	ret = drm_atomic_helper_prepare_planes(dev, commit);
	if (ret)
		return ret;

	ret = vprime_commit_publish(commit, nonblock, until, &patience);
	if (!ret)
		ret = drm_atomic_helper_swap_state(commit, true);
	if (ret) {
		drm_atomic_helper_unprepare_planes(dev, commit);
		return ret;
	}

	/* Nothing fails from here on. */
	drm_atomic_commit_get(commit);
	if (!nonblock || !vprime_commit_queue(commit))
		vprime_commit_carry_out(commit, patience);

	return 0;
}
