// SPDX-License-Identifier: MIT
/*
 * Which frames are lost, and which are not: policies, slow consumers, consumers
 * that die.
 */
#include "consumer_subtests.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define DEADLINE_MS 1000

static void pictures(struct screen *screen, struct kms_fb *fb[2])
{
	fb[0] = screen_picture_fb(screen, "XRGB8888");
	fb[1] = screen_picture_fb(screen, "XRGB8888");
	show_only(screen, fb[0]);
}

static void latest(struct screen *screen)
{
	struct drm_vprime_consumer_acquire frame;
	struct kms_fb *fb[2];
	uint64_t first;
	int consumer;

	pictures(screen, fb);
	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	first = frame.sequence;
	frame_done(consumer, &frame);
	for (int i = 1; i <= 10; i++) {
		flip(screen, fb[i & 1]);
		flip_done(screen);
	}
	frame = consumer_acquire(consumer);
	igt_assert_eq(frame.sequence, first + 10);
	igt_assert_eq(frame.dropped, 9);
	frame_done(consumer, &frame);
	igt_assert_eq(__consumer_acquire(consumer, &frame, 0), -ETIME);
	close(consumer);
}

/* Each frame of its own colour, acquired after the next flip is under way. */
static void queue_one(struct screen *screen)
{
	struct drm_vprime_consumer_acquire frame;
	struct kms_fb *fb[2];
	uint64_t sequence = 0;
	int consumer;

	pictures(screen, fb);
	pattern_plain(fb[0], 0xff000000);
	consumer = consumer_queue(screen, 1, 1000);
	for (uint32_t i = 1; i <= 40; i++) {
		pattern_plain(fb[i & 1], 0xff000000 | i);
		flip(screen, fb[i & 1]);
		frame = consumer_acquire(consumer);
		igt_assert(!sequence || frame.sequence == sequence + 1);
		sequence = frame.sequence;
		/* Had the owner been told too early, it would have drawn over it. */
		frame_assert_fb(&frame, fb[!(i & 1)]);
		frame_done(consumer, &frame);
		flip_done(screen);
	}
	frame = consumer_acquire(consumer);
	igt_assert_eq(frame.sequence, sequence + 1);
	igt_assert_eq(frame.dropped + frame.expired, 0);
	frame_done(consumer, &frame);
	close(consumer);
}

/* Three flips; the last is held, and let go in time by who takes a frame; or false. */
static bool fill_queue(struct screen *screen, int consumer, uint64_t *sequence)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	struct drm_vprime_consumer_acquire frame;
	int64_t start = 0;
	bool in_time;

	for (int i = 1; i <= 3; i++) {
		start = now_ms();
		kms_set(request, &screen->kms.primary, "CRTC_X", i * 10);
		igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
		if (i < 3)
			flip_done(screen);
	}
	drmModeAtomicFree(request);
	in_time = flip_waits(screen, 300);
	igt_assert_f(in_time || now_ms() - start >= DEADLINE_MS, "no back-pressure\n");
	frame = consumer_acquire(consumer);
	*sequence = frame.sequence;
	frame_done(consumer, &frame);
	in_time = in_time && now_ms() - start < DEADLINE_MS;
	flip_done(screen);
	return in_time;
}

/* Composed frames wait in the queue while the buffers go on; a full one stops them. */
static void queue_full(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 320, 240);
	struct drm_vprime_consumer_acquire frame;
	int consumer, tries = 0;
	struct layer layer;
	uint64_t sequence;

	pattern_plain(fb, 0xff3366cc);
	layer = layer_new(&screen->kms.primary, fb, 0, 0);
	scene_show(screen, &layer, 1);
	while (consumer = consumer_queue(screen, 3, DEADLINE_MS),
	       !fill_queue(screen, consumer, &sequence)) {
		close(consumer);
		igt_assert_f(++tries < LATE_TRIES, "always too late\n");
	}
	for (int i = 1; i <= 3; i++) {
		frame = consumer_acquire(consumer);
		igt_assert_eq(frame.sequence, sequence + i);
		igt_assert_eq(frame.dropped, 0);
		frame_done(consumer, &frame);
	}
	close(consumer);
}

enum step {
	OPENED,
	ACQUIRED,
	HOLDING_ALL,
	RELEASED,
	WAITING,
	STEPS,
};

/* In the child: gets as far as @step, then waits to be killed. */
static void live_until(int consumer, enum step step, int ready)
{
	struct drm_vprime_consumer_acquire frame;

	if (step >= ACQUIRED)
		__consumer_acquire(consumer, &frame, SCREEN_PATIENCE_MS);
	if (step == HOLDING_ALL)
		__consumer_acquire(consumer, &frame, 100);
	if (step >= RELEASED)
		consumer_release(consumer, frame.id, -1);
	if (write(ready, "", 1) != 1)
		_exit(1);
	while (step == WAITING)
		__consumer_acquire(consumer, &frame, -1);
	for (;;)
		pause();
}

static pid_t start(struct screen *screen, enum step step)
{
	int ready[2], consumer = consumer_queue(screen, 2, 1000);
	pid_t child;
	char byte;

	igt_assert_errno(pipe(ready), 0);
	child = fork();
	if (!child)
		live_until(consumer, step, ready[1]);
	close(consumer);
	close(ready[1]);
	igt_assert_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void end(pid_t child)
{
	kill(child, SIGKILL);
	igt_assert_eq(waitpid(child, NULL, 0), child);
}

static void killed(struct screen *screen)
{
	struct kms_fb *fb[2];

	pictures(screen, fb);
	for (enum step step = OPENED; step < STEPS; step++) {
		pid_t child = start(screen, step);

		flip(screen, fb[1]);
		usleep(50000);
		end(child);
		flip_done(screen);
		flip(screen, fb[0]);
		igt_assert_f(!flip_waits(screen, 900), "step %d\n", step);
		flip_done(screen);
	}
}

/* The consumer that lives loses nothing by the one that dies. */
static void two(struct screen *screen)
{
	struct drm_vprime_consumer_acquire frame;
	struct kms_fb *fb[2];
	uint64_t sequence = 0;
	pid_t other = 0;
	int consumer;

	pictures(screen, fb);
	consumer = consumer_queue(screen, 1, 1000);
	for (int i = 1; i <= 120; i++) {
		if (i % 20 == 1)
			other = start(screen, i / 20 % STEPS);
		flip(screen, fb[i & 1]);
		frame = consumer_acquire(consumer);
		igt_assert(!sequence || frame.sequence == sequence + 1);
		sequence = frame.sequence;
		frame_done(consumer, &frame);
		if (i % 20 == 10)
			end(other);
		flip_done(screen);
	}
	frame = consumer_acquire(consumer);
	igt_assert_eq(frame.dropped + frame.expired, 0);
	frame_done(consumer, &frame);
	close(consumer);
}

static const struct subtest subtests[] = {
	{ "latest", "Of the frames since the last one, the latest is kept.", latest },
	{ "queue-direct", "A queue loses nothing, and nothing is drawn over.", queue_one },
	{ "queue-full", "A full queue holds the flip back.", queue_full },
	{ "killed", "A consumer killed at any step holds nothing.", killed },
	{ "two-consumers", "One that dies costs the other no frame.", two },
};

void loss_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
