// SPDX-License-Identifier: MIT
/*
 * vprime-grab --verify: it says yes to a screen that stands still, and no to one
 * whose buffer is drawn into.
 */
#include "grab_subtests.h"

#include <pthread.h>
#include <stdatomic.h>

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "program.h"

#define TRIES 10

static const char *const direct[] = { "--verify", NULL };
static const char *const composed[] = { "--verify", "--composed", NULL };

/* It reads the screen back, so it has to be master. */
static int run_as_master(struct screen *screen, int (*run)(const char *const *arguments),
			 const char *const *arguments)
{
	int status;

	igt_assert_errno(drmDropMaster(screen->kms.fd), 0);
	status = run(arguments);
	igt_assert_errno(drmSetMaster(screen->kms.fd), 0);
	return status;
}

static void same(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct kms_fb *above = screen_fb(screen, "ARGB8888", 200, 100);
	struct layer layers[] = { layer_new(&screen->kms.primary, fb, 0, 0),
				  layer_new(&screen->kms.overlay[0], above, 50, 60) };

	pattern_noise_fb(fb, 1);
	pattern_alpha_ramp(above);
	for (unsigned int planes = 1; planes <= 2; planes++) {
		scene_show(screen, layers, planes);
		igt_assert_eq(run_as_master(screen, program_run, direct), 0);
		igt_assert_eq(run_as_master(screen, program_run, composed), 0);
	}
	/* Nobody may read the screen back under its master. */
	igt_assert_eq(program_try(direct), 1);
}

static atomic_bool drawing;

static void *draw(void *data)
{
	const struct kms_fb *fb = data;

	for (uint32_t colour = 0; drawing; colour += 0x010203)
		pattern_plain(fb, colour);
	return NULL;
}

static void other(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct layer layer = layer_new(&screen->kms.primary, fb, 0, 0);
	pthread_t thread;
	int status = 0;

	scene_show(screen, &layer, 1);
	drawing = true;
	igt_assert_eq(pthread_create(&thread, NULL, draw, fb), 0);
	for (int i = 0; i < TRIES && !status; i++)
		status = run_as_master(screen, program_try, direct);
	drawing = false;
	pthread_join(thread, NULL);
	igt_assert_eq(status, 1);
}

static const struct subtest subtests[] = {
	{ "verify", "What is grabbed equals what writeback gives.", same },
	{ "verify-other", "It is noticed when it does not.", other },
};

void verify_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
