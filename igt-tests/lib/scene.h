/* SPDX-License-Identifier: MIT */
#ifndef SCENE_H
#define SCENE_H

#include <stdint.h>

#include "color_reading.h"
#include "picture.h"
#include "screen.h"

/* Values of "pixel blend mode", in this order. */
enum blend_mode {
	BLEND_PREMULTIPLIED,
	BLEND_COVERAGE,
	BLEND_NONE,
	BLEND_MODES,
};

extern const char *const blend_mode_names[BLEND_MODES];

/**
 * struct layer - what one plane shows
 * @plane: the plane
 * @fb: its framebuffer
 * @x: left edge on the screen, may be outside
 * @y: upper edge on the screen
 * @src_x: left edge of the part of @fb that is shown
 * @src_y: upper edge of that part
 * @src_fraction: parts of 1/65536 pixel, added to both; the screen drops them
 * @width: pixels across of that part
 * @height: pixels down of that part
 * @alpha: the plane's alpha
 * @blend: the plane's blend mode
 * @color: how the plane reads Y'CbCr
 * @zpos: the plane's place in the stack; -1 leaves it as it is
 */
struct layer {
	const struct kms_object *plane;
	const struct kms_fb *fb;
	int32_t x, y;
	uint32_t src_x, src_y;
	uint16_t src_fraction;
	uint32_t width, height;
	uint16_t alpha;
	enum blend_mode blend;
	const struct color_reading *color;
	int zpos;
};

/* All of @fb, opaque, as a plane is when nobody has touched it. */
struct layer layer_new(const struct kms_object *plane, const struct kms_fb *fb,
		       int32_t x, int32_t y);

/*
 * One atomic commit after which the screen shows these layers and nothing else.
 * Returns 0 or a negative errno; the twin without __ asserts.
 */
int __scene_show(struct screen *screen, const struct layer *layers, unsigned int count,
		 uint32_t flags, const struct kms_fb *read_back);
void scene_show(struct screen *screen, const struct layer *layers, unsigned int count);

/* The same, and the screen is read back into @read_back; waits until it is. */
void scene_read_back(struct screen *screen, const struct layer *layers, unsigned int count,
		     const struct kms_fb *read_back);

/* The screen as it is, with nothing changed, goes to @read_back. */
void screen_read_back(struct screen *screen, const struct kms_fb *read_back);

/* What the screen should show, by Documentation/composition.rst. */
struct picture scene_compose(const struct screen *screen, const struct layer *layers,
			     unsigned int count);

/*
 * Shows the layers, reads the screen back in @format and asserts that it is what
 * it should be: with @tolerance 0, to the bit.
 */
void scene_check(struct screen *screen, const struct layer *layers, unsigned int count,
		 const char *format, int tolerance);

/* Asserts the same of the screen as it is, whoever made it so. */
void scene_check_shown(struct screen *screen, const struct layer *layers, unsigned int count,
		       const char *format, int tolerance);

#endif
