// SPDX-License-Identifier: MIT
/*
 * The kernel is out of memory, once, at each place in turn, for who opens the card, makes
 * framebuffers and commits: what is refused leaves the screen as it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "kms_subtests.h"
#include "lib/fail_nth.h"
#include "lib/scene.h"
#include "lib/subtests.h"

/* What an operation works on and what it made. */
static struct {
	struct screen *screen;
	const struct kms_fb *fbs[2], *read_back;
	unsigned int shown;
	drmModeAtomicReq *request;
	char *node;
	uint32_t fb;
	int32_t fence;
	int card;
} stage;

static int open_card(void)
{
	stage.card = open(stage.node, O_RDWR | O_CLOEXEC);
	return stage.card < 0 ? -1 : 0;
}

static void close_card(void)
{
	close(stage.card);
}

static void opened(struct screen *screen)
{
	fail_nth_require();
	stage.node = drmGetDeviceNameFromFd2(screen->kms.fd);
	igt_assert(stage.node);
	fail_nth_walk("an open card", open_card, close_card);
	free(stage.node);
}

static int add_fb(void)
{
	const struct kms_fb *fb = stage.fbs[0];
	uint32_t handles[4] = { fb->handle }, pitches[4] = { fb->layout.pitch[0] };
	uint32_t offsets[4] = {};

	return drmModeAddFB2(fb->card, fb->width, fb->height, fb->format->drm, handles,
			     pitches, offsets, &stage.fb, 0) ?
		       -1 :
		       0;
}

static void remove_fb(void)
{
	igt_assert_eq(drmModeRmFB(stage.fbs[0]->card, stage.fb), 0);
}

static void framebuffers(struct screen *screen)
{
	fail_nth_require();
	stage.fbs[0] = screen_fb(screen, "XRGB8888", 100, 80);
	fail_nth_walk("a framebuffer", add_fb, remove_fb);
}

/* The next commit shows the other framebuffer; made here, so that its memory is there. */
static void prepare(void)
{
	struct screen *screen = stage.screen;

	drmModeAtomicFree(stage.request);
	stage.request = drmModeAtomicAlloc();
	igt_assert(stage.request);
	igt_assert_eq(kms_show(stage.request, &screen->kms, &screen->kms.overlay[0],
			       stage.fbs[!stage.shown], 16, 8),
		      0);
	if (stage.read_back)
		igt_assert_eq(kms_read_back(stage.request, &screen->kms, stage.read_back,
					    &stage.fence),
			      0);
}

static int commit(void)
{
	return drmModeAtomicCommit(stage.screen->kms.fd, stage.request,
				   DRM_MODE_ATOMIC_ALLOW_MODESET, NULL) ?
		       -1 :
		       0;
}

static void committed(void)
{
	stage.shown = !stage.shown;
	prepare();
}

static int flip(void)
{
	int ret = kms_commit_flip(&stage.screen->kms, stage.request, 0);

	errno = -ret;
	return ret ? -1 : 0;
}

static void flipped(void)
{
	igt_assert_eq(kms_wait_flip(&stage.screen->kms, SCREEN_PATIENCE_MS), 0);
	committed();
}

static void was_read_back(void)
{
	igt_assert_eq(kms_wait_fence(stage.fence, SCREEN_PATIENCE_MS), 0);
	committed();
}

/* @read_back: the commits are read back into that, or NULL */
static void walk_commits(struct screen *screen, const char *what, int (*run)(void),
			 void (*undo)(void), const struct kms_fb *read_back)
{
	struct layer layer;

	for (unsigned int i = 0; i < 2; i++) {
		struct kms_fb *fb = screen_fb(screen, "ARGB8888", 64, 48);

		memset(fb->map, 0x40 + 0x60 * i, fb->layout.size);
		stage.fbs[i] = fb;
	}
	stage.screen = screen;
	stage.read_back = read_back;
	stage.shown = 0;
	layer = layer_new(&screen->kms.overlay[0], stage.fbs[0], 16, 8);
	scene_show(screen, &layer, 1);
	prepare();
	fail_nth_walk(what, run, undo);
	drmModeAtomicFree(stage.request);
	stage.request = NULL;
	layer.fb = stage.fbs[stage.shown];
	scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
}

static void commits(struct screen *screen)
{
	fail_nth_require();
	walk_commits(screen, "a commit", commit, committed, NULL);
	walk_commits(screen, "a flip", flip, flipped, NULL);
	walk_commits(screen, "writeback", commit, was_read_back,
		     screen_picture_fb(screen, "XRGB8888"));
}

static const struct subtest subtests[] = {
	{ "no-memory-open", "The card is not opened.", opened },
	{ "no-memory-framebuffer", "A framebuffer is not made.", framebuffers },
	{ "no-memory-commit", "A commit is refused, and the screen is as it was.", commits },
};

void no_memory_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
