// SPDX-License-Identifier: MIT
/*
 * The CRC of the screen: what is documented, of what is seen and nothing else.
 */
#include "kms_subtests.h"

#include <time.h>

#include "igt_api.h"
#include "lib/crc.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

static void sources(struct screen *screen)
{
	igt_assert(crc_has_source(screen, "auto"));
	igt_assert(!crc_has_source(screen, "pipe"));
}

static void as_documented(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 300, 200);
	struct layer layer = layer_new(&screen->kms.primary, fb, 17, 19);
	struct picture picture;

	pattern_noise_fb(fb, 11);
	scene_show(screen, &layer, 1);
	picture = scene_compose(screen, &layer, 1);
	igt_assert_eq(crc_read(screen), picture_crc(&picture));
	picture_free(&picture);
}

static void stable(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 300, 200);
	struct layer layer = layer_new(&screen->kms.primary, fb, 0, 0);
	uint32_t crc;

	pattern_noise_fb(fb, 12);
	scene_show(screen, &layer, 1);
	crc = crc_read(screen);
	for (int i = 0; i < 3; i++)
		igt_assert_eq(crc_read(screen), crc);
	scene_show(screen, &layer, 1);
	igt_assert_eq(crc_read(screen), crc);
}

/* One bit of one pixel, and one pixel's place. */
static void differs(struct screen *screen)
{
	struct kms_fb *one = screen_fb(screen, "XRGB8888", 300, 200);
	struct kms_fb *other = screen_fb(screen, "XRGB8888", 300, 200);
	struct layer layer = layer_new(&screen->kms.primary, one, 0, 0);
	uint32_t crc;

	pattern_noise_fb(one, 13);
	pattern_noise_fb(other, 13);
	((uint32_t *)other->map)[300 * 200 - 1] ^= 1;
	scene_show(screen, &layer, 1);
	crc = crc_read(screen);
	layer.fb = other;
	scene_show(screen, &layer, 1);
	igt_assert(crc_read(screen) != crc);
	layer.fb = one;
	layer.x = 1;
	scene_show(screen, &layer, 1);
	igt_assert(crc_read(screen) != crc);
	layer.x = 0;
	scene_show(screen, &layer, 1);
	igt_assert_eq(crc_read(screen), crc);
}

/* The same picture in other bytes, on other planes, beside a writeback job. */
static void depends_on_picture_only(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 128, 64);
	struct kms_fb *swapped = screen_fb(screen, "XBGR8888", 128, 64);
	struct layer layer = layer_new(&screen->kms.primary, fb, 10, 20);
	struct layer parts[2];
	uint32_t crc;

	pattern_noise_fb(fb, 14);
	pattern_swap_red_blue(swapped, fb);
	scene_show(screen, &layer, 1);
	crc = crc_read(screen);

	layer.plane = &screen->kms.overlay[1];
	layer.fb = swapped;
	scene_show(screen, &layer, 1);
	igt_assert_eq(crc_read(screen), crc);
	scene_read_back(screen, &layer, 1, screen_picture_fb(screen, "RGB565"));
	igt_assert_eq(crc_read(screen), crc);

	parts[0] = layer_new(&screen->kms.primary, fb, 10, 20);
	parts[1] = layer_new(&screen->kms.overlay[0], swapped, 74, 20);
	parts[0].width = 64;
	parts[1].src_x = 64;
	parts[1].width = 64;
	scene_show(screen, parts, 2);
	igt_assert_eq(crc_read(screen), crc);
}

/* The largest mode, at the highest rate that there is. */
static void set_fast_mode(struct screen *screen, uint32_t width, uint32_t height)
{
	static drmModeModeInfo fast;

	screen_set_mode(screen, width, height);
	fast = *screen->mode;
	fast.clock = fast.htotal * fast.vtotal / 1000 * 240;
	screen_use_mode(screen, &fast);
}

static double seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/*
 * The picture is composed for many vblanks' time, and their CRCs come at once: no more
 * than DRM keeps, or it would put the blame on us. That is an error in the kernel's log,
 * which fails the test. Gives the seconds that it took.
 */
static double burst(struct screen *screen, uint32_t width, uint32_t height)
{
	struct layer layers[3];
	unsigned int count;
	double start;

	screen_reset(screen);
	set_fast_mode(screen, width, height);
	for (int i = 0; i < 3; i++) {
		layers[i] = layer_new(i ? &screen->kms.overlay[i - 1] : &screen->kms.primary,
				      screen_picture_fb(screen, "ARGB8888"), 0, 0);
		layers[i].blend = BLEND_COVERAGE;
		layers[i].alpha = 0x8000;
	}
	scene_show(screen, layers, 3);
	start = seconds();
	count = crc_read_burst(screen);
	igt_info("%ux%u: %u at once\n", width, height, count);
	return seconds() - start;
}

/* For the debug kernel a small picture is work enough, and a large one that of minutes. */
static void late(struct screen *screen)
{
	if (burst(screen, 1024, 768) < 1)
		burst(screen, 4096, 2160);
}

static const struct subtest subtests[] = {
	{ "crc-sources", "There is one source, \"auto\".", sources },
	{ "crc-documented", "The value is the one of the documentation.", as_documented },
	{ "crc-stable", "The same picture has the same CRC.", stable },
	{ "crc-different", "A changed or moved pixel changes it.", differs },
	{ "crc-late", "A picture that takes long has many CRCs at once.", late },
	{ "crc-picture-only", "Formats, planes and writeback don't change it.",
	  depends_on_picture_only },
};

void crc_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
