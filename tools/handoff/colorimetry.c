// SPDX-License-Identifier: MIT
/*
 * From the colorimetry of a V4L2 format to the colour properties of a KMS plane.
 *
 * V4L2 lets a driver say "the default of the colorspace"; the rules that resolve
 * it are macros of the V4L2 API. Called when a camera's buffer goes on a plane;
 * knows no device.
 */
#include "colorimetry.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

static const char *encoding_name(unsigned int ycbcr_enc)
{
	switch (ycbcr_enc) {
	case V4L2_YCBCR_ENC_601:
	case V4L2_YCBCR_ENC_XV601:
		return "ITU-R BT.601 YCbCr";
	case V4L2_YCBCR_ENC_709:
	case V4L2_YCBCR_ENC_XV709:
		return "ITU-R BT.709 YCbCr";
	case V4L2_YCBCR_ENC_BT2020:
		return "ITU-R BT.2020 YCbCr";
	default:
		return NULL;
	}
}

int colorimetry_from_v4l2(struct colorimetry *color, const struct v4l2_pix_format *pix)
{
	unsigned int colorspace = pix->colorspace;
	unsigned int encoding = pix->ycbcr_enc;
	unsigned int range = pix->quantization;

	if (colorspace == V4L2_COLORSPACE_DEFAULT)
		colorspace = V4L2_MAP_COLORSPACE_DEFAULT(false, false);
	if (encoding == V4L2_YCBCR_ENC_DEFAULT)
		encoding = V4L2_MAP_YCBCR_ENC_DEFAULT(colorspace);
	if (range == V4L2_QUANTIZATION_DEFAULT)
		range = V4L2_MAP_QUANTIZATION_DEFAULT(false, colorspace, encoding);

	color->encoding = encoding_name(encoding);
	color->range = range == V4L2_QUANTIZATION_FULL_RANGE ?
			       "YCbCr full range" :
			       "YCbCr limited range";
	return color->encoding ? 0 : -EINVAL;
}
