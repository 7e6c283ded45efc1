/* SPDX-License-Identifier: MIT */
#ifndef COLORIMETRY_H
#define COLORIMETRY_H

#include <linux/videodev2.h>

/**
 * struct colorimetry - how a plane has to read Y'CbCr, in the words of KMS
 * @encoding: value of COLOR_ENCODING
 * @range: value of COLOR_RANGE
 */
struct colorimetry {
	const char *encoding;
	const char *range;
};

/*
 * What V4L2 says of a Y'CbCr picture, defaults resolved. Returns -EINVAL for an
 * encoding that KMS has no name for.
 */
int colorimetry_from_v4l2(struct colorimetry *color, const struct v4l2_pix_format *pix);

#endif
