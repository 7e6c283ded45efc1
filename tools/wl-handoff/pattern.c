// SPDX-License-Identifier: MIT
/*
 * The picture that is handed over: red grows to the right, green downwards, blue is
 * noise of the place and the frame. Knows nothing of buffers.
 */
#include "pattern.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <wayland-client-protocol.h>

static uint32_t noise(uint32_t x, uint32_t y, uint32_t frame)
{
	uint32_t value = x * 0x9e3779b1 + y * 0x85ebca6b + frame * 0xc2b2ae35;

	value ^= value >> 15;
	value *= 0x2c1b3c6d;
	return value >> 24;
}

void pattern_line(const struct pattern *pattern, uint32_t y, uint32_t *line)
{
	uint32_t green = y * 256 / pattern->height;

	for (uint32_t x = 0; x < pattern->width; x++)
		line[x] = 0xff000000 | (x * 256 / pattern->width) << 16 | green << 8 |
			  noise(x, y, pattern->frame);
}

static void mirror(uint32_t *line, uint32_t width)
{
	for (uint32_t x = 0; x < width / 2; x++) {
		uint32_t pixel = line[x];

		line[x] = line[width - 1 - x];
		line[width - 1 - x] = pixel;
	}
}

static int write_lines(const struct pattern *pattern, uint32_t transform, FILE *file)
{
	bool upside_down = transform == WL_OUTPUT_TRANSFORM_180 ||
			   transform == WL_OUTPUT_TRANSFORM_FLIPPED_180;
	bool mirrored = transform == WL_OUTPUT_TRANSFORM_180 ||
			transform == WL_OUTPUT_TRANSFORM_FLIPPED;
	uint32_t *line = malloc(pattern->width * sizeof(*line));
	int ret = line ? 0 : -ENOMEM;

	for (uint32_t y = 0; !ret && y < pattern->height; y++) {
		pattern_line(pattern, upside_down ? pattern->height - 1 - y : y, line);
		if (mirrored)
			mirror(line, pattern->width);
		if (fwrite(line, sizeof(*line), pattern->width, file) != pattern->width)
			ret = -EIO;
	}
	free(line);
	return ret;
}

int pattern_write(const struct pattern *pattern, uint32_t transform, const char *path)
{
	FILE *file = fopen(path, "wb");
	int ret;

	if (!file)
		return -errno;
	ret = write_lines(pattern, transform, file);
	return fclose(file) && !ret ? -EIO : ret;
}
