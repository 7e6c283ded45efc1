// SPDX-License-Identifier: GPL-2.0-only
/*
 * Planes: take a framebuffer, native or imported, and tell the CRTC in plain
 * numbers what to show of it. All planes are alike but for their formats and
 * for the cursor, which may move without a full commit.
 */

#include <linux/slab.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_blend.h>
#include <drm/drm_damage_helper.h>
#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>
#include <drm/drm_gem_atomic_helper.h>
#include <drm/drm_print.h>

#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_format.h"
#include "vprime_patience.h"
#include "vprime_plane.h"
#include "vprime_scene.h"
#include "vprime_source.h"
#include "vprime_yuv.h"

/* As many as DIRTYFB takes. With more of them the whole plane is damaged. */
#define MAX_DAMAGE_CLIPS DRM_MODE_FB_DIRTY_MAX_CLIPS

/**
 * struct vprime_plane - a plane
 * @base: base
 * @slot: which layer of the CRTC's scene is its
 */
struct vprime_plane {
	struct drm_plane base;
	unsigned int slot;
};

#define to_vprime_plane(plane) container_of(plane, struct vprime_plane, base)

static enum vprime_blend vprime_plane_blend(const struct drm_plane_state *state)
{
	if (!state->fb->format->has_alpha)
		return VPRIME_BLEND_NONE;

	switch (state->pixel_blend_mode) {
	case DRM_MODE_BLEND_PIXEL_NONE:
		return VPRIME_BLEND_NONE;
	case DRM_MODE_BLEND_COVERAGE:
		return VPRIME_BLEND_COVERAGE;
	default:
		return VPRIME_BLEND_PREMULTI;
	}
}

/*
 * NULL in @source: the plane shows nothing. The layer holds no reference, and its
 * source may not be open yet.
 */
static struct vprime_layer vprime_plane_layer(struct drm_plane_state *state)
{
	struct vprime_source *source = to_vprime_plane_state(state)->source;
	struct vprime_layer layer = {};

	if (!state->visible || !source)
		return layer;

	layer.source = source;
	vprime_source_image(source, &layer.image);
	if (layer.image.format->is_yuv)
		layer.image.yuv = vprime_yuv_get(state->color_encoding,
						 state->color_range);
	layer.src_x = state->src.x1 >> 16;
	layer.src_y = state->src.y1 >> 16;
	layer.dst = state->dst;
	layer.zpos = state->zpos;
	layer.alpha = state->alpha;
	layer.blend = vprime_plane_blend(state);
	layer.cursor = state->plane->type == DRM_PLANE_TYPE_CURSOR;
	layer.encoding = state->color_encoding;
	layer.range = state->color_range;
	layer.opaque = !state->fb->format->has_alpha &&
		       state->alpha == DRM_BLEND_ALPHA_OPAQUE;

	return layer;
}

static int vprime_plane_prepare_fb(struct drm_plane *plane,
				   struct drm_plane_state *state)
{
	struct vprime_source *source;
	int ret;

	if (!state->fb)
		return 0;

	/* Who writes without a fence of the program's is waited for later, and shorter. */
	if (state->fence) {
		ret = drm_gem_plane_helper_prepare_fb(plane, state);
		if (ret)
			return ret;
	}

	source = vprime_source_create(to_vprime_device(plane->dev), state->fb,
				      to_vprime_plane_state(state)->until);
	if (IS_ERR(source))
		return PTR_ERR(source);
	to_vprime_plane_state(state)->source = source;

	return 0;
}

static void vprime_plane_cleanup_fb(struct drm_plane *plane,
				    struct drm_plane_state *base)
{
	struct vprime_plane_state *state = to_vprime_plane_state(base);

	vprime_source_put(state->source);
	state->source = NULL;
}

/* What the legacy calls are told holds for all. */
static int vprime_plane_check_cursor(const struct drm_plane_state *state)
{
	const struct drm_mode_config *config = &state->plane->dev->mode_config;

	if (state->crtc_w <= config->cursor_width &&
	    state->crtc_h <= config->cursor_height)
		return 0;

	drm_dbg_kms(state->plane->dev, "a cursor of %ux%u is too large\n",
		    state->crtc_w, state->crtc_h);

	return -EINVAL;
}

static int vprime_plane_atomic_check(struct drm_plane *plane,
				     struct drm_atomic_commit *commit)
{
	struct drm_plane_state *state =
		drm_atomic_get_new_plane_state(commit, plane);
	struct drm_crtc_state *crtc_state;
	int ret;

	if (!state->crtc)
		return 0;

	if (plane->type == DRM_PLANE_TYPE_CURSOR) {
		ret = vprime_plane_check_cursor(state);
		if (ret)
			return ret;
	}

	/* A list may be as long as memory; the commit goes through it. */
	state->ignore_damage_clips =
		drm_plane_get_damage_clips_count(state) > MAX_DAMAGE_CLIPS;

	crtc_state = drm_atomic_get_new_crtc_state(commit, state->crtc);

	return drm_atomic_helper_check_plane_state(state, crtc_state,
						   DRM_PLANE_NO_SCALING,
						   DRM_PLANE_NO_SCALING,
						   true, true);
}

static void vprime_plane_atomic_update(struct drm_plane *plane,
				       struct drm_atomic_commit *commit)
{
	struct drm_plane_state *state =
		drm_atomic_get_new_plane_state(commit, plane);
	struct vprime_layer layer = vprime_plane_layer(state);

	vprime_scene_set_layer(to_vprime_device(plane->dev)->vcrtc,
			       to_vprime_plane(plane)->slot,
			       &layer);
}

static void vprime_plane_atomic_disable(struct drm_plane *plane,
					struct drm_atomic_commit *commit)
{
	vprime_scene_set_layer(to_vprime_device(plane->dev)->vcrtc,
			       to_vprime_plane(plane)->slot, NULL);
}

/*
 * The cursor hot path: the same image at another place, no vblank awaited. Only a
 * screen that is on has a frame to be published.
 */
static int vprime_plane_atomic_async_check(struct drm_plane *plane,
					   struct drm_atomic_commit *commit,
					   bool flip)
{
	struct drm_plane_state *state =
		drm_atomic_get_new_plane_state(commit, plane);

	if (flip || !state->crtc || state->crtc != plane->state->crtc ||
	    !state->fb || state->fb != plane->state->fb)
		return -EINVAL;

	if (!drm_atomic_get_new_crtc_state(commit, state->crtc)->active)
		return -EINVAL;

	return 0;
}

static void vprime_plane_atomic_async_update(struct drm_plane *plane,
					     struct drm_atomic_commit *commit)
{
	struct drm_plane_state *new =
		drm_atomic_get_new_plane_state(commit, plane);
	struct drm_crtc_state *crtc_state =
		drm_atomic_get_new_crtc_state(commit, new->crtc);
	struct vprime_source *source = to_vprime_plane_state(new)->source;
	struct drm_plane_state *cur = plane->state;
	struct vprime_layer layer;

	if (source && new->visible)
		vprime_source_begin(source, DMA_FROM_DEVICE,
				    jiffies + VPRIME_PATIENCE);
	layer = vprime_plane_layer(new);
	vprime_scene_update_layer(to_vprime_crtc(new->crtc),
				  to_vprime_plane(plane)->slot,
				  &layer,
				  to_vprime_crtc_state(crtc_state));

	cur->crtc_x = new->crtc_x;
	cur->crtc_y = new->crtc_y;
	cur->crtc_w = new->crtc_w;
	cur->crtc_h = new->crtc_h;
	cur->src_x = new->src_x;
	cur->src_y = new->src_y;
	cur->src_w = new->src_w;
	cur->src_h = new->src_h;
	cur->src = new->src;
	cur->dst = new->dst;
	cur->visible = new->visible;
	swap(to_vprime_plane_state(cur)->source,
	     to_vprime_plane_state(new)->source);
}

static const struct drm_plane_helper_funcs vprime_plane_helper_funcs = {
	.prepare_fb = vprime_plane_prepare_fb,
	.cleanup_fb = vprime_plane_cleanup_fb,
	.atomic_check = vprime_plane_atomic_check,
	.atomic_update = vprime_plane_atomic_update,
	.atomic_disable = vprime_plane_atomic_disable,
};

static const struct drm_plane_helper_funcs vprime_cursor_helper_funcs = {
	.prepare_fb = vprime_plane_prepare_fb,
	.cleanup_fb = vprime_plane_cleanup_fb,
	.atomic_check = vprime_plane_atomic_check,
	.atomic_update = vprime_plane_atomic_update,
	.atomic_disable = vprime_plane_atomic_disable,
	.atomic_async_check = vprime_plane_atomic_async_check,
	.atomic_async_update = vprime_plane_atomic_async_update,
};

static struct drm_plane_state *
vprime_plane_duplicate_state(struct drm_plane *plane)
{
	struct vprime_plane_state *state = kzalloc_obj(*state);

	if (!state)
		return NULL;
	__drm_atomic_helper_plane_duplicate_state(plane, &state->base);

	return &state->base;
}

static void vprime_plane_destroy_state(struct drm_plane *plane,
				       struct drm_plane_state *state)
{
	__drm_atomic_helper_plane_destroy_state(state);
	kfree(to_vprime_plane_state(state));
}

static void vprime_plane_reset(struct drm_plane *plane)
{
	struct vprime_plane_state *state = kzalloc_obj(*state, GFP_KERNEL_ACCOUNT);

	if (plane->state)
		vprime_plane_destroy_state(plane, plane->state);
	plane->state = NULL;
	if (state)
		__drm_atomic_helper_plane_reset(plane, &state->base);
}

static bool vprime_plane_format_mod_supported(struct drm_plane *plane,
					      u32 format, u64 modifier)
{
	if (plane->type == DRM_PLANE_TYPE_CURSOR)
		return modifier == DRM_FORMAT_MOD_LINEAR;

	return vprime_format_has_modifier(format, modifier);
}

static const struct drm_plane_funcs vprime_plane_funcs = {
	.update_plane = drm_atomic_helper_update_plane,
	.disable_plane = drm_atomic_helper_disable_plane,
	.reset = vprime_plane_reset,
	.atomic_duplicate_state = vprime_plane_duplicate_state,
	.atomic_destroy_state = vprime_plane_destroy_state,
	.format_mod_supported = vprime_plane_format_mod_supported,
};

static int vprime_plane_create_properties(struct drm_plane *plane,
					  unsigned int slot)
{
	const u32 blend_modes = BIT(DRM_MODE_BLEND_PIXEL_NONE) |
				BIT(DRM_MODE_BLEND_PREMULTI) |
				BIT(DRM_MODE_BLEND_COVERAGE);
	const u32 encodings = BIT(DRM_COLOR_YCBCR_BT601) |
			      BIT(DRM_COLOR_YCBCR_BT709) |
			      BIT(DRM_COLOR_YCBCR_BT2020);
	const u32 ranges = BIT(DRM_COLOR_YCBCR_LIMITED_RANGE) |
			   BIT(DRM_COLOR_YCBCR_FULL_RANGE);
	int ret;

	ret = drm_plane_create_alpha_property(plane);
	if (ret)
		return ret;

	ret = drm_plane_create_blend_mode_property(plane, blend_modes);
	if (ret)
		return ret;

	ret = drm_plane_create_zpos_property(plane, slot, 0,
					     VPRIME_MAX_LAYERS - 1);
	if (ret || plane->type == DRM_PLANE_TYPE_CURSOR)
		return ret;

	return drm_plane_create_color_properties(plane, encodings, ranges,
						 DRM_COLOR_YCBCR_BT601,
						 DRM_COLOR_YCBCR_LIMITED_RANGE);
}

/**
 * vprime_plane_create - make a plane
 * @vdev: device; the plane lives as long
 * @type: primary, overlay or cursor
 * @slot: its place in the scene, and in the stack to begin with
 *
 * Return: the plane or an error pointer.
 */
struct drm_plane *vprime_plane_create(struct vprime_device *vdev,
				      enum drm_plane_type type,
				      unsigned int slot)
{
	bool cursor = type == DRM_PLANE_TYPE_CURSOR;
	u32 formats[VPRIME_MAX_FORMATS] = { DRM_FORMAT_ARGB8888 };
	unsigned int n_formats = 1;
	struct vprime_plane *plane;
	int ret;

	if (!cursor)
		n_formats = vprime_format_list(VPRIME_FORMAT_READ, formats);

	plane = drmm_universal_plane_alloc(&vdev->drm, struct vprime_plane,
					   base, BIT(0), &vprime_plane_funcs,
					   formats, n_formats,
					   cursor ? NULL : vprime_modifiers,
					   type, NULL);
	if (IS_ERR(plane))
		return ERR_CAST(plane);

	plane->slot = slot;
	drm_plane_helper_add(&plane->base,
			     cursor ? &vprime_cursor_helper_funcs :
				      &vprime_plane_helper_funcs);
	drm_plane_enable_fb_damage_clips(&plane->base);

	ret = vprime_plane_create_properties(&plane->base, slot);
	if (ret)
		return ERR_PTR(ret);

	return &plane->base;
}
