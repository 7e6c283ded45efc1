// SPDX-License-Identifier: MIT
/*
 * Frames as files and streams: PNG, raw lines, YUV4MPEG2. Reads mapped frames;
 * knows nothing of where they came from.
 */
#include "picture_out.h"

#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <drm_fourcc.h>

#include "png_file.h"

static bool is_xrgb(const struct vprime_grab_frame *frame)
{
	return !frame->info.modifier && (frame->info.format == DRM_FORMAT_XRGB8888 ||
					 frame->info.format == DRM_FORMAT_ARGB8888);
}

static bool is_nv12(const struct vprime_grab_frame *frame)
{
	return !frame->info.modifier && frame->info.format == DRM_FORMAT_NV12;
}

static int unknown(const struct vprime_grab_frame *frame)
{
	const char *name = (const char *)&frame->info.format;

	warnx("a frame is %.4s, modifier %#llx: try --composed", name,
	      (unsigned long long)frame->info.modifier);
	return -EOPNOTSUPP;
}

int picture_png(const char *path, const struct vprime_grab_frame *frame)
{
	struct kms_fb fb = {
		.width = frame->info.width,
		.height = frame->info.height,
		.layout.pitch = { frame->info.planes[0].pitch },
		.map = (void *)frame->data[0],
	};

	return is_xrgb(frame) ? png_file_write(path, &fb) : unknown(frame);
}

static int write_lines(FILE *file, const uint8_t *data, uint32_t pitch, uint32_t bytes,
		       uint32_t lines)
{
	for (uint32_t y = 0; y < lines; y++)
		if (fwrite(data + (size_t)y * pitch, 1, bytes, file) != bytes)
			return -EIO;
	return 0;
}

static int write_planes(FILE *file, const struct vprime_grab_frame *frame)
{
	uint32_t width = frame->info.width, height = frame->info.height;
	const struct drm_vprime_consumer_plane *planes = frame->info.planes;
	int ret;

	if (is_xrgb(frame))
		return write_lines(file, frame->data[0], planes[0].pitch, 4 * width, height);
	if (!is_nv12(frame))
		return unknown(frame);
	ret = write_lines(file, frame->data[0], planes[0].pitch, width, height);
	if (ret)
		return ret;
	width = (width + 1) / 2 * 2;
	return write_lines(file, frame->data[1], planes[1].pitch, width, (height + 1) / 2);
}

/* Who reads along gets a frame whole before the next one comes. */
static int flush(FILE *file, int ret)
{
	return ret || !fflush(file) ? ret : -EIO;
}

int picture_raw(FILE *file, const struct vprime_grab_frame *frame)
{
	return flush(file, write_planes(file, frame));
}

int picture_y4m_header(FILE *file, const struct vprime_grab_frame *frame, unsigned int rate)
{
	return fprintf(file, "YUV4MPEG2 W%u H%u F%u:1 Ip A1:1 C444\n", frame->info.width,
		       frame->info.height, rate) < 0 ?
		       -EIO :
		       0;
}

enum channel {
	LUMA,
	BLUE_DIFFERENCE,
	RED_DIFFERENCE,
};

/* ITU-R BT.601, limited range, in parts of 65536. */
static uint8_t convert(uint32_t xrgb, enum channel channel)
{
	static const struct {
		int32_t r, g, b, offset;
	} weights[] = {
		[LUMA] = { 16829, 33039, 6416, 16 },
		[BLUE_DIFFERENCE] = { -9714, -19071, 28784, 128 },
		[RED_DIFFERENCE] = { 28784, -24103, -4681, 128 },
	};
	int32_t r = xrgb >> 16 & 255, g = xrgb >> 8 & 255, b = xrgb & 255;
	int32_t sum = weights[channel].r * r + weights[channel].g * g + weights[channel].b * b;

	return ((sum + 32768) >> 16) + weights[channel].offset;
}

static int write_channel(FILE *file, const struct vprime_grab_frame *frame, uint8_t *line,
			 enum channel channel)
{
	for (uint32_t y = 0; y < frame->info.height; y++) {
		const uint32_t *pixels =
			(const uint32_t *)(frame->data[0] +
					   (size_t)y * frame->info.planes[0].pitch);

		for (uint32_t x = 0; x < frame->info.width; x++)
			line[x] = convert(pixels[x], channel);
		if (fwrite(line, 1, frame->info.width, file) != frame->info.width)
			return -EIO;
	}
	return 0;
}

int picture_y4m(FILE *file, const struct vprime_grab_frame *frame)
{
	uint8_t *line;
	int ret = 0;

	if (!is_xrgb(frame))
		return unknown(frame);
	line = malloc(frame->info.width);
	if (!line)
		return -ENOMEM;
	if (fputs("FRAME\n", file) < 0)
		ret = -EIO;
	for (enum channel channel = LUMA; !ret && channel <= RED_DIFFERENCE; channel++)
		ret = write_channel(file, frame, line, channel);
	free(line);
	return flush(file, ret);
}
