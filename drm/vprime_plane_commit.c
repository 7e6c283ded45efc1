// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a commit does with all its planes at once: scan-out's fences on their
 * buffers, CPU access to what they show. vprime_commit.c calls it in an order that
 * nobody can wait for himself in; what one plane shows is vprime_plane.c's.
 */

#include <drm/drm_atomic.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>

#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_flip.h"
#include "vprime_plane.h"
#include "vprime_plane_commit.h"
#include "vprime_source.h"

/**
 * vprime_plane_begin - say how long the planes of a commit may wait for strangers
 * @commit: commit, not prepared yet
 * @until: jiffies
 */
void vprime_plane_begin(struct drm_atomic_commit *commit, unsigned long until)
{
	struct drm_plane_state *state;
	struct drm_plane *plane;
	int i;

	for_each_new_plane_in_state(commit, plane, state, i)
		to_vprime_plane_state(state)->until = until;
}

/**
 * vprime_plane_begin_idle - open CPU access where nobody has to be waited for
 * @commit: commit, prepared; nobody knows its fences yet
 * @until: jiffies
 *
 * Exporters may allocate and wait in it, which a commit that others wait for
 * should not. One that does not answer soon has its answer waited for later.
 */
void vprime_plane_begin_idle(struct drm_atomic_commit *commit,
			     unsigned long until)
{
	struct drm_plane_state *state;
	struct drm_plane *plane;
	int i;

	for_each_new_plane_in_state(commit, plane, state, i) {
		struct vprime_source *source =
			to_vprime_plane_state(state)->source;

		if (source && state->visible && !state->fence &&
		    vprime_source_is_idle(source))
			vprime_source_open(source, DMA_FROM_DEVICE, until);
	}
}

/**
 * vprime_plane_shows - ask whether a commit is going to show a buffer
 * @commit: commit
 * @resv: the buffer's reservation object
 *
 * Return: whether a plane in @commit shows it.
 */
bool vprime_plane_shows(struct drm_atomic_commit *commit,
			const struct dma_resv *resv)
{
	struct drm_plane_state *state;
	struct drm_plane *plane;
	unsigned int n;
	int i;

	for_each_new_plane_in_state(commit, plane, state, i)
		for (n = 0; state->fb && n < state->fb->format->num_planes; n++)
			if (state->fb->obj[n]->resv == resv)
				return true;

	return false;
}

/**
 * vprime_plane_publish - put a commit's scan-out fence on its buffers
 * @commit: commit, prepared but not swapped
 * @until: jiffies
 *
 * On those that it takes off the screen and on those that it shows.
 *
 * Return: as vprime_fence_add().
 */
int vprime_plane_publish(struct drm_atomic_commit *commit,
			 unsigned long until)
{
	struct drm_crtc *crtc = &to_vprime_device(commit->dev)->vcrtc->base;
	struct drm_crtc_state *crtc_state =
		drm_atomic_get_new_crtc_state(commit, crtc);
	struct drm_plane_state *old, *new;
	struct vprime_flip *flip;
	struct drm_plane *plane;
	int i, ret;

	if (!crtc_state)
		return 0;

	flip = to_vprime_crtc_state(crtc_state)->flip;
	for_each_oldnew_plane_in_state(commit, plane, old, new, i) {
		ret = vprime_flip_publish(flip, old->fb, until);
		if (!ret && new->fb != old->fb)
			ret = vprime_flip_publish(flip, new->fb, until);
		if (ret)
			return ret;
	}

	return 0;
}

/**
 * vprime_plane_begin_access - open CPU access for all planes of a commit
 * @commit: commit; the fences that its program gave it have been waited for
 * @until: jiffies
 *
 * Done before the CRTC's scene is locked, for it may sleep. A plane whose
 * buffer can't be read by @until shows nothing.
 */
void vprime_plane_begin_access(struct drm_atomic_commit *commit,
			       unsigned long until)
{
	struct drm_plane_state *state;
	struct drm_plane *plane;
	int i;

	for_each_new_plane_in_state(commit, plane, state, i) {
		struct vprime_source *source =
			to_vprime_plane_state(state)->source;

		if (source && state->visible)
			vprime_source_begin(source, DMA_FROM_DEVICE, until);
	}
}
