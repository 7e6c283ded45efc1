/* SPDX-License-Identifier: MIT */
#ifndef PIXEL_FORMAT_H
#define PIXEL_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PIXEL_MAX_PLANES 3

/**
 * struct pixel_format - one way to lay a picture out, by its names on both sides
 * @name: the DRM name without its prefix
 * @drm: DRM fourcc
 * @v4l2: V4L2 fourcc of the same bytes, 0 where V4L2 has none
 * @num_planes: planes, all in one buffer, one behind the other
 * @hsub: pixels that share one chroma sample, across
 * @vsub: pixels that share one chroma sample, down
 * @cpp: bytes of one sample of each plane
 * @yuv: it holds Y'CbCr
 */
struct pixel_format {
	const char *name;
	uint32_t drm;
	uint32_t v4l2;
	uint8_t num_planes;
	uint8_t hsub;
	uint8_t vsub;
	uint8_t cpp[PIXEL_MAX_PLANES];
	bool yuv;
};

/**
 * struct pixel_layout - where the planes of one picture lie in its buffer
 * @pitch: bytes from a line to the next, for each plane
 * @offset: first byte of each plane
 * @size: bytes of the whole picture
 */
struct pixel_layout {
	uint32_t pitch[PIXEL_MAX_PLANES];
	uint32_t offset[PIXEL_MAX_PLANES];
	size_t size;
};

extern const struct pixel_format pixel_formats[];
extern const size_t pixel_format_count;

const struct pixel_format *pixel_format_by_name(const char *name);
const struct pixel_format *pixel_format_by_drm(uint32_t drm);
const struct pixel_format *pixel_format_by_v4l2(uint32_t v4l2);

/* Width of a plane in samples and its height in lines, rounded up. */
uint32_t pixel_plane_width(const struct pixel_format *format, int plane, uint32_t width);
uint32_t pixel_plane_height(const struct pixel_format *format, int plane, uint32_t height);

/* The V4L2 rule for planes in one buffer: @pitch0 is bytesperline. */
void pixel_layout_fill(struct pixel_layout *layout, const struct pixel_format *format,
		       uint32_t pitch0, uint32_t height);

#endif
