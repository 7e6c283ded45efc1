/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_DAMAGE_H
#define VPRIME_DAMAGE_H

#include <drm/drm_rect.h>

struct drm_atomic_commit;
struct drm_crtc;

#define VPRIME_MAX_DAMAGE 16

/**
 * struct vprime_damage - what changed on a screen
 * @count: entries of @rects; 0: nothing
 * @rects: where, pixels of the screen; they may overlap
 */
struct vprime_damage {
	unsigned int count;
	struct drm_rect rects[VPRIME_MAX_DAMAGE];
};

void vprime_damage_add(struct vprime_damage *damage,
		       const struct drm_rect *rect);
void vprime_damage_merge(struct vprime_damage *damage,
			 const struct vprime_damage *other);
void vprime_damage_all(struct vprime_damage *damage, unsigned int width,
		       unsigned int height);
void vprime_damage_commit(struct vprime_damage *damage, struct drm_crtc *crtc,
			  struct drm_atomic_commit *commit);

#endif /* VPRIME_DAMAGE_H */
