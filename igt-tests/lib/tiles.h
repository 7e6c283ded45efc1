/* SPDX-License-Identifier: MIT */
#ifndef TILES_H
#define TILES_H

#include <stdint.h>

#include "screen.h"

/*
 * A framebuffer in tiles, its pitch one tile more than it needs, every byte 0x77.
 * Its map and its layout are those of the tiles. Freed by the next screen_reset().
 */
struct kms_fb *tiles_fb(struct screen *screen, const char *format, uint32_t width,
			uint32_t height);

/*
 * Registers one on any card, of a buffer that is laid out like @tiled. Returns 0
 * or the errno as a positive number.
 */
int tiles_add_fb(int card, const struct kms_fb *tiled, uint32_t handle, uint32_t *id);

/* Copies a picture of the same format and size, whose lines are linear, in or out. */
void tiles_put(const struct kms_fb *tiled, const struct kms_fb *linear);
void tiles_take(const struct kms_fb *tiled, const struct kms_fb *linear);

/* Asserts that what is no pixel is as tiles_fb() made it. */
void tiles_assert_padding(const struct kms_fb *tiled);

/* For a layer: shown is the framebuffer in tiles, expected is the linear picture. */
struct kms_fb tiles_layer_fb(const struct kms_fb *tiled, const struct kms_fb *linear);

#endif
