// SPDX-License-Identifier: MIT
/*
 * The damage of a frame: what changed since the consumer's last one, in coordinates of
 * the screen.
 */
#include "consumer_subtests.h"

#include <string.h>
#include <unistd.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/scene.h"
#include "lib/subtests.h"

/* With more clips than this all of the plane is damaged: Documentation/uapi.rst. */
#define MAX_CLIPS 256

static bool damage_is(const struct drm_vprime_consumer_acquire *frame, int x1, int y1, int x2,
		      int y2)
{
	const struct drm_mode_rect *rect = &frame->damage[0];

	return frame->num_damage == 1 && rect->x1 == x1 && rect->y1 == y1 && rect->x2 == x2 &&
	       rect->y2 == y2;
}

static void flip_damaged_by(struct screen *screen, const struct kms_fb *fb,
			    const struct drm_mode_rect *clips, size_t count)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	uint32_t blob;

	igt_assert_eq(drmModeCreatePropertyBlob(screen->kms.fd, clips,
						count * sizeof(*clips), &blob),
		      0);
	kms_set(request, &screen->kms.primary, "FB_ID", fb->id);
	igt_assert_eq(kms_set(request, &screen->kms.primary, "FB_DAMAGE_CLIPS", blob), 0);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	drmModeAtomicFree(request);
	drmModeDestroyPropertyBlob(screen->kms.fd, blob);
	flip_done(screen);
}

static void flip_damaged(struct screen *screen, const struct kms_fb *fb,
			 const struct drm_mode_rect *clip)
{
	flip_damaged_by(screen, fb, clip, 1);
}

static void damage(struct screen *screen)
{
	struct kms_fb *fb[] = { screen_picture_fb(screen, "XRGB8888"),
				screen_picture_fb(screen, "XRGB8888") };
	const struct drm_mode_rect clips[] = { { 10, 20, 30, 40 }, { 100, 110, 120, 130 } };
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	show_only(screen, fb[0]);
	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	igt_assert(frame.flags & VPRIME_CONSUMER_MODE_CHANGED);
	igt_assert(damage_is(&frame, 0, 0, 640, 480));
	frame_done(consumer, &frame);

	flip_damaged(screen, fb[1], &clips[0]);
	frame = consumer_acquire(consumer);
	igt_assert(!(frame.flags & VPRIME_CONSUMER_MODE_CHANGED));
	igt_assert(damage_is(&frame, 10, 20, 30, 40));
	frame_done(consumer, &frame);

	/* That of a frame it did not take is not lost. */
	flip_damaged(screen, fb[0], &clips[0]);
	flip_damaged(screen, fb[1], &clips[1]);
	frame = consumer_acquire(consumer);
	igt_assert_eq(frame.num_damage, 2);
	igt_assert(!memcmp(frame.damage, clips, sizeof(clips)));
	igt_assert_eq(frame.dropped, 1);
	frame_done(consumer, &frame);

	flip(screen, fb[0]);
	flip_done(screen);
	frame = consumer_acquire(consumer);
	igt_assert(damage_is(&frame, 0, 0, 640, 480));
	frame_done(consumer, &frame);
	close(consumer);
}

/* The plane shows a part of its buffer: damage is where it is seen. */
static void damage_part(struct screen *screen)
{
	struct kms_fb *fb[] = { screen_fb(screen, "XRGB8888", 700, 500),
				screen_fb(screen, "XRGB8888", 700, 500) };
	struct layer layer = layer_new(&screen->kms.primary, fb[0], 0, 0);
	const struct drm_mode_rect clip = { 40, 31, 60, 50 };
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	layer.src_x = 25;
	layer.src_y = 7;
	layer.width = 640;
	layer.height = 480;
	scene_show(screen, &layer, 1);
	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	frame_done(consumer, &frame);
	flip_damaged(screen, fb[1], &clip);
	frame = consumer_acquire(consumer);
	igt_assert(damage_is(&frame, 15, 24, 35, 43));
	frame_done(consumer, &frame);
	close(consumer);
}

/* A list may be as long as memory; what is too long says no more than that all changed. */
static void damage_many(struct screen *screen)
{
	struct kms_fb *fb[] = { screen_picture_fb(screen, "XRGB8888"),
				screen_picture_fb(screen, "XRGB8888") };
	struct drm_mode_rect clips[MAX_CLIPS + 1];
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	for (int i = 0; i <= MAX_CLIPS; i++)
		clips[i] = (struct drm_mode_rect){ 10 + i, 20, 12 + i, 30 };
	show_only(screen, fb[0]);
	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	frame_done(consumer, &frame);
	flip_damaged_by(screen, fb[1], clips, MAX_CLIPS);
	frame = consumer_acquire(consumer);
	for (uint32_t i = 0; i < frame.num_damage; i++) {
		igt_assert(frame.damage[i].x1 >= 10 && frame.damage[i].x2 <= 11 + MAX_CLIPS);
		igt_assert(frame.damage[i].y1 == 20 && frame.damage[i].y2 == 30);
	}
	igt_assert(frame.num_damage > 0);
	frame_done(consumer, &frame);
	flip_damaged_by(screen, fb[0], clips, MAX_CLIPS + 1);
	frame = consumer_acquire(consumer);
	igt_assert(damage_is(&frame, 0, 0, 640, 480));
	frame_done(consumer, &frame);
	close(consumer);
}

static const struct subtest subtests[] = {
	{ "damage", "Damage counts from the consumer's last frame.", damage },
	{ "damage-part", "And is where the screen shows it.", damage_part },
	{ "damage-many", "Of too many clips, it is all of the plane.", damage_many },
};

void damage_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
