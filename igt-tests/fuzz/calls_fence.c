// SPDX-License-Identifier: MIT
/*
 * Calls: fences: vprime's software fences and timelines, sync files, and the kernel's
 * sw_sync.
 */
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <linux/sync_file.h>

#include "call.h"
#include "run.h"

/* Of the kernel's drivers/dma-buf/sw_sync.c, in no header. */
struct sw_sync_create_fence_data {
	uint32_t value;
	char name[32];
	int32_t fence;
};

#define SW_SYNC_IOC_CREATE_FENCE _IOWR('W', 0, struct sw_sync_create_fence_data)
#define SW_SYNC_IOC_INC _IOW('W', 1, uint32_t)

static int64_t fence_attach(struct step *step, const uint64_t *args)
{
	struct drm_vprime_fence_attach attach = { .handle = args[1],
						  .flags = args[2],
						  .timeout_ms = args[3] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_VPRIME_FENCE_ATTACH, &attach, attach.out_fence);
}

static int64_t fence_signal(struct step *step, const uint64_t *args)
{
	struct drm_vprime_fence_signal signal = { .fence = args[1], .error = args[2] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_VPRIME_FENCE_SIGNAL, &signal);
}

static int64_t timeline_create(struct step *step, const uint64_t *args)
{
	struct drm_vprime_timeline_create create = { .flags = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_VPRIME_TIMELINE_CREATE, &create, create.timeline);
}

static int64_t timeline_destroy(struct step *step, const uint64_t *args)
{
	struct drm_vprime_timeline_destroy destroy = { .timeline = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_VPRIME_TIMELINE_DESTROY, &destroy);
}

static int64_t timeline_fence(struct step *step, const uint64_t *args)
{
	struct drm_vprime_timeline_fence fence = { .timeline = args[1],
						   .flags = args[2],
						   .point = args[3],
						   .handle = args[4],
						   .timeout_ms = args[5] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_VPRIME_TIMELINE_FENCE, &fence,
			 fence.fd < 0 ? 0 : fence.fd);
}

/* Many points at once, in either order. */
static int64_t timeline_fences(struct step *step, const uint64_t *args)
{
	unsigned int count = args[2] % 300;
	int ret = 0;

	for (unsigned int i = 0; i < count && !ret; i++) {
		struct drm_vprime_timeline_fence fence = {
			.timeline = args[1],
			.point = args[3] & 1 ? i + 1 : count - i,
			.handle = args[4],
			.timeout_ms = args[5] + i % 8,
		};

		ret = ioctl(args[0], DRM_IOCTL_VPRIME_TIMELINE_FENCE, &fence);
	}
	(void)step;
	return ret;
}

static int64_t timeline_signal(struct step *step, const uint64_t *args)
{
	struct drm_vprime_timeline_signal signal = { .timeline = args[1],
						     .point = args[2],
						     .error = args[3] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_VPRIME_TIMELINE_SIGNAL, &signal);
}

static int64_t sync_merge(struct step *step, const uint64_t *args)
{
	struct sync_merge_data merge = { .name = "fuzz", .fd2 = args[1], .flags = args[2] };

	return STEP_MAKE(step, args[0], SYNC_IOC_MERGE, &merge, merge.fence);
}

static int64_t sync_info(struct step *step, const uint64_t *args)
{
	struct sync_fence_info fences[64] = {};
	struct sync_file_info info = { .num_fences = args[1] % 65,
				       .sync_fence_info = (uintptr_t)fences };

	return STEP_IOCTL(step, args[0], SYNC_IOC_FILE_INFO, &info);
}

static int64_t sync_deadline(struct step *step, const uint64_t *args)
{
	struct sync_set_deadline deadline = { .deadline_ns = args[1] };

	return STEP_IOCTL(step, args[0], SYNC_IOC_SET_DEADLINE, &deadline);
}

static int64_t sw_sync_open(struct step *step, const uint64_t *args)
{
	(void)step;
	(void)args;
	return open("/sys/kernel/debug/sync/sw_sync", O_RDWR | O_CLOEXEC);
}

static int64_t sw_sync_fence(struct step *step, const uint64_t *args)
{
	struct sw_sync_create_fence_data data = { .value = args[1] };

	return STEP_MAKE(step, args[0], SW_SYNC_IOC_CREATE_FENCE, &data, data.fence);
}

static int64_t sw_sync_inc(struct step *step, const uint64_t *args)
{
	uint32_t count = args[1] % 16;

	return STEP_IOCTL(step, args[0], SW_SYNC_IOC_INC, &count);
}

#define TIMELINE_FLAGS (VPRIME_TIMELINE_SYNC_FILE | VPRIME_FENCE_WRITE)

const struct call fence_calls[] = {
	CALL("fence_attach", MODE_ALL, 12, fence_attach, MAKES(KIND_FENCE), ANY(DRM), ANY(HANDLE),
	     MOST(FLAGS, 1), ANY(MS)),
	CALL("fence_signal", MODE_ALL | MODE_ENDS, 8, fence_signal, MAKES(KIND_NONE), ANY(DRM),
	     ANY(FENCE), MOST(NUMBER, 4)),
	CALL("timeline_create", MODE_ALL, 6, timeline_create, MAKES(KIND_TIMELINE), ANY(DRM),
	     MOST(NUMBER, 0)),
	CALL("timeline_destroy", MODE_ALL | MODE_ENDS, 5, timeline_destroy, MAKES(KIND_NONE),
	     ANY(DRM), ANY(TIMELINE)),
	CALL("timeline_fence", MODE_ALL, 18, timeline_fence, MAKES(KIND_SYNC_FILE), ANY(DRM),
	     ANY(TIMELINE), MOST(FLAGS, TIMELINE_FLAGS), ANY(POINT), ANY(HANDLE), ANY(MS)),
	CALL("timeline_point", MODE_ALL, 8, timeline_fence, MAKES(KIND_SYNC_FILE), ANY(DRM),
	     ANY(TIMELINE), MOST(FLAGS, VPRIME_TIMELINE_SYNC_FILE), ANY(POINT), MOST(NUMBER, 0),
	     ANY(MS)),
	CALL("timeline_fences", MODE_ALL, 3, timeline_fences, MAKES(KIND_NONE), ANY(DRM),
	     ANY(TIMELINE), MOST(NUMBER, 30), MOST(NUMBER, 1), MOST(NUMBER, 1), ANY(MS)),
	CALL("timeline_signal", MODE_ALL, 8, timeline_signal, MAKES(KIND_NONE), ANY(DRM),
	     ANY(TIMELINE), ANY(POINT), MOST(NUMBER, 4)),
	CALL("sync_merge", MODE_ALL | MODE_PASSED, 8, sync_merge, MAKES(KIND_SYNC_FILE),
	     ANY(SYNC_FILE), ANY(SYNC_FILE), MOST(NUMBER, 0)),
	CALL("sync_info", MODE_ALL, 4, sync_info, MAKES(KIND_NONE), ANY(SYNC_FILE),
	     MOST(NUMBER, 4)),
	CALL("sync_deadline", MODE_ALL, 3, sync_deadline, MAKES(KIND_NONE), ANY(SYNC_FILE),
	     ANY(SEED)),
	CALL("sw_sync_open", MODE_ALL, 2, sw_sync_open, MAKES(KIND_SW_SYNC)),
	CALL("sw_sync_fence", MODE_ALL, 3, sw_sync_fence, MAKES(KIND_SYNC_FILE), ANY(SW_SYNC),
	     ANY(POINT)),
	CALL("sw_sync_inc", MODE_ALL, 3, sw_sync_inc, MAKES(KIND_NONE), ANY(SW_SYNC), ANY(POINT)),
	CALL_END,
};
