// SPDX-License-Identifier: MIT
/*
 * The tiled layout: what announces it, what is shown and written in it, what is
 * refused, and a buffer in it that two cards share.
 */
#include "kms_subtests.h"

#include <errno.h>
#include <unistd.h>

#include <drm/vprime_fourcc.h>
#include <drm_fourcc.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "lib/tiles.h"

/* A pixel of three bytes would lie in two tiles. */
static bool can_be_tiled(const struct pixel_format *format)
{
	return format->cpp[0] != 3;
}

static struct layer tiled_layer(struct screen *screen, const struct kms_object *plane,
				const char *format, uint32_t width, uint32_t height,
				struct kms_fb *shown)
{
	struct kms_fb *linear = screen_fb(screen, format, width, height);
	struct kms_fb *tiled = tiles_fb(screen, format, width, height);
	struct layer layer;

	pattern_noise_fb(linear, width * 37 + height);
	tiles_put(tiled, linear);
	*shown = tiles_layer_fb(tiled, linear);
	layer = layer_new(plane, shown, 0, 0);
	layer.blend = BLEND_NONE;
	return layer;
}

static bool blob_has(const struct drm_format_modifier_blob *blob, uint32_t format,
		     uint64_t modifier)
{
	const uint32_t *formats = (void *)((char *)blob + blob->formats_offset);
	const struct drm_format_modifier *entry = (void *)((char *)blob + blob->modifiers_offset);
	bool found = false;

	for (uint32_t m = 0; m < blob->count_modifiers; m++)
		for (uint32_t i = 0; i < 64 && entry[m].offset + i < blob->count_formats; i++)
			if (formats[entry[m].offset + i] == format &&
			    entry[m].modifier == modifier && entry[m].formats >> i & 1)
				found = true;
	return found;
}

static void check_blob(struct screen *screen, const struct kms_object *plane, bool cursor)
{
	drmModePropertyBlobPtr property;
	uint64_t id;

	igt_assert_eq(kms_get(screen->kms.fd, plane, DRM_MODE_OBJECT_PLANE, "IN_FORMATS", &id), 0);
	property = drmModeGetPropertyBlob(screen->kms.fd, id);
	igt_assert(property);
	for (size_t i = 0; i < pixel_format_count; i++) {
		const struct pixel_format *format = &pixel_formats[i];
		bool takes = !cursor || format->drm == DRM_FORMAT_ARGB8888;

		igt_assert_eq(blob_has(property->data, format->drm, DRM_FORMAT_MOD_LINEAR), takes);
		igt_assert_eq(blob_has(property->data, format->drm, DRM_FORMAT_MOD_VPRIME_TILED),
			      !cursor && can_be_tiled(format));
	}
	igt_assert_eq(((struct drm_format_modifier_blob *)property->data)->count_modifiers,
		      cursor ? 1 : 2);
	igt_assert_eq(((struct drm_format_modifier_blob *)property->data)->count_formats,
		      cursor ? 1 : pixel_format_count);
	drmModeFreePropertyBlob(property);
}

static void announced(struct screen *screen)
{
	check_blob(screen, &screen->kms.primary, false);
	for (unsigned int i = 0; i < screen->kms.num_overlays; i++)
		check_blob(screen, &screen->kms.overlay[i], false);
	check_blob(screen, &screen->kms.cursor, true);
}

/* The parts begin and end within tiles, at odd places, and are more than a tile. */
static void check_format(struct screen *screen, const struct pixel_format *format)
{
	struct kms_fb shown;
	struct layer layer = tiled_layer(screen, &screen->kms.overlay[0], format->name, 302, 74,
					 &shown);
	int tolerance = format->yuv ? 1 : 0;

	layer.x = 37;
	layer.y = 21;
	scene_check(screen, &layer, 1, "XRGB8888", tolerance);
	layer.src_x = 13;
	layer.src_y = 7;
	layer.width = 251;
	layer.height = 59;
	scene_check(screen, &layer, 1, "XRGB8888", tolerance);
	layer.x = -130;
	layer.y = -33;
	scene_check(screen, &layer, 1, "XRGB8888", tolerance);
	layer.plane = &screen->kms.primary;
	layer.x = 500;
	layer.y = 450;
	scene_check(screen, &layer, 1, "XRGB8888", tolerance);
}

static void each_format(struct screen *screen)
{
	for (size_t i = 0; i < pixel_format_count; i++) {
		if (!can_be_tiled(&pixel_formats[i]))
			continue;
		igt_dynamic(pixel_formats[i].name)
		{
			screen_reset(screen);
			check_format(screen, &pixel_formats[i]);
		}
	}
}

static void check_written(struct screen *screen, const struct pixel_format *format)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB2101010");
	struct layer layer = layer_new(&screen->kms.primary, fb, 0, 0);
	struct kms_fb *tiled = tiles_fb(screen, format->name, fb->width, fb->height);
	struct kms_fb *linear = screen_picture_fb(screen, format->name);
	struct picture picture;

	pattern_noise_fb(fb, 71);
	scene_read_back(screen, &layer, 1, tiled);
	tiles_take(tiled, linear);
	picture = scene_compose(screen, &layer, 1);
	picture_assert_in_fb(&picture, linear, 0);
	picture_free(&picture);
	tiles_assert_padding(tiled);
}

static void each_written_format(struct screen *screen)
{
	for (size_t i = 0; i < pixel_format_count; i++) {
		if (!can_be_tiled(&pixel_formats[i]) || pixel_formats[i].yuv)
			continue;
		igt_dynamic(pixel_formats[i].name)
		{
			screen_reset(screen);
			check_written(screen, &pixel_formats[i]);
		}
	}
}

/* 64x40 in XRGB8888: two tiles across and one to spare, two down. */
static void refused(struct screen *screen)
{
	struct kms_fb good = *tiles_fb(screen, "XRGB8888", 64, 40), fb;
	uint32_t id = 0;

#define REFUSED(_error, ...)                                                                \
	do {                                                                                \
		fb = good;                                                                  \
		__VA_ARGS__;                                                                \
		igt_assert_eq(tiles_add_fb(screen->kms.fd, &fb, good.handle, &id), _error); \
	} while (0)
	REFUSED(EINVAL, fb.layout.pitch[0] -= 4);
	REFUSED(EINVAL, fb.layout.pitch[0] -= 64);
	REFUSED(EINVAL, fb.layout.pitch[0] = 128);
	REFUSED(EINVAL, fb.layout.pitch[0] += 128);
	REFUSED(EINVAL, fb.layout.offset[0] = 4096);
	REFUSED(EINVAL, fb.layout.offset[0] = 128; fb.height = 8);
	REFUSED(EINVAL, fb.height = 65);
	REFUSED(ERANGE, fb.layout.offset[0] = 0xfffff000);
	REFUSED(EINVAL, fb.format = pixel_format_by_name("RGB888"));
	REFUSED(EINVAL, fb.format = pixel_format_by_name("BGR888"));
	igt_assert_eq(id, 0);
	/* The last row of tiles is whole, so 64 lines fit where 40 do. */
	REFUSED(0, fb.height = 64);
	drmModeRmFB(screen->kms.fd, id);
#undef REFUSED
}

static void cursor_is_linear(struct screen *screen)
{
	struct kms_fb shown;
	struct layer layer = tiled_layer(screen, &screen->kms.cursor, "ARGB8888", 64, 64, &shown);

	igt_assert_eq(__scene_show(screen, &layer, 1, 0, NULL), -EINVAL);
	layer.plane = &screen->kms.overlay[1];
	scene_check(screen, &layer, 1, "XRGB8888", 0);
}

/* Written in tiles by one card, shown by the other. */
static void shared(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct layer layer = layer_new(&screen->kms.primary, fb, 0, 0);
	struct kms_fb *tiled = tiles_fb(screen, "XRGB8888", fb->width, fb->height);
	struct screen other;
	struct kms_fb shown = *fb;
	uint32_t handle;
	int dmabuf;

	screen_open(&other, 1);
	pattern_noise_fb(fb, 81);
	scene_read_back(screen, &layer, 1, tiled);
	dmabuf = prime_export(screen->kms.fd, tiled->handle, DRM_CLOEXEC | DRM_RDWR);
	handle = prime_import(other.kms.fd, dmabuf);
	close(dmabuf);
	igt_assert_eq(tiles_add_fb(other.kms.fd, tiled, handle, &shown.id), 0);
	layer = layer_new(&other.kms.primary, &shown, 0, 0);
	scene_check(&other, &layer, 1, "XRGB8888", 0);
	drmModeRmFB(other.kms.fd, shown.id);
	gem_close(other.kms.fd, handle);
	screen_close(&other);
}

static const struct subtest subtests[] = {
	{ "tiling-in-formats", "IN_FORMATS has each format and modifier that is taken, no other.",
	  announced },
	{ "tiling-refused", "A framebuffer whose tiles are not whole is refused.", refused },
	{ "tiling-cursor", "The cursor takes no tiles.", cursor_is_linear },
	{ "tiling-shared", "Two cards mean the same by the modifier.", shared },
};

void tiling_subtests(struct screen *screen)
{
	igt_describe("Each format is read from tiles as from lines, from any part of them.");
	igt_subtest_with_dynamic("tiling-formats")
		each_format(screen);
	igt_describe("Writeback fills tiles, and nothing beside the picture.");
	igt_subtest_with_dynamic("tiling-writeback")
		each_written_format(screen);
	RUN_SUBTESTS(subtests, screen);
}
