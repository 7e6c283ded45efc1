// SPDX-License-Identifier: GPL-2.0-only
/*
 * The immutable frame: made by a commit, read by the composer and whoever
 * consumes the picture. See "The picture road" in Documentation/dataflow.rst.
 */

#include <linux/slab.h>

#include "vprime_crtc.h"
#include "vprime_fb.h"
#include "vprime_frame.h"
#include "vprime_grab.h"
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
	struct vprime_frame *frame = kzalloc_obj(*frame, GFP_KERNEL_ACCOUNT);

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
	for (i = 0; i < ARRAY_SIZE(frame->grabs); i++)
		vprime_grab_put(frame->grabs[i]);
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

/**
 * vprime_frame_picture - the lowest layer of a frame
 * @frame: frame
 *
 * Return: the lowest layer that is not the cursor, or NULL.
 */
const struct vprime_layer *vprime_frame_picture(const struct vprime_frame *frame)
{
	unsigned int i;

	for (i = 0; i < frame->n_layers; i++)
		if (!frame->layers[i].cursor)
			return &frame->layers[i];

	return NULL;
}

/**
 * vprime_frame_cursor - the cursor of a frame
 * @frame: frame
 *
 * Return: the cursor's layer, or NULL if none is to be seen.
 */
const struct vprime_layer *vprime_frame_cursor(const struct vprime_frame *frame)
{
	unsigned int i;

	for (i = 0; i < frame->n_layers; i++)
		if (frame->layers[i].cursor)
			return &frame->layers[i];

	return NULL;
}

/**
 * vprime_frame_direct - ask whether one buffer is the whole picture
 * @frame: frame
 * @without_cursor: the cursor is no part of the picture
 * @yuv: the picture may be YCbCr
 *
 * Return: true if the picture of vprime_frame_picture() is what is on the screen, and
 * the buffer may be handed out.
 */
bool vprime_frame_direct(const struct vprime_frame *frame, bool without_cursor,
			 bool yuv)
{
	const struct vprime_layer *picture = vprime_frame_picture(frame);
	unsigned int others = 1;

	if (without_cursor && vprime_frame_cursor(frame))
		others++;

	return picture && frame->n_layers == others && picture->opaque &&
	       (yuv || !picture->image.format->is_yuv) &&
	       !picture->src_x && !picture->src_y &&
	       !picture->dst.x1 && !picture->dst.y1 &&
	       picture->dst.x2 == frame->width &&
	       picture->dst.y2 == frame->height &&
	       !vprime_fb_is_internal(vprime_source_fb(picture->source));
}

static bool vprime_frame_has(const struct vprime_frame *frame,
			     const struct vprime_layer *layer)
{
	unsigned int i;

	for (i = 0; i < frame->n_layers; i++)
		if (frame->layers[i].image.data[0] == layer->image.data[0])
			return true;

	return false;
}

/**
 * vprime_frame_retired - ask whether a frame shows a buffer that another does not
 * @frame: frame
 * @shown: the other, which is on the screen now
 * @all: look at all layers of @frame
 * @cursor: look at its cursor
 *
 * Return: true if the owner of the buffer may think that it is free.
 */
bool vprime_frame_retired(const struct vprime_frame *frame,
			  const struct vprime_frame *shown, bool all,
			  bool cursor)
{
	const struct vprime_layer *layer;
	unsigned int i;

	for (i = 0; i < frame->n_layers; i++) {
		layer = &frame->layers[i];
		if ((all || (cursor && layer->cursor)) &&
		    !vprime_frame_has(shown, layer))
			return true;
	}

	return false;
}
