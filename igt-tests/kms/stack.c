// SPDX-License-Identifier: MIT
/*
 * Which plane is above which: zpos, and the order of the ids where it is equal.
 */
#include "kms_subtests.h"

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define STACKED 3

/* Three planes, each a corner over the next, in colours that can't be confused. */
static void new_stack(struct screen *screen, struct layer layers[STACKED])
{
	static const uint32_t colors[STACKED] = { 0xff0000, 0x00ff00, 0x0000ff };
	const struct kms_object *planes[STACKED] = {
		&screen->kms.primary,
		&screen->kms.overlay[0],
		&screen->kms.overlay[1],
	};

	for (int i = 0; i < STACKED; i++) {
		struct kms_fb *fb = screen_fb(screen, "XRGB8888", 120, 90);

		pattern_plain(fb, colors[i]);
		layers[i] = layer_new(planes[i], fb, 40 * i, 30 * i);
	}
}

/* The lowest zpos that both overlays can have. */
static int overlay_zpos(const struct screen *screen)
{
	const struct kms_object *overlay = &screen->kms.overlay[0];

	for (int i = 0; overlay->props[i]; i++)
		if (!strcmp(overlay->props[i]->name, "zpos"))
			return overlay->props[i]->values[0];
	igt_assert_f(false, "an overlay has no zpos\n");
	return 0;
}

static void default_order(struct screen *screen)
{
	struct layer layers[STACKED];

	new_stack(screen, layers);
	scene_check(screen, layers, STACKED, "XRGB8888", 0);
}

static void either_order(struct screen *screen)
{
	int base = overlay_zpos(screen);
	struct layer layers[STACKED];

	new_stack(screen, layers);
	for (int swap = 0; swap < 2; swap++) {
		layers[1].zpos = base + swap;
		layers[2].zpos = base + !swap;
		scene_check(screen, layers, STACKED, "XRGB8888", 0);
	}
}

static void equal_places(struct screen *screen)
{
	int base = overlay_zpos(screen);
	struct layer layers[STACKED];

	new_stack(screen, layers);
	layers[1].zpos = base;
	layers[2].zpos = base;
	scene_check(screen, layers, STACKED, "XRGB8888", 0);
	layers[1].zpos = base + 1;
	layers[2].zpos = base + 1;
	scene_check(screen, layers, STACKED, "XRGB8888", 0);
}

static void one_plane_leaves(struct screen *screen)
{
	struct layer layers[STACKED];

	new_stack(screen, layers);
	scene_check(screen, layers, STACKED, "XRGB8888", 0);
	layers[1] = layers[2];
	scene_check(screen, layers, STACKED - 1, "XRGB8888", 0);
	scene_check(screen, layers, 1, "XRGB8888", 0);
}

static const struct subtest subtests[] = {
	{ "stack-default", "Planes nobody has moved lie in the order of their zpos.",
	  default_order },
	{ "stack-zpos", "zpos puts either overlay above the other.", either_order },
	{ "stack-zpos-equal", "With equal zpos the higher id is above.", equal_places },
	{ "stack-plane-leaves", "What a plane covered shows when it leaves.", one_plane_leaves },
};

void stack_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
