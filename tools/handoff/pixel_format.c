// SPDX-License-Identifier: MIT
/*
 * The table of pixel formats that a camera and the screen may share.
 *
 * Both sides name formats by four letters, but not by the same ones: V4L2 names
 * RGB by the order of the bytes, DRM by the order of the bits in a little
 * endian word. Used by everything that makes or reads a picture; knows neither
 * devices nor files.
 */
#include "pixel_format.h"

#include <string.h>

#include <drm_fourcc.h>
#include <linux/videodev2.h>

#define RGB(_name, _v4l2, _cpp)            \
	{                                  \
		.name = #_name,            \
		.drm = DRM_FORMAT_##_name, \
		.v4l2 = _v4l2,             \
		.num_planes = 1,           \
		.hsub = 1,                 \
		.vsub = 1,                 \
		.cpp = { _cpp },           \
	}

#define YUV(_name, _planes, _hsub, _vsub, ...) \
	{                                      \
		.name = #_name,                \
		.drm = DRM_FORMAT_##_name,     \
		.v4l2 = V4L2_PIX_FMT_##_name,  \
		.num_planes = _planes,         \
		.hsub = _hsub,                 \
		.vsub = _vsub,                 \
		.cpp = { __VA_ARGS__ },        \
		.yuv = true,                   \
	}

const struct pixel_format pixel_formats[] = {
	RGB(XRGB8888, V4L2_PIX_FMT_XBGR32, 4),
	RGB(ARGB8888, V4L2_PIX_FMT_ABGR32, 4),
	RGB(XBGR8888, V4L2_PIX_FMT_RGBX32, 4),
	RGB(ABGR8888, V4L2_PIX_FMT_RGBA32, 4),
	RGB(RGB888, V4L2_PIX_FMT_BGR24, 3),
	RGB(BGR888, V4L2_PIX_FMT_RGB24, 3),
	RGB(RGB565, V4L2_PIX_FMT_RGB565, 2),
	RGB(XRGB2101010, 0, 4),
	YUV(YUYV, 1, 2, 1, 2),
	YUV(UYVY, 1, 2, 1, 2),
	YUV(NV12, 2, 2, 2, 1, 2),
	YUV(NV21, 2, 2, 2, 1, 2),
	YUV(NV16, 2, 2, 1, 1, 2),
	YUV(YUV420, 3, 2, 2, 1, 1, 1),
};

const size_t pixel_format_count = sizeof(pixel_formats) / sizeof(pixel_formats[0]);

const struct pixel_format *pixel_format_by_name(const char *name)
{
	for (size_t i = 0; i < pixel_format_count; i++)
		if (!strcmp(pixel_formats[i].name, name))
			return &pixel_formats[i];
	return NULL;
}

const struct pixel_format *pixel_format_by_drm(uint32_t drm)
{
	for (size_t i = 0; i < pixel_format_count; i++)
		if (pixel_formats[i].drm == drm)
			return &pixel_formats[i];
	return NULL;
}

const struct pixel_format *pixel_format_by_v4l2(uint32_t v4l2)
{
	for (size_t i = 0; v4l2 && i < pixel_format_count; i++)
		if (pixel_formats[i].v4l2 == v4l2)
			return &pixel_formats[i];
	return NULL;
}

/* A packed Y'CbCr line has one sample a pixel, but always whole pairs. */
uint32_t pixel_plane_width(const struct pixel_format *format, int plane, uint32_t width)
{
	if (plane)
		return (width + format->hsub - 1) / format->hsub;
	if (format->num_planes == 1)
		return (width + format->hsub - 1) / format->hsub * format->hsub;
	return width;
}

uint32_t pixel_plane_height(const struct pixel_format *format, int plane, uint32_t height)
{
	return plane ? (height + format->vsub - 1) / format->vsub : height;
}

void pixel_layout_fill(struct pixel_layout *layout, const struct pixel_format *format,
		       uint32_t pitch0, uint32_t height)
{
	memset(layout, 0, sizeof(*layout));
	for (int i = 0; i < format->num_planes; i++) {
		layout->pitch[i] = pitch0;
		if (i)
			layout->pitch[i] = pitch0 / format->hsub * format->cpp[i] / format->cpp[0];
		layout->offset[i] = layout->size;
		layout->size += (size_t)layout->pitch[i] * pixel_plane_height(format, i, height);
	}
}
