// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scene: what each plane shows, and the frame made of it. Planes say what they
 * show during a commit, the CRTC publishes it at the end. It knows nothing of DRM's
 * plane states, nor of who looks at the picture.
 *
 * The current frame is replaced, never changed: whoever composes it holds a
 * reference and needs no lock.
 */

#include <linux/workqueue.h>

#include "vprime_crtc.h"
#include "vprime_damage.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_scene.h"
#include "vprime_source.h"

/* How often it is looked whether somebody who was late is done. */
#define LATE_INTERVAL msecs_to_jiffies(20)

static void vprime_scene_replace_layer(struct vprime_layer *at,
				       const struct vprime_layer *layer)
{
	struct vprime_source *old = at->source;

	if (layer) {
		*at = *layer;
		vprime_source_get(at->source);
	} else {
		at->source = NULL;
	}
	vprime_source_put(old);
}

/**
 * vprime_scene_set_layer - say what a plane shows from the next frame on
 * @vcrtc: CRTC; the caller holds its scene_lock
 * @slot: the plane's slot
 * @layer: what it shows; the scene takes a reference of its own. NULL, or one without
 *	a source: nothing. One whose source is not open: nothing either, until it can
 *	be read
 */
void vprime_scene_set_layer(struct vprime_crtc *vcrtc, unsigned int slot,
			    const struct vprime_layer *layer)
{
	bool shown = layer && layer->source;
	bool late = shown && !vprime_source_is_open(layer->source);

	lockdep_assert_held(&vcrtc->scene_lock);

	vprime_scene_replace_layer(&vcrtc->scene[slot],
				   shown && !late ? layer : NULL);
	vprime_scene_replace_layer(&vcrtc->late[slot], late ? layer : NULL);
	if (late)
		queue_delayed_work(system_dfl_wq, &vcrtc->late_work,
				   LATE_INTERVAL);
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

static void vprime_scene_publish_frame(struct vprime_crtc *vcrtc,
				       struct vprime_frame *frame)
{
	frame->width = vcrtc->width;
	frame->height = vcrtc->height;
	frame->colorimetry = vcrtc->colorimetry;
	vprime_frame_stack(frame, vcrtc->scene);
	vprime_scene_replace_frame(vcrtc, frame);
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
	vcrtc->width = state->base.mode.hdisplay;
	vcrtc->height = state->base.mode.vdisplay;
	vprime_scene_publish_frame(vcrtc, frame);
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

/* Shows what has become readable in @frame; false if there is nothing. */
static bool vprime_scene_catch_up(struct vprime_crtc *vcrtc,
				  struct vprime_frame *frame, bool *more)
{
	struct vprime_layer layer;
	unsigned int slot;
	bool any = false;

	lockdep_assert_held(&vcrtc->scene_lock);

	for (slot = 0; slot < VPRIME_MAX_LAYERS; slot++) {
		layer = vcrtc->late[slot];
		if (!layer.source)
			continue;
		if (!vprime_source_try(layer.source)) {
			*more = true;
			continue;
		}
		vprime_source_get(layer.source);
		vprime_scene_set_layer(vcrtc, slot, &layer);
		vprime_source_put(layer.source);
		vprime_damage_add(&frame->damage, &layer.dst);
		any = true;
	}

	return any;
}

/* Commits went on without these pictures; now they come by themselves. */
static void vprime_scene_late_work(struct work_struct *work)
{
	struct vprime_crtc *vcrtc = container_of(to_delayed_work(work),
						 struct vprime_crtc, late_work);
	struct vprime_frame *frame = vprime_frame_create(vcrtc);
	bool more = !frame;

	mutex_lock(&vcrtc->scene_lock);
	if (frame && vcrtc->frame &&
	    vprime_scene_catch_up(vcrtc, frame, &more)) {
		vprime_scene_publish_frame(vcrtc, frame);
		frame = NULL;
	}
	mutex_unlock(&vcrtc->scene_lock);

	vprime_frame_put(frame);
	if (more)
		queue_delayed_work(system_dfl_wq, &vcrtc->late_work,
				   LATE_INTERVAL);
}

/**
 * vprime_scene_init - initialise a CRTC's scene
 * @vcrtc: CRTC
 */
void vprime_scene_init(struct vprime_crtc *vcrtc)
{
	INIT_DELAYED_WORK(&vcrtc->late_work, vprime_scene_late_work);
}

/**
 * vprime_scene_stop - wait for nobody who is late any more
 * @vcrtc: CRTC, which nobody switches on again
 */
void vprime_scene_stop(struct vprime_crtc *vcrtc)
{
	disable_delayed_work_sync(&vcrtc->late_work);
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
