// SPDX-License-Identifier: MIT
/*
 * The writeback connector: every format it offers, jobs one after the other, and
 * what it refuses.
 */
#include "kms_subtests.h"

#include <errno.h>

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

static const char *const formats[] = {
	"XRGB8888",
	"ARGB8888",
	"XBGR8888",
	"ABGR8888",
	"RGB888",
	"BGR888",
	"RGB565",
	"XRGB2101010",
};

#define FORMATS (sizeof(formats) / sizeof(formats[0]))

/* The blob is an array of fourccs: the list above, and nothing else. */
static void lists_formats(struct screen *screen)
{
	drmModePropertyBlobPtr blob;
	const uint32_t *listed;
	uint64_t id;

	igt_assert_eq(kms_get(screen->kms.fd, &screen->kms.writeback, DRM_MODE_OBJECT_CONNECTOR,
			      "WRITEBACK_PIXEL_FORMATS", &id),
		      0);
	blob = drmModeGetPropertyBlob(screen->kms.fd, id);
	igt_assert(blob);
	igt_assert_eq(blob->length, FORMATS * sizeof(uint32_t));
	listed = blob->data;
	for (size_t i = 0; i < FORMATS; i++) {
		bool found = false;

		for (size_t j = 0; j < FORMATS; j++)
			found |= listed[j] == pixel_format_by_name(formats[i])->drm;
		igt_assert_f(found, "%s is not listed\n", formats[i]);
	}
	drmModeFreePropertyBlob(blob);
}

/* Ten bits a channel come in: what is dropped has to be rounded. */
static void each_format(struct screen *screen)
{
	for (size_t i = 0; i < FORMATS; i++) {
		igt_dynamic(formats[i])
		{
			struct kms_fb *fb;
			struct layer layer;

			screen_reset(screen);
			fb = screen_picture_fb(screen, "XRGB2101010");
			pattern_noise_fb(fb, i + 40);
			layer = layer_new(&screen->kms.primary, fb, 0, 0);
			scene_check(screen, &layer, 1, formats[i], 0);
		}
	}
}

static void round_trip(struct screen *screen)
{
	for (size_t i = 0; i < FORMATS; i++) {
		igt_dynamic(formats[i])
		{
			struct kms_fb *fb;
			struct layer layer;

			screen_reset(screen);
			fb = screen_picture_fb(screen, formats[i]);
			pattern_noise_fb(fb, i + 50);
			layer = layer_new(&screen->kms.primary, fb, 0, 0);
			layer.blend = BLEND_NONE;
			scene_check(screen, &layer, 1, formats[i], 0);
		}
	}
}

/* Straight after a job's fence comes the next job, with another picture. */
static void one_after_the_other(struct screen *screen)
{
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB8888");
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 64, 64);
	struct layer layer = layer_new(&screen->kms.primary, fb, 0, 0);

	for (uint32_t i = 0; i < 12; i++) {
		uint32_t color = 0xff000000 | i * 0x151311, seen;

		pattern_plain(fb, color);
		layer.x = 8 * i;
		scene_read_back(screen, &layer, 1, read_back);
		seen = ((uint32_t *)read_back->map)[layer.x];
		igt_assert_f(seen == color, "job %u: %08x, expected %08x\n", i, seen, color);
	}
}

/* The rest of the buffer, behind the last pixel of a line, is not touched. */
static void keeps_to_its_pixels(struct screen *screen)
{
	const uint32_t pitch = 640 * 4 + 256, rows = 480;
	struct kms_fb *dumb = screen_fb(screen, "XRGB8888", pitch / 4, rows);
	struct kms_fb fb = *dumb;
	struct kms_fb *picture = screen_fb(screen, "XRGB8888", 640, 480);
	struct layer layer = layer_new(&screen->kms.primary, picture, 0, 0);
	uint32_t handles[4] = { fb.handle }, pitches[4] = { pitch }, offsets[4] = { 0 };
	const uint8_t *bytes = dumb->map;

	fb.width = 640;
	pattern_noise_fb(picture, 5);
	memset(dumb->map, 0x77, dumb->layout.size);
	igt_assert_errno(drmModeAddFB2(screen->kms.fd, 640, rows, fb.format->drm, handles,
				       pitches, offsets, &fb.id, 0),
			 0);
	scene_read_back(screen, &layer, 1, &fb);
	for (uint32_t y = 0; y < rows; y++) {
		igt_assert(!memcmp(bytes + (size_t)y * pitch,
				   (uint8_t *)picture->map + (size_t)y * 640 * 4, 3));
		for (uint32_t x = 640 * 4; x < pitch; x++)
			igt_assert_eq(bytes[(size_t)y * pitch + x], 0x77);
	}
	drmModeRmFB(screen->kms.fd, fb.id);
}

static void refuse(struct screen *screen, const struct kms_fb *fb)
{
	struct kms_fb *shown = screen_fb(screen, "XRGB8888", 64, 64);
	struct layer layer = layer_new(&screen->kms.primary, shown, 0, 0);

	igt_assert_eq(__scene_show(screen, &layer, 1, 0, fb), -EINVAL);
	igt_assert_eq(__scene_show(screen, &layer, 1, DRM_MODE_ATOMIC_TEST_ONLY, fb), -EINVAL);
}

static void wrong_size(struct screen *screen)
{
	static const int sizes[][2] = { { 640, 479 }, { 640, 481 }, { 639, 480 }, { 800, 600 } };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		refuse(screen, screen_fb(screen, "XRGB8888", sizes[i][0], sizes[i][1]));
}

static void wrong_format(struct screen *screen)
{
	static const char *const readable[] = { "YUYV", "UYVY", "NV12", "NV21", "NV16", "YUV420" };

	for (size_t i = 0; i < sizeof(readable) / sizeof(readable[0]); i++)
		refuse(screen, screen_picture_fb(screen, readable[i]));
}

/* One property of a job alone is no job. */
static void incomplete(struct screen *screen)
{
	const struct kms_object *writeback = &screen->kms.writeback;
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int32_t fence = -1;

	scene_show(screen, NULL, 0);
	kms_set(request, writeback, "CRTC_ID", 0);
	kms_set(request, writeback, "WRITEBACK_FB_ID", fb->id);
	igt_assert_errno(drmModeAtomicCommit(screen->kms.fd, request,
					     DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
			 EINVAL);
	drmModeAtomicSetCursor(request, 0);
	kms_set(request, writeback, "CRTC_ID", screen->kms.crtc.id);
	kms_set(request, writeback, "WRITEBACK_FB_ID", 0);
	kms_set(request, writeback, "WRITEBACK_OUT_FENCE_PTR", (uintptr_t)&fence);
	igt_assert_errno(drmModeAtomicCommit(screen->kms.fd, request,
					     DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
			 EINVAL);
	igt_assert_eq(fence, -1);
	drmModeAtomicSetCursor(request, 0);
	kms_set(request, &screen->kms.crtc, "ACTIVE", 0);
	igt_assert_eq(kms_read_back(request, &screen->kms, fb, &fence), 0);
	igt_assert_errno(drmModeAtomicCommit(screen->kms.fd, request,
					     DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
			 EINVAL);
	drmModeAtomicFree(request);
}

static const struct subtest subtests[] = {
	{ "writeback-format-list", "The connector lists what it writes.", lists_formats },
	{ "writeback-sequence", "No job is lost or gets an older picture.",
	  one_after_the_other },
	{ "writeback-pitch", "Nothing is written between the lines.", keeps_to_its_pixels },
	{ "writeback-wrong-size", "A framebuffer of another size is refused.", wrong_size },
	{ "writeback-wrong-format", "Formats that are only read are refused.", wrong_format },
	{ "writeback-incomplete", "A job needs a framebuffer and a CRTC that is on.",
	  incomplete },
};

void writeback_subtests(struct screen *screen)
{
	igt_describe("Ten bits a channel are rounded to each format as documented.");
	igt_subtest_with_dynamic("writeback-formats")
		each_format(screen);
	igt_describe("What is shown in a format is written in it bit by bit.");
	igt_subtest_with_dynamic("writeback-round-trip")
		round_trip(screen);
	RUN_SUBTESTS(subtests, screen);
}
