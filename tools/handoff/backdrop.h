/* SPDX-License-Identifier: MIT */
#ifndef BACKDROP_H
#define BACKDROP_H

#include <stdint.h>

#include "pixel_format.h"

/**
 * struct backdrop - a picture drawn by the CPU into a buffer of vgem's
 * @fd: the open vgem card
 * @handle: GEM handle on it
 * @dmabuf: the same buffer, exported
 * @format: XRGB8888
 * @width: pixels across
 * @height: pixels down
 * @layout: where the pixels lie
 */
struct backdrop {
	int fd;
	uint32_t handle;
	int dmabuf;
	const struct pixel_format *format;
	uint32_t width;
	uint32_t height;
	struct pixel_layout layout;
};

struct rectangle {
	int32_t x, y, width, height;
};

/*
 * Makes and draws it, with a frame around @window, where something else is going
 * to be. Returns 0 or a negative errno, and has said on stderr what went wrong.
 */
int backdrop_open(struct backdrop *backdrop, uint32_t width, uint32_t height,
		  const struct rectangle *window);
void backdrop_close(struct backdrop *backdrop);

#endif
