// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scene: what each plane shows, and the frame made of it. Planes say what they
 * show during a commit, the CRTC publishes it at the end. It knows nothing of DRM's
 * plane states, nor of who looks at the picture.
 *
 * The current frame is replaced, never changed: whoever composes it holds a
 * reference and needs no lock.
 */

#include "vprime_crtc.h"
#include "vprime_damage.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_scene.h"
#include "vprime_source.h"

/**
 * vprime_scene_set_layer - say what a plane shows from the next frame on
 * @vcrtc: CRTC; the caller holds its scene_lock
 * @slot: the plane's slot
 * @layer: what it shows; the scene takes a reference of its own. NULL: nothing
 */
void vprime_scene_set_layer(struct vprime_crtc *vcrtc, unsigned int slot,
			    const struct vprime_layer *layer)
{
	struct vprime_layer *at = &vcrtc->scene[slot];
	struct vprime_source *old = at->source;

	lockdep_assert_held(&vcrtc->scene_lock);

	if (layer) {
		*at = *layer;
		vprime_source_get(at->source);
	} else {
		at->source = NULL;
	}
	vprime_source_put(old);
}

/* Takes over the caller's reference on @frame, which may be NULL. */
static void vprime_scene_replace_frame(struct vprime_crtc *vcrtc,
				       struct vprime_frame *frame)
{
	struct vprime_frame *old;

	lockdep_assert_held(&vcrtc->scene_lock);

	spin_lock_irq(&vcrtc->lock);
	old = vcrtc->frame;
	vcrtc->frame = frame;
	if (frame && frame->writeback)
		vprime_crtc_queue_locked(vcrtc, frame);
	spin_unlock_irq(&vcrtc->lock);

	if (frame)
		vprime_feed_publish(&vcrtc->feed, frame);
	vprime_frame_put(old);
}

/**
 * vprime_scene_publish - make what the planes show the picture on the screen
 * @vcrtc: CRTC; the caller holds its scene_lock
 * @state: the checked state of the CRTC; its frame is used up
 */
void vprime_scene_publish(struct vprime_crtc *vcrtc,
			  struct vprime_crtc_state *state)
{
	struct vprime_frame *frame = state->frame;

	lockdep_assert_held(&vcrtc->scene_lock);

	state->frame = NULL;
	frame->width = state->base.mode.hdisplay;
	frame->height = state->base.mode.vdisplay;
	frame->colorimetry = vcrtc->colorimetry;
	vprime_frame_stack(frame, vcrtc->scene);
	vprime_scene_replace_frame(vcrtc, frame);
}

static void vprime_scene_damage_layer(struct vprime_crtc *vcrtc,
				      unsigned int slot,
				      struct vprime_frame *frame)
{
	if (vcrtc->scene[slot].source)
		vprime_damage_add(&frame->damage, &vcrtc->scene[slot].dst);
}

/**
 * vprime_scene_update_layer - change one plane at once, outside a full commit
 * @vcrtc: CRTC
 * @slot: the plane's slot
 * @layer: what it shows; the scene takes a reference of its own. NULL: nothing
 * @state: the checked state of the CRTC; its frame is used up
 */
void vprime_scene_update_layer(struct vprime_crtc *vcrtc, unsigned int slot,
			       const struct vprime_layer *layer,
			       struct vprime_crtc_state *state)
{
	mutex_lock(&vcrtc->scene_lock);
	vprime_scene_damage_layer(vcrtc, slot, state->frame);
	vprime_scene_set_layer(vcrtc, slot, layer);
	vprime_scene_damage_layer(vcrtc, slot, state->frame);
	vprime_scene_publish(vcrtc, state);
	mutex_unlock(&vcrtc->scene_lock);
}

/**
 * vprime_scene_clear - show nothing any more
 * @vcrtc: CRTC
 */
void vprime_scene_clear(struct vprime_crtc *vcrtc)
{
	unsigned int slot;

	mutex_lock(&vcrtc->scene_lock);
	for (slot = 0; slot < VPRIME_MAX_LAYERS; slot++)
		vprime_scene_set_layer(vcrtc, slot, NULL);
	vprime_scene_replace_frame(vcrtc, NULL);
	mutex_unlock(&vcrtc->scene_lock);
}
