// SPDX-License-Identifier: MIT
/*
 * Blending, to the last bit of 10 bits a channel: every mode, with pixel alpha,
 * with plane alpha and with both, also where a colour exceeds its alpha.
 */
#include "kms_subtests.h"

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

/* Noise below, and above it a ramp of alpha one way and of colour the other. */
static void new_ramp_over_noise(struct screen *screen, struct layer layers[2])
{
	struct kms_fb *below = screen_fb(screen, "XRGB2101010", 256, 128);
	struct kms_fb *above = screen_fb(screen, "ARGB8888", 256, 128);

	pattern_noise_fb(below, 7);
	pattern_alpha_ramp(above);
	layers[0] = layer_new(&screen->kms.primary, below, 0, 0);
	layers[1] = layer_new(&screen->kms.overlay[0], above, 0, 0);
}

static void check_mode(struct screen *screen, enum blend_mode mode)
{
	static const uint16_t alphas[] = { 0xffff, 0xfffe, 0x8000, 0x7fff, 0x1234, 1, 0 };
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB2101010");
	struct layer layers[2];

	new_ramp_over_noise(screen, layers);
	layers[1].blend = mode;
	for (size_t i = 0; i < sizeof(alphas) / sizeof(alphas[0]); i++) {
		struct picture picture;

		layers[1].alpha = alphas[i];
		scene_read_back(screen, layers, 2, read_back);
		picture = scene_compose(screen, layers, 2);
		picture_assert_in_fb(&picture, read_back, 0);
		picture_free(&picture);
	}
}

static void premultiplied(struct screen *screen)
{
	check_mode(screen, BLEND_PREMULTIPLIED);
}

static void coverage(struct screen *screen)
{
	check_mode(screen, BLEND_COVERAGE);
}

static void none(struct screen *screen)
{
	check_mode(screen, BLEND_NONE);
}

/* Without alpha of its own a pixel is opaque, whatever its unused bits are. */
static void opaque_formats(struct screen *screen)
{
	static const char *const formats[] = { "XRGB8888", "XBGR8888", "RGB565", "BGR888",
					       "XRGB2101010" };
	struct layer layers[2];

	new_ramp_over_noise(screen, layers);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		for (int mode = 0; mode < BLEND_MODES; mode++) {
			struct kms_fb *fb = screen_fb(screen, formats[i], 61, 43);

			pattern_noise_fb(fb, i + 1);
			layers[1] = layer_new(&screen->kms.overlay[0], fb, 11, 13);
			layers[1].blend = mode;
			layers[1].alpha = 0xa000;
			scene_check(screen, layers, 2, "XRGB8888", 0);
		}
	}
}

static void yuv_with_alpha(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "YUYV", 64, 64);
	struct layer layers[2];

	new_ramp_over_noise(screen, layers);
	pattern_noise_fb(fb, 3);
	layers[1] = layer_new(&screen->kms.overlay[1], fb, 9, 5);
	layers[1].alpha = 0x5555;
	scene_check(screen, layers, 2, "XRGB8888", 1);
}

/* Each stage rounds; a stack shows whether it rounds where it says. */
static void ramps_on_ramps(struct screen *screen)
{
	struct kms_fb *top;
	struct layer layers[3];

	new_ramp_over_noise(screen, layers);
	top = screen_fb(screen, "ABGR8888", 256, 128);
	pattern_noise_fb(top, 99);
	layers[2] = layer_new(&screen->kms.overlay[1], top, -20, 30);
	for (int below = 0; below < BLEND_MODES; below++) {
		for (int above = 0; above < BLEND_MODES; above++) {
			layers[1].blend = below;
			layers[1].alpha = 0xc001;
			layers[2].blend = above;
			layers[2].alpha = 0x8765;
			scene_check(screen, layers, 3, "XRGB2101010", 0);
		}
	}
}

static void primary_blends_with_black(struct screen *screen)
{
	struct layer layers[2];

	new_ramp_over_noise(screen, layers);
	layers[1].plane = &screen->kms.primary;
	layers[1].alpha = 0x4321;
	scene_check(screen, &layers[1], 1, "XRGB2101010", 0);
}

static const struct subtest subtests[] = {
	{ "blend-premultiplied", "Premultiplied colours, at every alpha.", premultiplied },
	{ "blend-coverage", "Straight colours, at every alpha.", coverage },
	{ "blend-none", "Pixel alpha is not looked at.", none },
	{ "blend-opaque-formats", "Formats without alpha are opaque.", opaque_formats },
	{ "blend-yuv", "The alpha of a plane acts on Y'CbCr too.", yuv_with_alpha },
	{ "blend-stack", "Three planes, every pair of modes.", ramps_on_ramps },
	{ "blend-primary", "The lowest plane blends with black.", primary_blends_with_black },
};

void blend_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
