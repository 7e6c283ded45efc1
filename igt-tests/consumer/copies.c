// SPDX-License-Identifier: MIT
/*
 * How many bytes the CPU touches for a frame, by the driver's own count: none for
 * one that is handed out as it is shown, each pixel once for one that is composed.
 */
#include "consumer_subtests.h"

#include <unistd.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/copied.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define FRAMES 10
#define PICTURE (640 * 480 * 4)

static void take_frames(struct screen *screen, struct kms_fb *fb[2], const int *consumers,
			unsigned int count)
{
	struct drm_vprime_consumer_acquire frame;

	for (unsigned int i = 1; i <= FRAMES; i++) {
		flip(screen, fb[i & 1]);
		for (unsigned int j = 0; j < count; j++) {
			frame = consumer_acquire(consumers[j]);
			frame_done(consumers[j], &frame);
		}
		flip_done(screen);
	}
}

static int open_and_skip(struct screen *screen, uint32_t flags)
{
	int consumer = consumer_latest(screen, flags, 1000);
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer);

	frame_done(consumer, &frame);
	return consumer;
}

static void direct(struct screen *screen)
{
	struct kms_fb *fb[] = { screen_picture_fb(screen, "XRGB8888"),
				screen_picture_fb(screen, "XRGB8888") };
	struct copied before;
	int consumers[2];

	show_only(screen, fb[0]);
	consumers[0] = open_and_skip(screen, 0);
	consumers[1] = open_and_skip(screen, 0);
	before = copied_bytes(screen);
	take_frames(screen, fb, consumers, 2);
	igt_assert_eq(copied_sum(copied_since(screen, before)), 0);
	close(consumers[0]);
	close(consumers[1]);
}

static void import(struct screen *screen)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *fb[2];
	struct pixel_layout layout;
	struct copied before;
	struct dumb dumbs[2];
	int consumer;

	igt_require_f(vgem >= 0, "needs vgem\n");
	pixel_layout_fill(&layout, format, 640 * 4, 480);
	for (int i = 0; i < 2; i++) {
		int dmabuf;

		dumbs[i] = dumb_new(vgem, layout.size);
		dmabuf = prime_export(vgem, dumbs[i].handle, DRM_CLOEXEC);
		fb[i] = screen_fb_slot(screen);
		igt_assert_eq(kms_fb_import(fb[i], screen->kms.fd, dmabuf, format, 640, 480,
					    &layout),
			      0);
		close(dmabuf);
	}
	show_only(screen, fb[0]);
	consumer = open_and_skip(screen, 0);
	before = copied_bytes(screen);
	take_frames(screen, fb, &consumer, 1);
	igt_assert_eq(copied_sum(copied_since(screen, before)), 0);
	close(consumer);
	for (int i = 0; i < 2; i++)
		dumb_free(&dumbs[i]);
}

/* Two consumers share a picture, so it is counted once. */
static void composed(struct screen *screen)
{
	struct kms_fb *fb[] = { screen_picture_fb(screen, "XRGB8888"),
				screen_picture_fb(screen, "XRGB8888") };
	struct copied before, since;
	int consumers[2];

	show_only(screen, fb[0]);
	consumers[0] = open_and_skip(screen, VPRIME_CONSUMER_COMPOSED);
	consumers[1] = open_and_skip(screen, VPRIME_CONSUMER_COMPOSED);
	before = copied_bytes(screen);
	take_frames(screen, fb, consumers, 2);
	since = copied_since(screen, before);
	igt_assert_eq(since.read, FRAMES * PICTURE);
	igt_assert_eq(since.written, FRAMES * PICTURE);
	igt_assert_eq(since.moved, 0);
	close(consumers[0]);
	close(consumers[1]);
}

static const struct subtest subtests[] = {
	{ "copied-direct", "The CPU touches no byte of a frame that is handed out.", direct },
	{ "copied-direct-import", "Nor of one that was imported.", import },
	{ "copied-composed", "It reads and writes each pixel of a composed one once.", composed },
};

void copies_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
