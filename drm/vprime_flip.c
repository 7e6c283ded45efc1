// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scan-out as a reader: the fence of one commit on one CRTC, put on the buffers
 * that the commit takes off the screen and on those that it shows. Commits call
 * it. See "Scan-out is a reader" in Documentation/fences.rst for why it ends
 * with the flip and not with the picture.
 */

#include <linux/slab.h>
#include <linux/workqueue.h>

#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>

#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_fence.h"
#include "vprime_flip.h"

struct vprime_flip {
	struct vprime_crtc *vcrtc;
	struct vprime_fence *fence;
	struct work_struct work;
};

static void vprime_flip_work(struct work_struct *work)
{
	vprime_flip_cancel(container_of(work, struct vprime_flip, work));
}

/**
 * vprime_flip_create - make the scan-out fence of a commit
 * @vcrtc: CRTC
 *
 * Called when a commit is checked. Each fence has a context of its own, for a
 * commit that fails ends before one that was made earlier.
 *
 * Return: for vprime_flip_finish() or vprime_flip_cancel(); NULL if there is no
 * memory.
 */
struct vprime_flip *vprime_flip_create(struct vprime_crtc *vcrtc)
{
	struct vprime_flip *flip = kzalloc_obj(*flip, GFP_KERNEL_ACCOUNT);

	if (!flip)
		return NULL;

	flip->fence = vprime_fence_create(to_vprime_device(vcrtc->base.dev),
					  VPRIME_FENCE_SCANOUT,
					  dma_fence_context_alloc(1), 1);
	if (!flip->fence) {
		kfree(flip);
		return NULL;
	}
	flip->vcrtc = vcrtc;
	INIT_WORK(&flip->work, vprime_flip_work);

	return flip;
}

/**
 * vprime_flip_publish - tell others that a framebuffer is read until the flip
 * @flip: flip of the commit
 * @fb: framebuffer, or NULL
 * @until: jiffies
 *
 * Context: process, no dma_resv lock held, before the commit can't fail.
 *
 * Return: as vprime_fence_add().
 */
int vprime_flip_publish(struct vprime_flip *flip, struct drm_framebuffer *fb,
			unsigned long until)
{
	unsigned int i;
	int ret;

	if (!fb)
		return 0;

	vprime_fence_arm(flip->fence, VPRIME_FENCE_LIMIT_MS);
	for (i = 0; i < fb->format->num_planes; i++) {
		ret = vprime_fence_add(fb->obj[i], &flip->fence->base, false,
				       until);
		if (ret)
			return ret;
	}

	return 0;
}

/**
 * vprime_flip_finish - the flip has come: signal its fence
 * @flip: flip or NULL; must not be used any more
 *
 * Signals after the compositions that were queued until now, for they read the
 * buffers that left the screen.
 *
 * Context: any; part of what others wait for.
 */
void vprime_flip_finish(struct vprime_flip *flip)
{
	if (flip)
		queue_work(flip->vcrtc->compose_wq, &flip->work);
}

/**
 * vprime_flip_cancel - signal a flip's fence now
 * @flip: flip or NULL; must not be used any more
 *
 * Context: process.
 */
void vprime_flip_cancel(struct vprime_flip *flip)
{
	bool cookie;

	if (!flip)
		return;

	cookie = dma_fence_begin_signalling();
	vprime_fence_end(flip->fence, 0);
	dma_fence_end_signalling(cookie);
	kfree(flip);
}
