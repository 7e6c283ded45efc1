/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_H
#define PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "kms_fb.h"

/**
 * struct pixel - one pixel as Documentation/composition.rst has it
 * @r: red, 0 to 65535
 * @g: green
 * @b: blue
 * @a: alpha
 */
struct pixel {
	uint16_t r, g, b, a;
};

/**
 * struct picture - the screen, as it should be
 * @width: pixels across
 * @height: pixels down
 * @pixels: line by line
 */
struct picture {
	uint32_t width;
	uint32_t height;
	struct pixel *pixels;
};

struct color_reading;

/* A black one. It is freed by picture_free(), or never: a test is short. */
struct picture picture_new(uint32_t width, uint32_t height);
void picture_free(struct picture *picture);

/*
 * One pixel of a mapped framebuffer, by the documented formulas in long double.
 * @color says how Y'CbCr is read and may be NULL for RGB.
 */
struct pixel picture_read(const struct kms_fb *fb, const struct color_reading *color,
			  uint32_t x, uint32_t y);

/*
 * Asserts that a mapped RGB framebuffer holds the picture, each channel to
 * @tolerance of the units it is written in.
 */
void picture_assert_in_fb(const struct picture *picture, const struct kms_fb *fb,
			  int tolerance);

/* The documented CRC of the picture. */
uint32_t picture_crc(const struct picture *picture);

#endif
