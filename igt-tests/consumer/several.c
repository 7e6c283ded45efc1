// SPDX-License-Identifier: MIT
/*
 * Several consumers of one screen, each with its own policy and deadline: what one
 * does changes nothing for the others, and the owner waits for the slowest.
 */
#include "consumer_subtests.h"

#include <time.h>
#include <unistd.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define HELD_MS 300
#define CONSUMERS 3

static void pictures(struct screen *screen, struct kms_fb *fb[2])
{
	fb[0] = screen_picture_fb(screen, "XRGB8888");
	fb[1] = screen_picture_fb(screen, "XRGB8888");
	show_only(screen, fb[0]);
}

/* Whoever of them comes last ends the hold, in any order. */
static void held_by_each(struct screen *screen)
{
	struct drm_vprime_consumer_acquire frames[CONSUMERS];
	int consumers[CONSUMERS];
	struct kms_fb *fb[2];

	pictures(screen, fb);
	for (int i = 0; i < CONSUMERS; i++)
		consumers[i] = consumer_latest(screen, 0, 1000);
	for (int last = 0; last < CONSUMERS; last++) {
		for (int i = 0; i < CONSUMERS; i++)
			frames[i] = consumer_acquire(consumers[i]);
		flip(screen, fb[!(last & 1)]);
		for (int i = 1; i < CONSUMERS; i++) {
			int at = (last + i) % CONSUMERS;

			frame_done(consumers[at], &frames[at]);
		}
		igt_assert_f(flip_waits(screen, HELD_MS), "consumer %d was not waited for\n",
			     last);
		frame_done(consumers[last], &frames[last]);
		flip_done(screen);
	}
	for (int i = 0; i < CONSUMERS; i++)
		close(consumers[i]);
}

/* The one with the short deadline expires alone. */
static void deadline_of_each(struct screen *screen)
{
	int hasty, patient;
	struct drm_vprime_consumer_acquire short_one, long_one, next;
	struct kms_fb *fb[2];
	int64_t start, took;

	pictures(screen, fb);
	hasty = consumer_latest(screen, 0, 100);
	patient = consumer_latest(screen, 0, 1000);
	short_one = consumer_acquire(hasty);
	long_one = consumer_acquire(patient);
	start = now_ms();
	flip(screen, fb[1]);
	igt_assert_f(flip_waits(screen, 500), "only the shorter deadline was kept\n");
	igt_assert_eq(consumer_release(hasty, short_one.id, -1), -ETIMEDOUT);
	frame_close(&short_one);
	flip_done(screen);
	took = now_ms() - start;
	igt_assert_f(took >= 950, "the longer deadline was over after %d ms\n", (int)took);
	igt_assert_eq(consumer_release(patient, long_one.id, -1), -ETIMEDOUT);
	frame_close(&long_one);
	next = consumer_acquire(hasty);
	igt_assert_eq(next.expired, 1);
	frame_done(hasty, &next);
	next = consumer_acquire(patient);
	igt_assert_eq(next.expired, 1);
	frame_done(patient, &next);
	close(hasty);
	close(patient);
}

/* The latest for one, all for the other, of the same flips. */
static void policy_of_each(struct screen *screen)
{
	struct drm_vprime_consumer_acquire frame;
	struct kms_fb *fb[2];
	uint64_t first, sequence;
	int latest, queue;

	pictures(screen, fb);
	latest = consumer_latest(screen, 0, 1000);
	queue = consumer_queue(screen, 2, 1000);
	frame = consumer_acquire(latest);
	first = frame.sequence;
	frame_done(latest, &frame);
	sequence = first;
	frame = consumer_acquire(queue);
	igt_assert_eq(frame.sequence, first);
	frame_done(queue, &frame);
	for (int i = 1; i <= 8; i++) {
		flip(screen, fb[i & 1]);
		frame = consumer_acquire(queue);
		igt_assert_eq(frame.sequence, ++sequence);
		igt_assert_eq(frame.dropped, 0);
		frame_done(queue, &frame);
		flip_done(screen);
	}
	frame = consumer_acquire(latest);
	igt_assert_eq(frame.sequence, first + 8);
	igt_assert_eq(frame.dropped, 7);
	frame_done(latest, &frame);
	igt_assert_eq(__consumer_acquire(latest, &frame, 0), -ETIME);
	close(latest);
	close(queue);
}

static const struct subtest subtests[] = {
	{ "several-held", "A flip waits for each consumer that holds what it retires.",
	  held_by_each },
	{ "several-deadlines", "Each has its own deadline.", deadline_of_each },
	{ "several-policies", "Each has its own policy.", policy_of_each },
};

void several_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
