/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The composer's pixel and the arithmetic of its channels: see "Channels" in
 * Documentation/composition.rst, where every formula here is stated.
 */
#ifndef VPRIME_PIXEL_H
#define VPRIME_PIXEL_H

#include <linux/math64.h>
#include <linux/types.h>

#define VPRIME_CHANNEL_MAX 0xffffu

/**
 * struct vprime_pixel - one pixel of a composed or half-composed line
 * @b: blue
 * @g: green
 * @r: red
 * @a: alpha
 *
 * The order of the members is the order in which a CRC takes them.
 */
struct vprime_pixel {
	u16 b, g, r, a;
};

/* @bits is a constant; the divisions by constants become multiplications. */
static __always_inline u16 vprime_channel_expand(u32 value, unsigned int bits)
{
	const u32 max = (1u << bits) - 1;

	return (value * VPRIME_CHANNEL_MAX + max / 2) / max;
}

static __always_inline u32 vprime_channel_pack(u16 channel, unsigned int bits)
{
	const u32 max = (1u << bits) - 1;

	return (channel * max + VPRIME_CHANNEL_MAX / 2) / VPRIME_CHANNEL_MAX;
}

static __always_inline struct vprime_pixel
vprime_pixel_rgba8(u8 r, u8 g, u8 b, u8 a)
{
	return (struct vprime_pixel){
		.r = r * 257u,
		.g = g * 257u,
		.b = b * 257u,
		.a = a * 257u,
	};
}

#endif /* VPRIME_PIXEL_H */
