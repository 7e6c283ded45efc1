// SPDX-License-Identifier: MIT
/*
 * The kernel is out of memory, once, at each place in turn, for those who make fences and
 * timelines.
 */
#include "fence_subtests.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/fail_nth.h"
#include "lib/subtests.h"
#include "software.h"

/* What an operation works on and what it made. */
static struct {
	int card, fd;
	uint32_t handle, fence, timeline;
	uint64_t point;
} stage;

static int attach(void)
{
	struct drm_vprime_fence_attach args = {
		.handle = stage.handle,
		.flags = VPRIME_FENCE_WRITE,
	};
	int ret = ioctl(stage.card, DRM_IOCTL_VPRIME_FENCE_ATTACH, &args);

	stage.fence = args.out_fence;
	return ret;
}

static void signal_fence(void)
{
	soft_signal(stage.card, stage.fence, 0);
}

static int create_timeline(void)
{
	struct drm_vprime_timeline_create args = {};
	int ret = ioctl(stage.card, DRM_IOCTL_VPRIME_TIMELINE_CREATE, &args);

	stage.timeline = args.timeline;
	return ret;
}

static void destroy_timeline(void)
{
	igt_assert_errno(__timeline_destroy(stage.card, stage.timeline), 0);
}

static int make_sync_file(void)
{
	struct drm_vprime_timeline_fence args = {
		.timeline = stage.timeline,
		.flags = VPRIME_TIMELINE_SYNC_FILE,
		.point = ++stage.point,
	};
	int ret = ioctl(stage.card, DRM_IOCTL_VPRIME_TIMELINE_FENCE, &args);

	stage.fd = args.fd;
	return ret;
}

static void signal_sync_file(void)
{
	timeline_signal(stage.card, stage.timeline, stage.point, 0);
	igt_assert_eq(sync_file_status(stage.fd), 1);
	close(stage.fd);
}

static int attach_point(void)
{
	return __timeline_attach(stage.card, stage.timeline, ++stage.point, stage.handle, true);
}

static void signal_point(void)
{
	timeline_signal(stage.card, stage.timeline, stage.point, 0);
}

static void fences(struct screen *screen)
{
	struct dumb dumb;

	(void)screen;
	fail_nth_require();
	stage.card = drm_open_card("vprime", 0);
	dumb = dumb_new(stage.card, 4096);
	stage.handle = dumb.handle;
	stage.point = 0;
	fail_nth_walk("a fence", attach, signal_fence);
	fail_nth_walk("a timeline", create_timeline, destroy_timeline);
	igt_assert_errno(create_timeline(), 0);
	fail_nth_walk("a sync file", make_sync_file, signal_sync_file);
	fail_nth_walk("a point's fence", attach_point, signal_point);
	destroy_timeline();
	dumb_free(&dumb);
	close(stage.card);
}

static const struct subtest subtests[] = {
	{ "no-memory-fences", "A fence or a timeline is not made.", fences },
};

void no_memory_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
