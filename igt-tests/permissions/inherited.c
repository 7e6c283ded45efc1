// SPDX-License-Identifier: MIT
/*
 * What a program hands down without meaning to: descriptors that the device gives are
 * closed when another program is executed, unless they were asked for otherwise.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <xf86drm.h>

#include <drm/vprime_drm.h>

#include "igt_api.h"
#include "permissions.h"

static void check_inherited(int fd, int inherited, const char *what)
{
	int flags = fcntl(fd, F_GETFD), kept = !(flags & FD_CLOEXEC);

	igt_assert_f(flags >= 0, "%s: no descriptor\n", what);
	close(fd);
	igt_assert_f(kept == inherited, "%s: %s\n", what,
		     inherited ? "closed at exec" : "not closed at exec");
}

static void timeline_point(int card)
{
	struct drm_vprime_timeline_create timeline = { 0 };
	struct drm_vprime_timeline_fence point = {
		.flags = VPRIME_TIMELINE_SYNC_FILE,
		.point = 1,
	};

	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_CREATE, &timeline), 0);
	point.timeline = timeline.timeline;
	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_FENCE, &point), 0);
	check_inherited(point.fd, 0, "a point's sync file");
}

static void buffer(int card, uint32_t flags, int inherited)
{
	struct drm_vprime_gem_create create = { .size = 4096 };
	int fd;

	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_GEM_CREATE, &create), 0);
	igt_assert_errno(drmPrimeHandleToFD(card, create.handle, flags, &fd), 0);
	drmCloseBufferHandle(card, create.handle);
	check_inherited(fd, inherited, "a dma-buf");
}

static int consumer(const struct stage *stage, uint32_t flags)
{
	struct drm_vprime_consumer_open args = {
		.crtc_id = stage->crtc,
		.flags = flags,
		.policy = VPRIME_CONSUMER_LATEST,
		.deadline_ms = 1000,
	};

	igt_assert_errno(ioctl(stage->owner, DRM_IOCTL_VPRIME_CONSUMER_OPEN, &args), 0);
	return args.fd;
}

/* The picture that the stage shows, as it is and composed anew. */
static void acquired(const struct stage *stage, uint32_t flags)
{
	struct drm_vprime_consumer_acquire args = { .timeout_ms = 5000 };
	int fd = consumer(stage, flags);

	igt_assert_errno(ioctl(fd, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, &args), 0);
	igt_assert_eq(args.kind, VPRIME_CONSUMER_FRAME);
	check_inherited(args.planes[0].fd, 0, "a frame's dma-buf");
	if (args.fence_fd >= 0)
		check_inherited(args.fence_fd, 0, "a frame's fence");
	close(fd);
}

void inherited_check(const struct stage *stage)
{
	timeline_point(stage->owner);
	buffer(stage->owner, DRM_CLOEXEC, 0);
	buffer(stage->owner, 0, 1);
	check_inherited(consumer(stage, VPRIME_CONSUMER_CLOEXEC), 0, "a consumer");
	check_inherited(consumer(stage, 0), 1, "a consumer");
	acquired(stage, 0);
	acquired(stage, VPRIME_CONSUMER_COMPOSED);
}
