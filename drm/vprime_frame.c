// SPDX-License-Identifier: GPL-2.0-only
/*
 * The immutable frame: made by a commit, read by the composer and whoever
 * consumes the picture. See "The picture road" in Documentation/dataflow.rst.
 */

#include <linux/slab.h>

#include "vprime_crtc.h"
#include "vprime_frame.h"
#include "vprime_source.h"

/**
 * vprime_frame_create - allocate an empty frame
 * @vcrtc: whose screen it will be
 *
 * Called when a commit is checked, so that publishing it can't fail.
 *
 * Return: a frame with one reference, or NULL.
 */
struct vprime_frame *vprime_frame_create(struct vprime_crtc *vcrtc)
{
	struct vprime_frame *frame = kzalloc_obj(*frame);

	if (!frame)
		return NULL;

	kref_init(&frame->ref);
	INIT_WORK(&frame->work, vprime_crtc_compose_work);
	frame->vcrtc = vcrtc;

	return frame;
}

/**
 * vprime_frame_get - take a reference
 * @frame: frame
 *
 * Return: @frame.
 */
struct vprime_frame *vprime_frame_get(struct vprime_frame *frame)
{
	kref_get(&frame->ref);
	return frame;
}

static void vprime_frame_release(struct kref *ref)
{
	struct vprime_frame *frame =
		container_of(ref, struct vprime_frame, ref);
	unsigned int i;

	for (i = 0; i < frame->n_layers; i++)
		vprime_source_put(frame->layers[i].source);
	kfree(frame);
}

/**
 * vprime_frame_put - drop a reference
 * @frame: frame or NULL
 *
 * Context: any; takes no lock.
 */
void vprime_frame_put(struct vprime_frame *frame)
{
	if (frame)
		kref_put(&frame->ref, vprime_frame_release);
}

/**
 * vprime_frame_stack - fill a frame with what the planes show
 * @frame: frame, empty and not published yet
 * @scene: VPRIME_MAX_LAYERS layers in the order of the planes' ids; the frame
 *	takes references of its own
 */
void vprime_frame_stack(struct vprime_frame *frame,
			const struct vprime_layer *scene)
{
	struct vprime_layer *layers = frame->layers;
	unsigned int i, at;

	for (i = 0; i < VPRIME_MAX_LAYERS; i++) {
		if (!scene[i].source)
			continue;

		at = frame->n_layers++;
		for (; at && layers[at - 1].zpos > scene[i].zpos; at--)
			layers[at] = layers[at - 1];
		layers[at] = scene[i];
		vprime_source_get(scene[i].source);
	}
}
