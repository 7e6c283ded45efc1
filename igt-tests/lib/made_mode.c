// SPDX-License-Identifier: MIT
/*
 * Modes that no connector has, for tests that ask how far a screen goes along.
 */
#include "made_mode.h"

#include <stdio.h>

drmModeModeInfo made_mode(uint32_t width, uint32_t height, uint32_t htotal, uint32_t vtotal,
			  uint32_t clock)
{
	drmModeModeInfo mode = {
		.clock = clock,
		.hdisplay = width,
		.hsync_start = width,
		.hsync_end = width,
		.htotal = htotal,
		.vdisplay = height,
		.vsync_start = height,
		.vsync_end = height,
		.vtotal = vtotal,
	};

	snprintf(mode.name, sizeof(mode.name), "%ux%u", width, height);
	return mode;
}
