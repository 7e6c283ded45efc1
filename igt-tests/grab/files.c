// SPDX-License-Identifier: MIT
/*
 * What vprime-grab leaves in files: a screenshot, and a line of JSON for each frame
 * and event.
 */
#include "grab_subtests.h"

#include <stdlib.h>
#include <unistd.h>

#include <png.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "program.h"

#define PNG_PATH "/tmp/vprime-grab-test.png"

static void assert_png(const char *path, const struct kms_fb *fb)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	uint8_t *pixels;

	igt_assert_f(png_image_begin_read_from_file(&image, path), "%s\n", image.message);
	igt_assert_eq(image.width, fb->width);
	igt_assert_eq(image.height, fb->height);
	image.format = PNG_FORMAT_BGRA;
	pixels = malloc(PNG_IMAGE_SIZE(image));
	igt_assert(pixels);
	igt_assert_f(png_image_finish_read(&image, NULL, pixels, 0, NULL), "%s\n", image.message);
	for (uint32_t y = 0; y < fb->height; y++) {
		const uint8_t *is = pixels + (size_t)y * fb->width * 4;
		const uint8_t *should = (uint8_t *)fb->map + (size_t)y * fb->layout.pitch[0];

		for (uint32_t x = 0; x < fb->width; x++)
			igt_assert_f(!memcmp(is + 4 * x, should + 4 * x, 3),
				     "(%u, %u) is another colour\n", x, y);
	}
	free(pixels);
}

static void screenshot(struct screen *screen)
{
	static const char *const arguments[] = { "--png", PNG_PATH, NULL };
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct kms_fb *above = screen_fb(screen, "ARGB8888", 200, 100);
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB8888");
	struct layer layers[] = { layer_new(&screen->kms.primary, fb, 0, 0),
				  layer_new(&screen->kms.overlay[0], above, 50, 60) };

	pattern_noise_fb(fb, 1);
	pattern_alpha_ramp(above);
	for (unsigned int planes = 1; planes <= 2; planes++) {
		scene_read_back(screen, layers, planes, read_back);
		unlink(PNG_PATH);
		igt_assert_eq(program_run(arguments), 0);
		assert_png(PNG_PATH, read_back);
	}
	unlink(PNG_PATH);
}

/* What can't be written is said; nothing half-written stays for a picture. */
static void no_screenshot(struct screen *screen)
{
	static const char *const nowhere[] = { "--png", "/nonexistent/a.png", NULL };
	static const char *const yuv[] = { "--yuv", "--png", PNG_PATH, NULL };
	static const char *const no_card[] = { "--card", "63", NULL };
	struct kms_fb *fb = screen_picture_fb(screen, "NV12");
	struct layer layer = layer_new(&screen->kms.primary, fb, 0, 0);

	pattern_noise_fb(fb, 2);
	scene_show(screen, &layer, 1);
	unlink(PNG_PATH);
	igt_assert_eq(program_try(nowhere), 1);
	igt_assert_eq(program_try(yuv), 1);
	igt_assert(access(PNG_PATH, F_OK));
	igt_assert_eq(program_try(no_card), 1);
}

static void flip_damaged(struct screen *screen, const struct kms_fb *fb,
			 const struct drm_mode_rect *clip)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	uint32_t blob;

	igt_assert_errno(drmModeCreatePropertyBlob(screen->kms.fd, clip, sizeof(*clip), &blob), 0);
	kms_set(request, &screen->kms.primary, "FB_ID", fb->id);
	kms_set(request, &screen->kms.primary, "FB_DAMAGE_CLIPS", blob);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	igt_assert_eq(kms_wait_flip(&screen->kms, SCREEN_PATIENCE_MS), 0);
	drmModeAtomicFree(request);
	drmModeDestroyPropertyBlob(screen->kms.fd, blob);
}

static void set_active(struct screen *screen, bool on)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	kms_set(request, &screen->kms.crtc, "ACTIVE", on);
	igt_assert_errno(drmModeAtomicCommit(screen->kms.fd, request,
					     DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
			 0);
	drmModeAtomicFree(request);
}

/* Sequence, size, format and damage of each frame, and what happens between. */
static void json(struct screen *screen)
{
	static const char *const arguments[] = { "-n", "3", "-q", "2", "--json", "-", NULL };
	static const char *const first_has[] = {
		",\"width\":640,\"height\":480,",
		",\"format\":\"XR24\",\"modifier\":0,",
		",\"direct\":true,\"mode_changed\":true,",
		",\"dropped\":0,\"expired\":0,",
		",\"damage\":[[0,0,640,480]]}\n",
	};
	const struct drm_mode_rect clip = { 10, 20, 30, 40 };
	struct kms_fb *fb[] = { screen_picture_fb(screen, "XRGB8888"),
				screen_picture_fb(screen, "XRGB8888") };
	struct layer layer = layer_new(&screen->kms.primary, fb[0], 0, 0);
	struct program program;
	char line[512];
	uint64_t first;

	scene_show(screen, &layer, 1);
	program_start(&program, arguments);
	first = program_frame(&program, line, sizeof(line));
	for (size_t i = 0; i < sizeof(first_has) / sizeof(first_has[0]); i++)
		igt_assert_f(strstr(line, first_has[i]), "%s has no %s\n", line, first_has[i]);
	flip_damaged(screen, fb[1], &clip);
	igt_assert_eq(program_frame(&program, line, sizeof(line)), first + 1);
	igt_assert_f(strstr(line, "\"mode_changed\":false,"), "%s\n", line);
	igt_assert_f(strstr(line, "\"damage\":[[10,20,30,40]]}\n"), "%s\n", line);

	set_active(screen, false);
	igt_assert(fgets(line, sizeof(line), program.out));
	igt_assert_f(!strcmp(line, "{\"event\":\"off\"}\n"), "%s\n", line);
	set_active(screen, true);
	do {
		igt_assert(fgets(line, sizeof(line), program.out));
	} while (!strcmp(line, "{\"event\":\"on\"}\n"));
	igt_assert_f(strstr(line, "\"mode_changed\":true,"), "%s\n", line);
	igt_assert_eq(program_end(&program), 0);
}

static const struct subtest subtests[] = {
	{ "png", "A screenshot has the pixels of the screen.", screenshot },
	{ "png-not", "What can't be written or grabbed is an error.", no_screenshot },
	{ "json", "A line tells of each frame, and of the screen going off and on.", json },
};

void files_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
