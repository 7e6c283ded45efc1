/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_PLANE_H
#define VPRIME_PLANE_H

#include <drm/drm_plane.h>

struct vprime_device;
struct vprime_source;

/**
 * struct vprime_plane_state - state of a plane
 * @base: base
 * @source: the framebuffer, mapped; from prepare_fb to cleanup_fb
 * @until: jiffies, when prepare_fb does not wait for strangers any longer; from
 *	vprime_plane_begin() on
 */
struct vprime_plane_state {
	struct drm_plane_state base;
	struct vprime_source *source;
	unsigned long until;
};

#define to_vprime_plane_state(state) \
	container_of(state, struct vprime_plane_state, base)

struct drm_plane *vprime_plane_create(struct vprime_device *vdev,
				      enum drm_plane_type type,
				      unsigned int slot);

#endif /* VPRIME_PLANE_H */
