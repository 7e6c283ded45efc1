/* SPDX-License-Identifier: MIT */
#ifndef MODE_H
#define MODE_H

#include <stdint.h>

#include <drm/drm.h>
#include <drm/drm_mode.h>

/*
 * A mode of that size, @refresh times a second. One of its fields, the @field-th, is
 * something else by @seed; there are about ten, with other numbers it stays in order.
 */
void mode_make(struct drm_mode_modeinfo *mode, uint32_t width, uint32_t height,
	       uint32_t refresh, uint32_t field, uint64_t seed);

#endif
