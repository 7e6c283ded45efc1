/* SPDX-License-Identifier: MIT */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdint.h>
#include <stdio.h>

/*
 * The picture of a frame: no two of its pixels next to each other are alike, nor are
 * two frames, so what is lost, moved, filtered or old is seen. Always opaque.
 */

/**
 * struct pattern - a picture of one frame
 * @width: pixels across
 * @height: lines
 * @frame: number of the frame
 */
struct pattern {
	uint32_t width;
	uint32_t height;
	uint32_t frame;
};

/* A line of it, as XRGB8888 with the highest byte 255, from left to right. */
void pattern_line(const struct pattern *pattern, uint32_t y, uint32_t *line);

/*
 * Writes what a screen shows of it, all lines as above, to a file. @transform: the
 * wl_output transform that the surface was given: normal, 180, flipped or flipped_180.
 * Returns 0 or a negative errno.
 */
int pattern_write(const struct pattern *pattern, uint32_t transform, const char *path);

#endif
