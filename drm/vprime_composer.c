// SPDX-License-Identifier: GPL-2.0-only
/*
 * The composer: turns a frame into lines and hands each line to all who want
 * it. Called by the CRTC's worker. It reads the frame and nothing else: no DRM
 * state, no GEM object, no lock, no allocation.
 */

#include <linux/sched.h>
#include <linux/string.h>

#include "vprime_blend.h"
#include "vprime_composer.h"
#include "vprime_frame.h"
#include "vprime_image.h"
#include "vprime_pixel.h"
#include "vprime_traffic.h"

static size_t compose_layer(const struct vprime_layer *layer, int y,
			    struct vprime_pixel *line,
			    struct vprime_pixel *scratch)
{
	unsigned int count = drm_rect_width(&layer->dst);
	struct vprime_pixel *below = line + layer->dst.x1;
	int src_y = layer->src_y + y - layer->dst.y1;

	if (y < layer->dst.y1 || y >= layer->dst.y2)
		return 0;

	if (layer->opaque) {
		vprime_image_read(&layer->image, layer->src_x, src_y, count,
				  below);
		return vprime_image_bytes(&layer->image, layer->src_x, count);
	}
	vprime_image_read(&layer->image, layer->src_x, src_y, count, scratch);
	vprime_blend_line(below, scratch, count, layer->blend, layer->alpha);

	return vprime_image_bytes(&layer->image, layer->src_x, count);
}

static bool covers_line(const struct vprime_frame *frame, int y)
{
	const struct vprime_layer *lowest = &frame->layers[0];

	return frame->n_layers && lowest->opaque &&
	       lowest->dst.x1 == 0 && lowest->dst.x2 == frame->width &&
	       y >= lowest->dst.y1 && y < lowest->dst.y2;
}

static size_t compose_line(const struct vprime_frame *frame, int y, bool cursor,
			   struct vprime_pixel *line,
			   struct vprime_pixel *scratch)
{
	size_t bytes = 0;
	unsigned int i;

	if (!covers_line(frame, y))
		vprime_blend_clear_line(line, frame->width);
	for (i = 0; i < frame->n_layers; i++)
		if (cursor || !frame->layers[i].cursor)
			bytes += compose_layer(&frame->layers[i], y, line,
					       scratch);

	return bytes;
}

/**
 * vprime_compose - compose a frame, once for all who want it
 * @frame: frame; the caller holds a reference
 * @lines: two buffers of as many pixels as the frame is wide
 * @cursor: the cursor is part of the picture
 * @sinks: who takes the lines
 * @n_sinks: how many they are
 * @traffic: counts what is read and written
 *
 * Context: process. Part of what a writeback fence waits for: it must not
 * allocate and must not take a lock that is held while fences are waited for.
 */
void vprime_compose(const struct vprime_frame *frame,
		    struct vprime_pixel *lines[2], bool cursor,
		    struct vprime_sink *const sinks[], unsigned int n_sinks,
		    struct vprime_traffic *traffic)
{
	size_t read = 0, written = 0;
	unsigned int i, y;

	for (y = 0; y < frame->height; y++) {
		read += compose_line(frame, y, cursor, lines[0], lines[1]);
		for (i = 0; i < n_sinks; i++)
			written += sinks[i]->line(sinks[i], y, frame->width,
						  lines[0]);
		cond_resched();
	}
	atomic64_add(read, &traffic->read);
	atomic64_add(written, &traffic->written);
}
