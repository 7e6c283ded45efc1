// SPDX-License-Identifier: MIT
/*
 * Timelines: numbers that a program moves on, and the fences of their points.
 */
#include "fence_subtests.h"

#include <unistd.h>

#include <drm/vprime_drm.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/subtests.h"
#include "software.h"

#define MANY 256 /* what a file may have */

static void order(struct screen *screen)
{
	int card = drm_open_card("vprime", 0), files[8];
	uint32_t timeline = timeline_new(card);

	(void)screen;
	/* Made from the last to the first: the point counts. */
	for (int i = 7; i >= 0; i--)
		files[i] = timeline_sync_file(card, timeline, 10 * (i + 1), 0);
	for (int i = 0; i < 8; i++) {
		timeline_signal(card, timeline, 10 * i + 9, 0);
		igt_assert_eq(sync_file_status(files[i]), 0);
		timeline_signal(card, timeline, 10 * i + 10, 0);
		for (int j = 0; j < 8; j++)
			igt_assert_eq(sync_file_status(files[j]), j <= i);
	}
	for (int i = 0; i < 8; i++)
		close(files[i]);
	/* A point that was passed. */
	files[0] = timeline_sync_file(card, timeline, 80, 0);
	igt_assert_eq(sync_file_status(files[0]), 1);
	close(files[0]);
	igt_assert_errno(__timeline_signal(card, timeline, 80, 0), EINVAL);
	igt_assert_errno(__timeline_signal(card, timeline, 5, 0), EINVAL);
	igt_assert_errno(__timeline_destroy(card, timeline), 0);
	close(card);
}

static void on_buffer(struct screen *screen)
{
	int card = drm_open_card("vprime", 0);
	struct dumb dumb = dumb_new(card, 4096);
	int dmabuf = prime_export(card, dumb.handle, DRM_CLOEXEC);
	uint32_t one = timeline_new(card), other = timeline_new(card);
	int first;

	(void)screen;
	/* Work on a timeline comes in turn, so a writer may queue up behind a writer. */
	igt_assert_errno(__timeline_attach(card, one, 1, dumb.handle, true), 0);
	first = dmabuf_sync_file(dmabuf, false);
	igt_assert_errno(__timeline_attach(card, one, 2, dumb.handle, true), 0);
	igt_assert_errno(__timeline_attach(card, one, 3, dumb.handle, false), 0);
	igt_assert_errno(__timeline_attach(card, other, 1, dumb.handle, false), EBUSY);
	timeline_signal(card, one, 1, 0);
	igt_assert_eq(sync_file_status(first), 1);
	igt_assert(!dmabuf_is_free(dmabuf, false));
	timeline_signal(card, one, 2, 0);
	igt_assert(dmabuf_is_free(dmabuf, false));
	igt_assert(!dmabuf_is_free(dmabuf, true));
	igt_assert_errno(__timeline_attach(card, other, 1, dumb.handle, false), 0);
	timeline_signal(card, one, 3, 0);
	igt_assert(!dmabuf_is_free(dmabuf, true));
	timeline_signal(card, other, 1, 0);
	igt_assert(dmabuf_is_free(dmabuf, true));
	close(first);
	close(dmabuf);
	dumb_free(&dumb);
	close(card);
}

/* What expires takes the earlier points along; the later ones live on. */
static void timeout(struct screen *screen)
{
	int card = drm_open_card("vprime", 0);
	unsigned long expired = fence_count(card, "timeline", true);
	uint32_t timeline = timeline_new(card);
	int before = timeline_sync_file(card, timeline, 1, 0);
	int expiring = timeline_sync_file(card, timeline, 2, 100);
	int after = timeline_sync_file(card, timeline, 3, 0);

	(void)screen;
	igt_assert_eq(sync_file_wait(expiring), -ETIMEDOUT);
	igt_assert_eq(sync_file_status(before), -ETIMEDOUT);
	igt_assert_eq(sync_file_status(after), 0);
	igt_assert_eq(fence_count(card, "timeline", true), expired + 2);
	igt_assert_errno(__timeline_signal(card, timeline, 1, 0), ETIMEDOUT);
	igt_assert_errno(__timeline_signal(card, timeline, 2, 0), ETIMEDOUT);
	timeline_signal(card, timeline, 3, 0);
	igt_assert_eq(sync_file_status(after), 1);
	close(before);
	close(expiring);
	close(after);
	close(card);
}

static void error(struct screen *screen)
{
	int card = drm_open_card("vprime", 0);
	uint32_t timeline = timeline_new(card);
	int one = timeline_sync_file(card, timeline, 1, 0);
	int two = timeline_sync_file(card, timeline, 2, 0);

	(void)screen;
	timeline_signal(card, timeline, 1, EIO);
	igt_assert_eq(sync_file_status(one), -EIO);
	igt_assert_eq(sync_file_status(two), 0);
	timeline_signal(card, timeline, 2, 0);
	igt_assert_eq(sync_file_status(two), 1);
	close(one);
	close(two);
	close(card);
}

static void destroyed(struct screen *screen)
{
	int card = drm_open_card("vprime", 0), passed, waiting, closed;
	uint32_t timeline = timeline_new(card);

	(void)screen;
	passed = timeline_sync_file(card, timeline, 1, 0);
	waiting = timeline_sync_file(card, timeline, 2, 0);
	timeline_signal(card, timeline, 1, 0);
	igt_assert_errno(__timeline_destroy(card, timeline), 0);
	igt_assert_eq(sync_file_status(passed), 1);
	igt_assert_eq(sync_file_status(waiting), -ECANCELED);
	igt_assert_errno(__timeline_destroy(card, timeline), ENOENT);
	igt_assert_errno(__timeline_signal(card, timeline, 3, 0), ENOENT);
	closed = timeline_sync_file(card, timeline_new(card), 1, 0);
	close(card);
	igt_assert_eq(sync_file_status(closed), -ECANCELED);
	close(passed);
	close(waiting);
	close(closed);
}

static void bad_arguments(struct screen *screen)
{
	int card = drm_open_card("vprime", 0);
	uint32_t timeline = timeline_new(card);
	const struct {
		struct drm_vprime_timeline_fence fence;
		int error;
	} bad[] = {
		{ { .timeline = timeline, .point = 1 }, EINVAL },
		{ { .timeline = timeline, .point = 1, .flags = 1u << 31 | 2 }, EINVAL },
		{ { .timeline = timeline, .point = 1, .flags = 3 }, EINVAL },
		{ { .timeline = timeline, .point = 0, .flags = 2 }, EINVAL },
		{ { .timeline = timeline, .point = 1, .flags = 2, .pad = 1 }, EINVAL },
		{ { .timeline = timeline, .point = 1, .flags = 2, .timeout_ms = 10001 }, EINVAL },
		{ { .timeline = timeline + 1, .point = 1, .flags = 2 }, ENOENT },
		{ { .timeline = timeline, .point = 1, .flags = 2, .handle = 12345 }, ENOENT },
	};
	struct drm_vprime_timeline_signal signal = { .timeline = timeline, .point = 1 };
	struct drm_vprime_timeline_create create = { .flags = 1 };
	int next = dup(card);

	(void)screen;
	close(next);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct drm_vprime_timeline_fence fence = bad[i].fence;

		igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_FENCE, &fence),
				 bad[i].error);
	}
	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_CREATE, &create), EINVAL);
	signal.flags = 1;
	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_SIGNAL, &signal), EINVAL);
	signal.flags = 0;
	signal.error = 4096;
	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_SIGNAL, &signal), EINVAL);
	/* Nothing was lost: no descriptor, no fence, no step of the timeline. */
	igt_assert_eq(dup(card), next);
	close(next);
	timeline_signal(card, timeline, 1, 0);
	close(card);
}

static void limit(struct screen *screen)
{
	int card = drm_open_card("vprime", 0);
	struct drm_vprime_timeline_create create = {};

	(void)screen;
	for (int i = 0; i < MANY; i++)
		timeline_new(card);
	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_CREATE, &create), ENOSPC);
	igt_assert_errno(__timeline_destroy(card, 77), 0);
	igt_assert_eq(timeline_new(card), 77);
	close(card);
}

/* Fences that are done don't count, whether their files are open or not. */
static void many_points(struct screen *screen)
{
	int card = drm_open_card("vprime", 0);
	uint32_t timeline = timeline_new(card);

	(void)screen;
	for (int i = 1; i <= 10000; i++) {
		close(timeline_sync_file(card, timeline, i, 0));
		if (i % 1000 == 0)
			timeline_signal(card, timeline, i, 0);
	}
	close(card);
}

static const struct subtest subtests[] = {
	{ "timeline-order", "Fences signal in the order of their points.", order },
	{ "timeline-on-buffer", "Points may be put on a buffer, one behind the other.", on_buffer },
	{ "timeline-timeout", "What expires takes the earlier points along.", timeout },
	{ "timeline-error", "Points end with the error they are passed with.", error },
	{ "timeline-destroyed", "The end of a timeline ends its fences.", destroyed },
	{ "timeline-bad-arguments", "What is wrong is refused and nothing is lost.",
	  bad_arguments },
	{ "timeline-limit", "A file may have only so many timelines.", limit },
	{ "timeline-many-points", "Fences that are done don't count.", many_points },
};

void timeline_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
