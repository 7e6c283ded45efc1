/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_YUV_H
#define VPRIME_YUV_H

#include <linux/types.h>

#include <drm/drm_color_mgmt.h>

#include "vprime_pixel.h"

/**
 * struct vprime_yuv - a conversion from YCbCr to RGB, in fixed point
 * @y_offset: what is subtracted from Y
 * @y: weight of Y in each channel
 * @cr_r: weight of Cr in red
 * @cb_g: weight of Cb in green, a negative number
 * @cr_g: weight of Cr in green, a negative number
 * @cb_b: weight of Cb in blue
 *
 * The weights take 8-bit samples to channels and are scaled by
 * 2 ^ VPRIME_YUV_SHIFT.
 */
struct vprime_yuv {
	s64 y_offset, y, cr_r, cb_g, cr_g, cb_b;
};

#define VPRIME_YUV_SHIFT 20

const struct vprime_yuv *vprime_yuv_get(enum drm_color_encoding encoding,
					enum drm_color_range range);

static __always_inline u16 vprime_yuv_channel(s64 value)
{
	value = (value + (1 << (VPRIME_YUV_SHIFT - 1))) >> VPRIME_YUV_SHIFT;
	if (value < 0)
		return 0;
	return value > VPRIME_CHANNEL_MAX ? VPRIME_CHANNEL_MAX : value;
}

static __always_inline struct vprime_pixel
vprime_yuv_pixel(const struct vprime_yuv *yuv, u8 luma, u8 cb, u8 cr)
{
	s64 y = (luma - yuv->y_offset) * yuv->y;
	s64 u = cb - 128, v = cr - 128;

	return (struct vprime_pixel){
		.r = vprime_yuv_channel(y + v * yuv->cr_r),
		.g = vprime_yuv_channel(y + u * yuv->cb_g + v * yuv->cr_g),
		.b = vprime_yuv_channel(y + u * yuv->cb_b),
		.a = VPRIME_CHANNEL_MAX,
	};
}

#endif /* VPRIME_YUV_H */
