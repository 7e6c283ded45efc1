// SPDX-License-Identifier: MIT
/*
 * Pictures to show: the same ones in every run, so that a failure comes again.
 * Subtests fill their framebuffers with them; nothing is known here of where
 * they are shown.
 */
#include "pattern.h"

void pattern_noise(void *memory, size_t size, uint32_t seed)
{
	uint8_t *bytes = memory;

	/* Marsaglia's xorshift with 13, 17, 5; zero would stay zero. */
	seed = seed * 2654435761u | 1;
	for (size_t i = 0; i < size; i++) {
		seed ^= seed << 13;
		seed ^= seed >> 17;
		seed ^= seed << 5;
		bytes[i] = seed >> 16;
	}
}

void pattern_noise_fb(const struct kms_fb *fb, uint32_t seed)
{
	pattern_noise(fb->map, fb->layout.size, seed);
}

static uint32_t *line_of(const struct kms_fb *fb, uint32_t y)
{
	return (uint32_t *)((uint8_t *)fb->map + (size_t)y * fb->layout.pitch[0]);
}

void pattern_alpha_ramp(const struct kms_fb *fb)
{
	for (uint32_t y = 0; y < fb->height; y++) {
		uint32_t color = y * 255 / (fb->height - 1);

		for (uint32_t x = 0; x < fb->width; x++) {
			uint32_t alpha = x * 255 / (fb->width - 1);

			line_of(fb, y)[x] = alpha << 24 | color << 16 | (255 - color) << 8 |
					    (color * alpha / 255);
		}
	}
}

void pattern_plain(const struct kms_fb *fb, uint32_t argb)
{
	for (uint32_t y = 0; y < fb->height; y++)
		for (uint32_t x = 0; x < fb->width; x++)
			line_of(fb, y)[x] = argb;
}

void pattern_swap_red_blue(const struct kms_fb *fb, const struct kms_fb *from)
{
	for (uint32_t y = 0; y < fb->height; y++) {
		for (uint32_t x = 0; x < fb->width; x++) {
			uint32_t pixel = line_of(from, y)[x];

			line_of(fb, y)[x] = (pixel & 0xff00ff00) | (pixel >> 16 & 0xff) |
					    (pixel & 0xff) << 16;
		}
	}
}
