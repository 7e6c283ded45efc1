// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CRTC: goes on and off, counts vblanks, and has frames composed when somebody
 * wants them. DRM calls it during a commit, the vblank timer and writeback ask it
 * for compositions. What is on the screen is vprime_scene.c's.
 */

#include <linux/dma-fence.h>
#include <linux/hrtimer.h>
#include <linux/sizes.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>
#include <drm/drm_vblank.h>
#include <drm/drm_vblank_helper.h>

#include "vprime_composer.h"
#include "vprime_coverage.h"
#include "vprime_crc.h"
#include "vprime_crtc.h"
#include "vprime_damage.h"
#include "vprime_drv.h"
#include "vprime_feed.h"
#include "vprime_grab.h"
#include "vprime_mode.h"
#include "vprime_pixel.h"
#include "vprime_scene.h"
#include "vprime_writeback.h"

/**
 * vprime_crtc_queue_locked - have a frame composed
 * @vcrtc: CRTC; the caller holds its lock
 * @frame: frame
 *
 * Context: any.
 */
void vprime_crtc_queue_locked(struct vprime_crtc *vcrtc,
			      struct vprime_frame *frame)
{
	lockdep_assert_held(&vcrtc->lock);

	/* The work drops what it holds, maybe before queue_work() is back. */
	vprime_frame_get(frame);
	if (!queue_work(vcrtc->compose_wq, &frame->work))
		vprime_frame_put(frame);
}

/**
 * vprime_crtc_compose_work - compose a frame for all who want it now
 * @work: &vprime_frame.work
 */
void vprime_crtc_compose_work(struct work_struct *work)
{
	struct vprime_frame *frame =
		container_of(work, struct vprime_frame, work);
	struct vprime_crtc *vcrtc = frame->vcrtc;
	struct vprime_traffic *traffic =
		&to_vprime_device(vcrtc->base.dev)->traffic;
	struct vprime_writeback_job *job = frame->writeback;
	struct vprime_grab *grabs[2];
	struct vprime_crc_sink crc;
	struct vprime_sink *sinks[3];
	unsigned int n = 0;
	bool cookie;

	vprime_coverage_start();
	frame->writeback = NULL;
	cookie = dma_fence_begin_signalling();
	if (job && vprime_writeback_start(job))
		sinks[n++] = vprime_writeback_sink(job);
	if (vprime_crc_start(frame, &crc))
		sinks[n++] = &crc.base;
	vprime_feed_compose_start(&vcrtc->feed, frame, grabs);
	if (grabs[0])
		sinks[n++] = &grabs[0]->sink;
	if (n)
		vprime_compose(frame, vcrtc->lines, true, sinks, n, traffic);
	vprime_crc_finish(frame, &crc);
	if (grabs[1]) {
		sinks[0] = &grabs[1]->sink;
		vprime_compose(frame, vcrtc->lines, false, sinks, 1, traffic);
	}
	vprime_feed_compose_finish(&vcrtc->feed, grabs);
	dma_fence_end_signalling(cookie);

	if (job)
		vprime_writeback_finish(job);
	vprime_frame_put(frame);
	vprime_coverage_stop();
}

static bool vprime_crtc_handle_vblank_timeout(struct drm_crtc *crtc)
{
	bool on = drm_crtc_handle_vblank(crtc);

	if (on) {
		vprime_crc_vblank(to_vprime_crtc(crtc));
		vprime_feed_vblank(&to_vprime_crtc(crtc)->feed);
	}

	return on;
}

static enum drm_mode_status
vprime_crtc_mode_valid(struct drm_crtc *crtc,
		       const struct drm_display_mode *mode)
{
	return vprime_mode_valid(mode);
}

/* A writeback connector comes and goes without the screen going dark. */
static void vprime_crtc_check_routing(const struct drm_crtc_state *old,
				      struct drm_crtc_state *new)
{
	struct vprime_device *vdev = to_vprime_device(new->crtc->dev);

	if ((old->connector_mask ^ new->connector_mask) ==
	    drm_connector_mask(&vdev->writeback.base))
		new->connectors_changed = false;
}

static int vprime_crtc_atomic_check(struct drm_crtc *crtc,
				    struct drm_atomic_commit *commit)
{
	struct drm_crtc_state *new = drm_atomic_get_new_crtc_state(commit, crtc);
	struct vprime_crtc_state *state = to_vprime_crtc_state(new);

	/* DRM asks of a mode only if it finds that it is another one. */
	if (new->enable && vprime_mode_valid(&new->mode) != MODE_OK)
		return -EINVAL;

	vprime_crtc_check_routing(drm_atomic_get_old_crtc_state(commit, crtc),
				  new);

	if (!state->flip)
		state->flip = vprime_flip_create(to_vprime_crtc(crtc));
	if (!state->flip)
		return -ENOMEM;

	if (!new->active || state->frame)
		return 0;

	state->frame = vprime_frame_create(to_vprime_crtc(crtc));

	return state->frame ? 0 : -ENOMEM;
}

/**
 * vprime_crtc_take_flip - take the scan-out fence of a commit
 * @commit: commit, its states swapped and its work on them not done
 *
 * Return: the flip, which is the caller's; NULL if the CRTC is not in @commit.
 */
struct vprime_flip *vprime_crtc_take_flip(struct drm_atomic_commit *commit)
{
	struct drm_crtc *crtc = &to_vprime_device(commit->dev)->vcrtc->base;
	struct drm_crtc_state *new =
		drm_atomic_get_new_crtc_state(commit, crtc);
	struct vprime_flip *flip;

	if (!new)
		return NULL;

	flip = to_vprime_crtc_state(new)->flip;
	to_vprime_crtc_state(new)->flip = NULL;

	return flip;
}

static void vprime_crtc_atomic_begin(struct drm_crtc *crtc,
				     struct drm_atomic_commit *commit)
{
	mutex_lock(&to_vprime_crtc(crtc)->scene_lock);
}

static void vprime_crtc_atomic_flush(struct drm_crtc *crtc,
				     struct drm_atomic_commit *commit)
{
	struct vprime_crtc *vcrtc = to_vprime_crtc(crtc);
	struct vprime_crtc_state *state = to_vprime_crtc_state(crtc->state);
	struct vprime_device *vdev = to_vprime_device(crtc->dev);

	vprime_damage_commit(&state->frame->damage, crtc, commit);
	if (vprime_colorimetry_commit(&vcrtc->colorimetry, &vdev->connector,
				      commit))
		vprime_damage_all(&state->frame->damage,
				  state->base.mode.hdisplay,
				  state->base.mode.vdisplay);
	vprime_scene_publish(vcrtc, state);
	mutex_unlock(&vcrtc->scene_lock);

	if (!vprime_feed_take_event(&vcrtc->feed, commit))
		drm_crtc_vblank_atomic_flush(crtc, commit);
}

/*
 * DRM's vblank timer is started with spinlocks held, and the start waits for a run
 * that may still be at those locks when the screen goes on again right away. Here
 * no lock is held, so here it is waited for.
 */
static void vprime_crtc_end_vblank_timer(struct drm_crtc *crtc)
{
	struct drm_vblank_crtc *vblank = drm_crtc_vblank_crtc(crtc);

	if (vblank->vblank_timer.crtc)
		hrtimer_cancel(&vblank->vblank_timer.timer);
}

static void vprime_crtc_atomic_disable(struct drm_crtc *crtc,
				       struct drm_atomic_commit *commit)
{
	struct vprime_crtc *vcrtc = to_vprime_crtc(crtc);

	vprime_feed_disable(&vcrtc->feed);
	drm_crtc_vblank_off(crtc);
	vprime_crtc_end_vblank_timer(crtc);

	vprime_scene_clear(vcrtc);

	/* Nothing flushes a CRTC that stays off. */
	if (!crtc->state->active)
		drm_crtc_vblank_atomic_flush(crtc, commit);
}

static const struct drm_crtc_helper_funcs vprime_crtc_helper_funcs = {
	.mode_valid = vprime_crtc_mode_valid,
	.atomic_check = vprime_crtc_atomic_check,
	.atomic_begin = vprime_crtc_atomic_begin,
	.atomic_flush = vprime_crtc_atomic_flush,
	.atomic_enable = drm_crtc_vblank_atomic_enable,
	.atomic_disable = vprime_crtc_atomic_disable,
	.handle_vblank_timeout = vprime_crtc_handle_vblank_timeout,
};

static struct drm_crtc_state *
vprime_crtc_duplicate_state(struct drm_crtc *crtc)
{
	struct vprime_crtc_state *state = kzalloc_obj(*state);

	if (!state)
		return NULL;
	__drm_atomic_helper_crtc_duplicate_state(crtc, &state->base);

	return &state->base;
}

static void vprime_crtc_destroy_state(struct drm_crtc *crtc,
				      struct drm_crtc_state *base)
{
	struct vprime_crtc_state *state = to_vprime_crtc_state(base);

	__drm_atomic_helper_crtc_destroy_state(base);
	vprime_frame_put(state->frame);
	vprime_flip_cancel(state->flip);
	kfree(state);
}

static void vprime_crtc_reset(struct drm_crtc *crtc)
{
	struct vprime_crtc_state *state = kzalloc_obj(*state, GFP_KERNEL_ACCOUNT);

	if (crtc->state)
		vprime_crtc_destroy_state(crtc, crtc->state);
	__drm_atomic_helper_crtc_reset(crtc, state ? &state->base : NULL);
}

static const struct drm_crtc_funcs vprime_crtc_funcs = {
	.reset = vprime_crtc_reset,
	.set_config = drm_atomic_helper_set_config,
	.page_flip = drm_atomic_helper_page_flip,
	.atomic_duplicate_state = vprime_crtc_duplicate_state,
	.atomic_destroy_state = vprime_crtc_destroy_state,
	.set_crc_source = vprime_crc_set_source,
	.verify_crc_source = vprime_crc_verify_source,
	.get_crc_sources = vprime_crc_get_sources,
	DRM_CRTC_VBLANK_TIMER_FUNCS,
};

/**
 * vprime_crtc_create - make a device's CRTC
 * @vdev: device; gets the CRTC, which lives as long
 * @primary: primary plane
 * @cursor: cursor plane
 *
 * Return: 0 or a negative error code.
 */
int vprime_crtc_create(struct vprime_device *vdev, struct drm_plane *primary,
		       struct drm_plane *cursor)
{
	struct drm_device *dev = &vdev->drm;
	struct vprime_crtc *vcrtc;
	unsigned int i;

	vcrtc = drmm_crtc_alloc_with_planes(dev, struct vprime_crtc, base,
					    primary, cursor,
					    &vprime_crtc_funcs, NULL);
	if (IS_ERR(vcrtc))
		return PTR_ERR(vcrtc);

	drm_crtc_helper_add(&vcrtc->base, &vprime_crtc_helper_funcs);
	spin_lock_init(&vcrtc->lock);
	drmm_mutex_init(dev, &vcrtc->scene_lock);
	vprime_scene_init(vcrtc);
	vprime_feed_init(&vcrtc->feed, vcrtc);

	for (i = 0; i < ARRAY_SIZE(vcrtc->lines); i++) {
		vcrtc->lines[i] = drmm_kmalloc_array(dev, VPRIME_MAX_WIDTH,
						     sizeof(*vcrtc->lines[i]),
						     GFP_KERNEL);
		if (!vcrtc->lines[i])
			return -ENOMEM;
	}

	vcrtc->compose_wq = drmm_alloc_ordered_workqueue(dev, "vprime_compose",
							 WQ_MEM_RECLAIM);
	if (IS_ERR(vcrtc->compose_wq))
		return PTR_ERR(vcrtc->compose_wq);

	vdev->vcrtc = vcrtc;

	return 0;
}
