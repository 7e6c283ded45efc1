// SPDX-License-Identifier: MIT
/*
 * Modes that programs show: of any size, in order or with one field that is not.
 */
#include "mode.h"

#include <stdio.h>
#include <string.h>

#include "value.h"

/* Something beside what it was, or anything. */
static uint32_t other(struct random *random, uint32_t value)
{
	if (random_chance(random, 40))
		return value_boundary(random);
	return random_chance(random, 50) ? value + random_below(random, 3) - 1 :
					   value * random_below(random, 5);
}

static void change(struct drm_mode_modeinfo *mode, uint32_t field, struct random *random)
{
	uint16_t *const sizes[] = { &mode->hdisplay, &mode->hsync_start, &mode->hsync_end,
				    &mode->htotal, &mode->vdisplay, &mode->vsync_start,
				    &mode->vsync_end, &mode->vtotal, &mode->vscan };

	if (field < sizeof(sizes) / sizeof(sizes[0]))
		*sizes[field] = other(random, *sizes[field]);
	else if (field < 12)
		mode->clock = other(random, mode->clock);
	else if (field == 12)
		mode->flags = 1u << random_below(random, 32);
	else if (field == 13)
		mode->type = value_boundary(random);
}

void mode_make(struct drm_mode_modeinfo *mode, uint32_t width, uint32_t height,
	       uint32_t refresh, uint32_t field, uint64_t seed)
{
	struct random random = { .state = seed };

	*mode = (struct drm_mode_modeinfo){
		.hdisplay = width,
		.hsync_start = width + 16,
		.hsync_end = width + 32,
		.htotal = width + 160,
		.vdisplay = height,
		.vsync_start = height + 3,
		.vsync_end = height + 6,
		.vtotal = height + 45,
		.type = DRM_MODE_TYPE_USERDEF,
	};
	mode->clock = (uint64_t)mode->htotal * mode->vtotal * (20 + refresh) / 1000;
	memcpy(mode->name, "fuzz", 5);
	change(mode, field, &random);
}
