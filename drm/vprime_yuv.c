// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of YCbCr conversions. The plane code picks an entry, the format
 * readers apply it; the formulas are in Documentation/composition.rst.
 */

#include <linux/array_size.h>
#include <linux/bug.h>

#include "vprime_yuv.h"

/* A weight is num / den of the full scale for one step of one of @steps. */
#define WEIGHT(num, den, steps)                                  \
	(((s64)(num) * VPRIME_CHANNEL_MAX << VPRIME_YUV_SHIFT) / \
	 ((s64)(den) * (steps)))

/* @kr, @kb: luma coefficients of red and blue, in 1/10000 */
#define YUV(kr, kb, offset, y_steps, c_steps) {                    \
	.y_offset = (offset),                                      \
	.y = WEIGHT(1, 1, y_steps),                                \
	.cr_r = WEIGHT(2 * (10000 - (kr)), 10000, c_steps),        \
	.cb_g = -WEIGHT(2 * (kb) * (10000 - (kb)),                 \
			10000LL * (10000 - (kr) - (kb)), c_steps), \
	.cr_g = -WEIGHT(2 * (kr) * (10000 - (kr)),                 \
			10000LL * (10000 - (kr) - (kb)), c_steps), \
	.cb_b = WEIGHT(2 * (10000 - (kb)), 10000, c_steps),        \
}

#define YUV_RANGES(kr, kb) {                                         \
	[DRM_COLOR_YCBCR_LIMITED_RANGE] = YUV(kr, kb, 16, 219, 224), \
	[DRM_COLOR_YCBCR_FULL_RANGE] = YUV(kr, kb, 0, 255, 255),     \
}

static const struct vprime_yuv vprime_yuv_table[][DRM_COLOR_RANGE_MAX] = {
	[DRM_COLOR_YCBCR_BT601] = YUV_RANGES(2990, 1140),
	[DRM_COLOR_YCBCR_BT709] = YUV_RANGES(2126, 722),
	[DRM_COLOR_YCBCR_BT2020] = YUV_RANGES(2627, 593),
};

/**
 * vprime_yuv_get - the conversion for a plane's colour properties
 * @encoding: COLOR_ENCODING
 * @range: COLOR_RANGE
 *
 * The DRM core has checked both against what the plane offers.
 *
 * Return: an entry of a constant table.
 */
const struct vprime_yuv *vprime_yuv_get(enum drm_color_encoding encoding,
					enum drm_color_range range)
{
	return &vprime_yuv_table[encoding][range];
}
