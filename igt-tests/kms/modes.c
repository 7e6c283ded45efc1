// SPDX-License-Identifier: MIT
/*
 * Modes and EDID of the connector, the largest mode, and two screens at once.
 */
#include "kms_subtests.h"

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define EDID_BLOCK 128

static void edid_valid(struct screen *screen)
{
	static const uint8_t header[8] = { 0, 255, 255, 255, 255, 255, 255, 0 };
	drmModePropertyBlobPtr blob;
	const uint8_t *edid;
	uint64_t id = 0;

	igt_assert_eq(kms_get(screen->kms.fd, &screen->kms.connector, DRM_MODE_OBJECT_CONNECTOR,
			      "EDID", &id),
		      0);
	blob = drmModeGetPropertyBlob(screen->kms.fd, id);
	igt_assert_f(blob, "no EDID\n");
	edid = blob->data;
	igt_assert(blob->length >= EDID_BLOCK);
	igt_assert(!memcmp(edid, header, sizeof(header)));
	igt_assert_eq(blob->length, EDID_BLOCK * (1 + edid[126]));
	for (uint32_t block = 0; block < blob->length; block += EDID_BLOCK) {
		uint8_t sum = 0;

		for (int i = 0; i < EDID_BLOCK; i++)
			sum += edid[block + i];
		igt_assert_f(sum == 0, "checksum of block %u\n", block / EDID_BLOCK);
	}
	drmModeFreePropertyBlob(blob);
}

static void usual_modes(struct screen *screen)
{
	static const int sizes[][2] = {
		{ 640, 480 },
		{ 800, 600 },
		{ 1024, 768 },
		{ 1280, 720 },
		{ 1280, 1024 },
		{ 1920, 1080 },
		{ 2560, 1440 },
		{ 3840, 2160 },
		{ 4096, 2160 },
	};
	int preferred = 0, missing = 0;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		if (kms_find_mode(&screen->kms, sizes[i][0], sizes[i][1]))
			continue;
		igt_info("no mode %dx%d\n", sizes[i][0], sizes[i][1]);
		missing++;
	}
	igt_assert_eq(missing, 0);
	for (unsigned int i = 0; i < screen->kms.num_modes; i++) {
		const drmModeModeInfo *mode = &screen->kms.modes[i];

		preferred += (mode->type & DRM_MODE_TYPE_PREFERRED) != 0;
		igt_assert_f(mode->hdisplay <= 4096 && mode->vdisplay <= 2160,
			     "mode %s is too large\n", mode->name);
		igt_assert_f(mode->vrefresh >= 24, "mode %s: %u Hz\n", mode->name,
			     mode->vrefresh);
	}
	igt_assert_eq(preferred, 1);
}

/* A spot in the last corner: the rest of so large a picture is only sampled. */
static void largest_mode(struct screen *screen)
{
	struct kms_fb *spot = screen_fb(screen, "XRGB8888", 64, 64), *read_back;
	struct layer layer;
	const uint32_t *line;

	screen_set_mode(screen, 4096, 2160);
	read_back = screen_picture_fb(screen, "XRGB8888");
	pattern_noise_fb(spot, 31);
	layer = layer_new(&screen->kms.primary, spot, 4096 - 64, 2160 - 64);
	scene_read_back(screen, &layer, 1, read_back);
	for (uint32_t y = 0; y < 64; y++) {
		const uint32_t *expected = (uint32_t *)spot->map + y * 64;

		line = (uint32_t *)read_back->map + (2160 - 64 + y) * 4096ul;
		for (uint32_t x = 0; x < 64; x++)
			igt_assert_eq(line[4096 - 64 + x], expected[x] | 0xff000000);
	}
	for (uint32_t y = 0; y < 2096; y += 131) {
		line = (uint32_t *)read_back->map + y * 4096ul;
		for (uint32_t x = 0; x < 4096; x++)
			igt_assert_eq(line[x], 0xff000000);
	}
}

/* Both are on before either is read back. */
static void two_screens(struct screen *screen)
{
	static struct screen second;
	struct screen *screens[] = { screen, &second };
	struct layer layers[2];

	if (second.kms.fd > 0)
		kms_device_close(&second.kms);
	screen_open(&second, 1);
	for (int i = 0; i < 2; i++) {
		struct kms_fb *fb = screen_fb(screens[i], "XRGB8888", 200, 100);

		pattern_noise_fb(fb, 60 + i);
		layers[i] = layer_new(&screens[i]->kms.primary, fb, 10 + 90 * i, 30);
		scene_show(screens[i], &layers[i], 1);
	}
	for (int i = 0; i < 2; i++)
		scene_check_shown(screens[i], &layers[i], 1, "XRGB8888", 0);
	screen_close(&second);
}

static const struct subtest subtests[] = {
	{ "mode-edid", "The EDID is whole and its checksums are right.", edid_valid },
	{ "mode-list", "The usual modes are there and one is preferred.", usual_modes },
	{ "mode-largest", "4096x2160 is shown up to its last pixel.", largest_mode },
	{ "mode-two-screens", "Two devices show two pictures at once.", two_screens },
};

void mode_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
