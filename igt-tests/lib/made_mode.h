/* SPDX-License-Identifier: MIT */
#ifndef MADE_MODE_H
#define MADE_MODE_H

#include <stdint.h>

#include <xf86drmMode.h>

/* A mode of so many pixels, in so many with the blanking, and kilohertz of clock. */
drmModeModeInfo made_mode(uint32_t width, uint32_t height, uint32_t htotal, uint32_t vtotal,
			  uint32_t clock);

#endif
