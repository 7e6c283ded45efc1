// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blending of one line over another, exact to Documentation/composition.rst.
 * Called by the composer only; knows pixels, not planes, frames or DRM.
 *
 * With M = 65535, a real number x in the formulas is the integer x * M here.
 * M is odd, and so is M * M: no quotient ends in exactly one half, so adding
 * half of the divisor, rounded down, rounds each result to the nearest.
 */

#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "vprime_blend.h"
#include "vprime_pixel.h"

#define M VPRIME_CHANNEL_MAX
#define M2 (M * M)

static_assert((u64)M * M <= U32_MAX);

static __always_inline u16 divide_by_m(u32 value)
{
	return (value + M / 2) / M;
}

/* At most M * M * M + M * M * M: a colour may exceed its alpha. */
static __always_inline u16 divide_by_m2(u64 value)
{
	return min_t(u64, div_u64(value + M2 / 2, M2), M);
}

static __always_inline u16 premulti_opaque(u16 s, u16 sa, u16 d)
{
	return min_t(u32, s + divide_by_m((M - sa) * d), M);
}

static __always_inline u16 premulti(u16 s, u16 sa, u16 d, u16 pa)
{
	u32 alpha = (u32)pa * sa;

	return divide_by_m2((u64)pa * s * M + (u64)(M2 - alpha) * d);
}

static __always_inline u16 coverage(u16 s, u16 sa, u16 d, u16 pa)
{
	u32 alpha = (u32)pa * sa;

	return divide_by_m2((u64)alpha * s + (u64)(M2 - alpha) * d);
}

static __always_inline u16 none(u16 s, u16 d, u16 pa)
{
	return divide_by_m((u32)pa * s + (M - pa) * d);
}

static void blend_premulti_opaque(struct vprime_pixel *d,
				  const struct vprime_pixel *s,
				  unsigned int count)
{
	for (; count; count--, s++, d++) {
		d->b = premulti_opaque(s->b, s->a, d->b);
		d->g = premulti_opaque(s->g, s->a, d->g);
		d->r = premulti_opaque(s->r, s->a, d->r);
	}
}

static void blend_premulti(struct vprime_pixel *d, const struct vprime_pixel *s,
			   unsigned int count, u16 pa)
{
	for (; count; count--, s++, d++) {
		d->b = premulti(s->b, s->a, d->b, pa);
		d->g = premulti(s->g, s->a, d->g, pa);
		d->r = premulti(s->r, s->a, d->r, pa);
	}
}

static void blend_coverage(struct vprime_pixel *d, const struct vprime_pixel *s,
			   unsigned int count, u16 pa)
{
	for (; count; count--, s++, d++) {
		d->b = coverage(s->b, s->a, d->b, pa);
		d->g = coverage(s->g, s->a, d->g, pa);
		d->r = coverage(s->r, s->a, d->r, pa);
	}
}

static void blend_none(struct vprime_pixel *d, const struct vprime_pixel *s,
		       unsigned int count, u16 pa)
{
	for (; count; count--, s++, d++) {
		d->b = none(s->b, d->b, pa);
		d->g = none(s->g, d->g, pa);
		d->r = none(s->r, d->r, pa);
	}
}

/**
 * vprime_blend_clear_line - begin the screen's line where no plane covers it
 * @line: all of it gets black and opaque
 * @count: pixels
 *
 * Context: any.
 */
void vprime_blend_clear_line(struct vprime_pixel *line, unsigned int count)
{
	const struct vprime_pixel black = { .a = VPRIME_CHANNEL_MAX };

	for (; count; count--)
		*line++ = black;
}

/**
 * vprime_blend_line - blend a plane's line over the screen's
 * @below: the screen's line, opaque; changed in place, its alpha is left alone
 * @above: the plane's line
 * @count: pixels
 * @mode: formula, see &enum vprime_blend
 * @plane_alpha: the plane's alpha property, 0 to 65535
 *
 * Context: any.
 */
void vprime_blend_line(struct vprime_pixel *below,
		       const struct vprime_pixel *above, unsigned int count,
		       enum vprime_blend mode, u16 plane_alpha)
{
	switch (mode) {
	case VPRIME_BLEND_NONE:
		blend_none(below, above, count, plane_alpha);
		break;
	case VPRIME_BLEND_PREMULTI:
		if (plane_alpha == M)
			blend_premulti_opaque(below, above, count);
		else
			blend_premulti(below, above, count, plane_alpha);
		break;
	case VPRIME_BLEND_COVERAGE:
		blend_coverage(below, above, count, plane_alpha);
		break;
	}
}
