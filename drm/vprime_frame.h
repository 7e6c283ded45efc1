/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_FRAME_H
#define VPRIME_FRAME_H

#include <linux/kref.h>
#include <linux/types.h>
#include <linux/workqueue_types.h>

#include <drm/drm_rect.h>

#include "vprime_blend.h"
#include "vprime_colorimetry.h"
#include "vprime_damage.h"
#include "vprime_format.h"

struct vprime_crtc;
struct vprime_grab;
struct vprime_source;
struct vprime_writeback_job;

#define VPRIME_MAX_LAYERS 4

/**
 * struct vprime_layer - a plane as the composer needs it: plain numbers
 * @source: keeps the memory of @image mapped; the layer holds a reference.
 *	NULL: nothing is shown
 * @image: pixels
 * @src_x: column of @image that @dst begins with
 * @src_y: line of @image that @dst begins with
 * @dst: where it is on the screen, clipped to it
 * @zpos: height in the stack
 * @alpha: the plane's alpha property
 * @blend: formula
 * @opaque: every pixel replaces what is below it
 * @cursor: it is the cursor plane's
 * @encoding: enum drm_color_encoding, for YUV
 * @range: enum drm_color_range, for YUV
 */
struct vprime_layer {
	struct vprime_source *source;
	struct vprime_image image;
	int src_x, src_y;
	struct drm_rect dst;
	unsigned int zpos;
	u16 alpha;
	enum vprime_blend blend;
	bool opaque;
	bool cursor;
	u8 encoding, range;
};

/**
 * struct vprime_frame - one picture of the screen
 *
 * Written by the commit that makes it, up to vprime_scene_publish(); read-only
 * from then on, but for @crc. It holds references on all it shows, and knows
 * no atomic state.
 */
struct vprime_frame {
	/** @ref: held by the CRTC for its current frame, and by @work. */
	struct kref ref;

	/** @vcrtc: whose screen it is; outlives all frames. */
	struct vprime_crtc *vcrtc;

	/** @work: composes the frame; queued on the CRTC's ordered queue. */
	struct work_struct work;

	/** @width: of the screen, pixels. */
	unsigned int width;

	/** @height: of the screen, lines. */
	unsigned int height;

	/** @colorimetry: what its pixels mean. */
	struct vprime_colorimetry colorimetry;

	/** @n_layers: how many of @layers there are. */
	unsigned int n_layers;

	/** @layers: what it shows, the lowest first. */
	struct vprime_layer layers[VPRIME_MAX_LAYERS];

	/**
	 * @damage: against the frame before. Changed by vprime_feed_publish()
	 * last.
	 */
	struct vprime_damage damage;

	/**
	 * @grabs: pictures for screen consumers, with and without the cursor;
	 * references. Protected by &vprime_feed.lock.
	 */
	struct vprime_grab *grabs[2];

	/** @writeback: the commit's writeback job, taken by @work; or NULL. */
	struct vprime_writeback_job *writeback;

	/** @crc: for the CRC consumer. Protected by &vprime_crtc.lock. */
	struct {
		/** @crc.known: @crc.value has been computed. */
		bool known;
		/** @crc.wanted: @crc.first to @crc.last wait for it. */
		bool wanted;
		/** @crc.value: result. */
		u32 value;
		/** @crc.first: vblank count of the first entry waiting. */
		u64 first;
		/** @crc.last: vblank count of the last entry waiting. */
		u64 last;
	} crc;
};

struct vprime_frame *vprime_frame_create(struct vprime_crtc *vcrtc);
struct vprime_frame *vprime_frame_get(struct vprime_frame *frame);
void vprime_frame_put(struct vprime_frame *frame);

void vprime_frame_stack(struct vprime_frame *frame,
			const struct vprime_layer *scene);

const struct vprime_layer *vprime_frame_picture(const struct vprime_frame *frame);
const struct vprime_layer *vprime_frame_cursor(const struct vprime_frame *frame);
bool vprime_frame_direct(const struct vprime_frame *frame, bool without_cursor,
			 bool yuv);
bool vprime_frame_retired(const struct vprime_frame *frame,
			  const struct vprime_frame *shown, bool all,
			  bool cursor);

#endif /* VPRIME_FRAME_H */
