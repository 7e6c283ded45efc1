// SPDX-License-Identifier: GPL-2.0-only
/*
 * Damage: which parts of a screen a commit changed. Commits fill it in, screen
 * consumers gather it over the frames they did not take. A bounded list of
 * rectangles; what does not fit becomes their bounding box. Takes no lock and
 * allocates nothing.
 */

#include <linux/minmax.h>

#include <drm/drm_atomic.h>
#include <drm/drm_damage_helper.h>
#include <drm/drm_framebuffer.h>

#include "vprime_damage.h"

static void vprime_damage_enclose(struct drm_rect *box,
				  const struct drm_rect *rect)
{
	box->x1 = min(box->x1, rect->x1);
	box->y1 = min(box->y1, rect->y1);
	box->x2 = max(box->x2, rect->x2);
	box->y2 = max(box->y2, rect->y2);
}

static bool vprime_damage_covers(const struct drm_rect *outer,
				 const struct drm_rect *inner)
{
	return outer->x1 <= inner->x1 && outer->y1 <= inner->y1 &&
	       outer->x2 >= inner->x2 && outer->y2 >= inner->y2;
}

/**
 * vprime_damage_add - add a rectangle
 * @damage: damage
 * @rect: rectangle; nothing is added for an empty one
 */
void vprime_damage_add(struct vprime_damage *damage,
		       const struct drm_rect *rect)
{
	unsigned int i;

	if (!drm_rect_visible(rect))
		return;

	for (i = 0; i < damage->count; i++)
		if (vprime_damage_covers(&damage->rects[i], rect))
			return;

	if (damage->count < VPRIME_MAX_DAMAGE) {
		damage->rects[damage->count++] = *rect;
		return;
	}

	for (i = 1; i < damage->count; i++)
		vprime_damage_enclose(&damage->rects[0], &damage->rects[i]);
	vprime_damage_enclose(&damage->rects[0], rect);
	damage->count = 1;
}

/**
 * vprime_damage_merge - add other damage
 * @damage: damage
 * @other: what is added
 */
void vprime_damage_merge(struct vprime_damage *damage,
			 const struct vprime_damage *other)
{
	unsigned int i;

	for (i = 0; i < other->count; i++)
		vprime_damage_add(damage, &other->rects[i]);
}

/**
 * vprime_damage_all - say that the whole screen changed
 * @damage: damage
 * @width: of the screen, pixels
 * @height: of the screen, lines
 */
void vprime_damage_all(struct vprime_damage *damage, unsigned int width,
		       unsigned int height)
{
	damage->count = 1;
	drm_rect_init(&damage->rects[0], 0, 0, width, height);
}

static void vprime_damage_place(struct vprime_damage *damage,
				const struct drm_plane_state *state)
{
	if (state->visible)
		vprime_damage_add(damage, &state->dst);
}

/* The plane is where it was and blends as it did: only its pixels changed. */
static bool vprime_damage_in_place(const struct drm_plane_state *old,
				   const struct drm_plane_state *new)
{
	return old->visible && new->visible && old->fb && new->fb &&
	       drm_rect_equals(&old->dst, &new->dst) &&
	       drm_rect_equals(&old->src, &new->src) &&
	       old->alpha == new->alpha && old->zpos == new->zpos &&
	       old->pixel_blend_mode == new->pixel_blend_mode &&
	       old->color_encoding == new->color_encoding &&
	       old->color_range == new->color_range &&
	       old->fb->format == new->fb->format;
}

static void vprime_damage_clips(struct vprime_damage *damage,
				const struct drm_plane_state *old,
				const struct drm_plane_state *new)
{
	struct drm_atomic_helper_damage_iter iter;
	struct drm_rect clip;

	drm_atomic_helper_damage_iter_init(&iter, old, new);
	while (drm_atomic_helper_damage_iter_next(&iter, &clip)) {
		drm_rect_translate(&clip, new->dst.x1 - (new->src.x1 >> 16),
				   new->dst.y1 - (new->src.y1 >> 16));
		if (drm_rect_intersect(&clip, &new->dst))
			vprime_damage_add(damage, &clip);
	}
}

/**
 * vprime_damage_commit - say what a commit changes
 * @damage: gets it
 * @crtc: on whose screen
 * @commit: commit, past its check
 */
void vprime_damage_commit(struct vprime_damage *damage, struct drm_crtc *crtc,
			  struct drm_atomic_commit *commit)
{
	const struct drm_crtc_state *state =
		drm_atomic_get_new_crtc_state(commit, crtc);
	struct drm_plane_state *old, *new;
	struct drm_plane *plane;
	int i;

	if (drm_atomic_crtc_needs_modeset(state)) {
		vprime_damage_all(damage, state->mode.hdisplay,
				  state->mode.vdisplay);
		return;
	}

	for_each_oldnew_plane_in_state(commit, plane, old, new, i) {
		if (vprime_damage_in_place(old, new)) {
			vprime_damage_clips(damage, old, new);
			continue;
		}
		vprime_damage_place(damage, old);
		vprime_damage_place(damage, new);
	}
}
