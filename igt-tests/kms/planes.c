// SPDX-License-Identifier: MIT
/*
 * Where a plane's pixels come from and where they go: formats, position,
 * clipping, source rectangle.
 */
#include "kms_subtests.h"

#include <errno.h>

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

static struct layer noise_layer(struct screen *screen, const struct kms_object *plane,
				const char *format, uint32_t width, uint32_t height)
{
	struct kms_fb *fb = screen_fb(screen, format, width, height);

	pattern_noise_fb(fb, width * 31 + height);
	return layer_new(plane, fb, 0, 0);
}

static void primary_covers_screen(struct screen *screen)
{
	struct layer layer = noise_layer(screen, &screen->kms.primary, "XRGB8888", 640, 480);

	scene_check(screen, &layer, 1, "XRGB8888", 0);
}

static void no_plane_is_black(struct screen *screen)
{
	scene_check(screen, NULL, 0, "XRGB8888", 0);
}

/* Noise in an alpha channel blends; the blend mode is taken out of the question. */
static void check_format(struct screen *screen, const struct pixel_format *format,
			 const struct kms_object *plane)
{
	struct layer layer = noise_layer(screen, plane, format->name, 134, 58);

	layer.blend = BLEND_NONE;
	layer.x = 37;
	layer.y = 21;
	scene_check(screen, &layer, 1, "XRGB8888", format->yuv ? 1 : 0);
}

static void plane_formats(struct screen *screen)
{
	const struct kms_object *planes[] = { &screen->kms.primary, &screen->kms.overlay[0] };
	static const char *const names[] = { "primary", "overlay" };
	char name[64];

	for (size_t i = 0; i < pixel_format_count; i++) {
		for (int p = 0; p < 2; p++) {
			snprintf(name, sizeof(name), "%s-%s", names[p], pixel_formats[i].name);
			igt_dynamic(name)
			{
				screen_reset(screen);
				check_format(screen, &pixel_formats[i], planes[p]);
			}
		}
	}
}

static void color_readings_differ(struct screen *screen)
{
	struct layer layer = noise_layer(screen, &screen->kms.overlay[0], "NV12", 64, 64);

	for (int i = 0; i < COLOR_READINGS; i++) {
		layer.color = &color_readings[i];
		scene_check(screen, &layer, 1, "XRGB2101010", 1);
	}
}

/* The plane is 100 x 60; each place leaves a part of it, or nothing, visible. */
static void clipped_on_each_side(struct screen *screen)
{
	static const struct {
		int x, y;
	} places[] = {
		{ -1, 10 },
		{ -99, 10 },
		{ 541, 10 },
		{ 639, 10 },
		{ 10, -1 },
		{ 10, -59 },
		{ 10, 421 },
		{ 10, 479 },
		{ -50, -30 },
		{ 590, 450 },
		{ -50, 450 },
		{ 590, -30 },
		{ -100, 0 },
		{ 640, 0 },
		{ 0, -60 },
		{ 0, 480 },
	};
	struct layer layer = noise_layer(screen, &screen->kms.overlay[0], "XRGB8888", 100, 60);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		layer.x = places[i].x;
		layer.y = places[i].y;
		scene_check(screen, &layer, 1, "XRGB8888", 0);
	}
}

/* Chroma belongs to pairs of pixels of the buffer, not of the screen. */
static void clipped_within_chroma_block(struct screen *screen)
{
	struct layer layer = noise_layer(screen, &screen->kms.overlay[0], "NV12", 100, 60);

	layer.x = -33;
	layer.y = -17;
	scene_check(screen, &layer, 1, "XRGB8888", 1);
	layer.x = 607;
	layer.y = 463;
	scene_check(screen, &layer, 1, "XRGB8888", 1);
}

/* As wide as the screen, but not as high: what is above and below it is black. */
static void strip(struct screen *screen)
{
	struct layer layer = noise_layer(screen, &screen->kms.primary, "XRGB8888", 640, 100);

	for (int y = 0; y <= 380; y += 190) {
		layer.y = y;
		scene_check(screen, &layer, 1, "XRGB8888", 0);
	}
}

static void larger_than_screen(struct screen *screen)
{
	struct layer layer = noise_layer(screen, &screen->kms.primary, "RGB565", 800, 600);

	layer.x = -80;
	layer.y = -60;
	scene_check(screen, &layer, 1, "XRGB8888", 0);
}

static void source_offset(struct screen *screen)
{
	static const char *const formats[] = { "XRGB8888", "RGB888", "RGB565", "YUYV", "UYVY",
					       "NV12", "NV16", "YUV420" };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct layer layer = noise_layer(screen, &screen->kms.overlay[0], formats[i],
						 96, 64);

		layer.src_x = 13;
		layer.src_y = 7;
		layer.width = 51;
		layer.height = 33;
		layer.x = 100;
		layer.y = 50;
		scene_check(screen, &layer, 1, "XRGB8888", 1);
		layer.x = -5;
		layer.y = -3;
		scene_check(screen, &layer, 1, "XRGB8888", 1);
		screen_reset(screen);
	}
}

static void source_fraction(struct screen *screen)
{
	struct layer layer = noise_layer(screen, &screen->kms.overlay[0], "XRGB8888", 96, 64);

	layer.src_x = 5;
	layer.src_y = 9;
	layer.src_fraction = 0xffff;
	layer.width = 40;
	layer.height = 30;
	layer.x = 7;
	scene_check(screen, &layer, 1, "XRGB8888", 0);
}

static void source_outside_fb(struct screen *screen)
{
	struct layer layer = noise_layer(screen, &screen->kms.overlay[0], "XRGB8888", 96, 64);

	layer.src_x = 1;
	igt_assert_eq(__scene_show(screen, &layer, 1, 0, NULL), -ENOSPC);
	layer.src_x = 0;
	layer.src_y = 1;
	igt_assert_eq(__scene_show(screen, &layer, 1, 0, NULL), -ENOSPC);
}

static void scaling(struct screen *screen)
{
	struct layer layer = noise_layer(screen, &screen->kms.overlay[0], "XRGB8888", 96, 64);
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	scene_show(screen, &layer, 1);
	kms_set(request, layer.plane, "CRTC_W", 97);
	igt_assert_errno(drmModeAtomicCommit(screen->kms.fd, request, 0, NULL), ERANGE);
	drmModeAtomicFree(request);
	scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
}

static void switched_off_and_on(struct screen *screen)
{
	struct layer layer = noise_layer(screen, &screen->kms.primary, "XRGB8888", 640, 480);
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	scene_show(screen, &layer, 1);
	for (int active = 0; active < 2; active++) {
		drmModeAtomicSetCursor(request, 0);
		kms_set(request, &screen->kms.crtc, "ACTIVE", active);
		igt_assert_errno(drmModeAtomicCommit(screen->kms.fd, request,
						     DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
				 0);
	}
	drmModeAtomicFree(request);
	scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
}

static const struct subtest subtests[] = {
	{ "plane-primary", "A primary plane shows its framebuffer.", primary_covers_screen },
	{ "plane-none", "A screen without planes is black.", no_plane_is_black },
	{ "plane-color-readings", "Each encoding and range is used.", color_readings_differ },
	{ "plane-clipping", "What is outside the screen is cut off.", clipped_on_each_side },
	{ "plane-clipping-chroma", "Clipping at odd places keeps chroma in place.",
	  clipped_within_chroma_block },
	{ "plane-larger-than-screen", "A plane may be larger than the screen.",
	  larger_than_screen },
	{ "plane-source-offset", "A part of a framebuffer is shown, from odd places too.",
	  source_offset },
	{ "plane-source-fraction", "Parts of a pixel in the source are dropped.",
	  source_fraction },
	{ "plane-source-outside", "A source outside the framebuffer is refused.",
	  source_outside_fb },
	{ "plane-scaling", "Scaling is refused and changes nothing.", scaling },
	{ "plane-strip", "A plane that covers whole lines leaves the others black.", strip },
	{ "plane-off-and-on", "A screen switched off and on shows the same picture.",
	  switched_off_and_on },
};

void plane_subtests(struct screen *screen)
{
	igt_describe("Each format is read as documented, on the primary plane and on overlays.");
	igt_subtest_with_dynamic("plane-formats")
		plane_formats(screen);
	RUN_SUBTESTS(subtests, screen);
}
