// SPDX-License-Identifier: MIT
/*
 * The pictures that go from one device to another. They are words, not bytes:
 * an emulated processor makes and compares a screenful of them in milliseconds.
 */
#include <stdlib.h>

#include "igt_api.h"
#include "share.h"

/* The unused byte of XRGB8888 is not handed on by everybody. */
#define COLOR 0xffffff

const char *share_driver(void)
{
	const char *driver = getenv("VPRIME_DRIVER");

	if (!driver)
		driver = getenv("IGT_FORCE_DRIVER");
	return driver ? driver : "vprime";
}

void share_noise(uint32_t *pixels, unsigned int turn)
{
	uint32_t pixel = turn * 0x9e3779b9u + 1;

	for (size_t i = 0; i < SHARE_PIXELS; i++) {
		pixel = pixel * 1664525u + 1013904223u;
		pixels[i] = pixel >> 8;
	}
}

void share_assert_same(const uint32_t *seen, const uint32_t *expected, const char *who)
{
	for (size_t i = 0; i < SHARE_PIXELS; i++)
		igt_assert_f(!((seen[i] ^ expected[i]) & COLOR),
			     "%s (%zu,%zu): %06x, expected %06x\n", who, i % SHARE_WIDTH,
			     i / SHARE_WIDTH, seen[i] & COLOR, expected[i] & COLOR);
}
