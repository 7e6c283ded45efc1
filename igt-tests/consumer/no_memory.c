// SPDX-License-Identifier: MIT
/*
 * The kernel is out of memory, once, at each place in turn, for who becomes a consumer and
 * takes a frame.
 */
#include "consumer_subtests.h"

#include <errno.h>
#include <unistd.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/fail_nth.h"
#include "lib/subtests.h"

/* What an operation works on and what it made. */
static struct {
	struct screen *screen;
	struct drm_vprime_consumer_acquire frame;
	int consumer;
} stage;

static int become_consumer(void)
{
	struct drm_vprime_consumer_open args = {
		.crtc_id = stage.screen->kms.crtc.id,
		.flags = VPRIME_CONSUMER_CLOEXEC,
		.policy = VPRIME_CONSUMER_LATEST,
		.deadline_ms = 1000,
	};

	stage.consumer = __consumer_open(stage.screen->kms.fd, &args);
	errno = -stage.consumer;
	return stage.consumer < 0 ? -1 : 0;
}

static void leave(void)
{
	close(stage.consumer);
}

static int acquire(void)
{
	int ret = __consumer_acquire(stage.consumer, &stage.frame, SCREEN_PATIENCE_MS);

	errno = -ret;
	return ret ? -1 : 0;
}

/* The next frame. */
static void release(void)
{
	const struct kms_fb *fb = &stage.screen->fbs[stage.frame.sequence % 2];

	frame_done(stage.consumer, &stage.frame);
	flip(stage.screen, fb);
	flip_done(stage.screen);
}

static void consumes(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");

	fail_nth_require();
	screen_picture_fb(screen, "XRGB8888");
	stage.screen = screen;
	show_only(screen, fb);
	fail_nth_walk("a consumer", become_consumer, leave);
	igt_assert_eq(become_consumer(), 0);
	/* Each framebuffer has its dma-buf then, as long as there is a consumer. */
	for (int i = 0; i < 2; i++) {
		igt_assert_eq(acquire(), 0);
		release();
	}
	fail_nth_walk("a frame", acquire, release);
	leave();
}

static const struct subtest subtests[] = {
	{ "no-memory-frame", "A frame that could not be handed out still can.", consumes },
};

void no_memory_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
