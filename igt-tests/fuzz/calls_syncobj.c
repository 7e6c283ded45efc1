// SPDX-License-Identifier: MIT
/*
 * Calls: DRM's sync objects, which carry fences from one program to another.
 */
#include <drm/drm.h>

#include "call.h"
#include "run.h"

static int64_t syncobj_create(struct step *step, const uint64_t *args)
{
	struct drm_syncobj_create create = { .flags = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_SYNCOBJ_CREATE, &create, create.handle);
}

static int64_t syncobj_destroy(struct step *step, const uint64_t *args)
{
	struct drm_syncobj_destroy destroy = { .handle = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_SYNCOBJ_DESTROY, &destroy);
}

static int64_t syncobj_to_fd(struct step *step, const uint64_t *args)
{
	struct drm_syncobj_handle handle = { .handle = args[1], .flags = args[2], .fd = -1 };

	return STEP_MAKE(step, args[0], DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &handle, handle.fd);
}

static int64_t syncobj_to_file(struct step *step, const uint64_t *args)
{
	const uint64_t with[] = { args[0], args[1],
				  DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE };

	return syncobj_to_fd(step, with);
}

static int64_t syncobj_from_fd(struct step *step, const uint64_t *args)
{
	struct drm_syncobj_handle handle = { .fd = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &handle, handle.handle);
}

static int64_t syncobj_from_file(struct step *step, const uint64_t *args)
{
	struct drm_syncobj_handle handle = {
		.handle = args[1],
		.fd = args[2],
		.flags = DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_IMPORT_SYNC_FILE,
	};

	return STEP_IOCTL(step, args[0], DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &handle);
}

static int64_t syncobj_wait(struct step *step, const uint64_t *args)
{
	uint32_t handles[2] = { args[1], args[2] };
	struct drm_syncobj_wait wait = { .handles = (uintptr_t)handles,
					 .count_handles = 2,
					 .flags = args[3],
					 .timeout_nsec = run_now() + args[4] * 1000000 };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_SYNCOBJ_WAIT, &wait);
}

static int64_t syncobj_wait_point(struct step *step, const uint64_t *args)
{
	uint32_t handles[1] = { args[1] };
	uint64_t points[1] = { args[2] };
	struct drm_syncobj_timeline_wait wait = { .handles = (uintptr_t)handles,
						  .points = (uintptr_t)points,
						  .count_handles = 1,
						  .flags = args[3],
						  .timeout_nsec = run_now() + args[4] * 1000000 };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT, &wait);
}

static int64_t syncobj_set(struct step *step, int fd, unsigned long command, uint32_t handle)
{
	struct drm_syncobj_array array = { .handles = (uintptr_t)&handle, .count_handles = 1 };

	return STEP_IOCTL(step, fd, command, &array);
}

static int64_t syncobj_reset(struct step *step, const uint64_t *args)
{
	return syncobj_set(step, args[0], DRM_IOCTL_SYNCOBJ_RESET, args[1]);
}

static int64_t syncobj_signal(struct step *step, const uint64_t *args)
{
	return syncobj_set(step, args[0], DRM_IOCTL_SYNCOBJ_SIGNAL, args[1]);
}

static int64_t syncobj_signal_point(struct step *step, const uint64_t *args)
{
	uint32_t handles[1] = { args[1] };
	uint64_t points[1] = { args[2] };
	struct drm_syncobj_timeline_array array = { .handles = (uintptr_t)handles,
						    .points = (uintptr_t)points,
						    .count_handles = 1,
						    .flags = args[3] };

	unsigned long command = args[4] ? DRM_IOCTL_SYNCOBJ_QUERY :
					  DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL;

	return STEP_IOCTL(step, args[0], command, &array);
}

static int64_t syncobj_transfer(struct step *step, const uint64_t *args)
{
	struct drm_syncobj_transfer transfer = { .src_handle = args[1],
						 .dst_handle = args[2],
						 .src_point = args[3],
						 .dst_point = args[4],
						 .flags = args[5] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_SYNCOBJ_TRANSFER, &transfer);
}

static int64_t syncobj_eventfd(struct step *step, const uint64_t *args)
{
	struct drm_syncobj_eventfd eventfd = { .handle = args[1],
					       .fd = args[2],
					       .point = args[3],
					       .flags = args[4] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_SYNCOBJ_EVENTFD, &eventfd);
}

const struct call syncobj_calls[] = {
	CALL("syncobj_create", MODE_ALL, 4, syncobj_create, MAKES(KIND_SYNCOBJ), ANY(DRM),
	     MOST(FLAGS, 1)),
	CALL("syncobj_destroy", MODE_ALL | MODE_ENDS, 2, syncobj_destroy, MAKES(KIND_NONE),
	     ANY(DRM), ANY(SYNCOBJ)),
	CALL("syncobj_to_fd", MODE_ALL, 2, syncobj_to_fd, MAKES(KIND_SYNCOBJ_FILE), ANY(DRM),
	     ANY(SYNCOBJ), MOST(NUMBER, 0)),
	CALL("syncobj_to_file", MODE_ALL, 4, syncobj_to_file, MAKES(KIND_SYNC_FILE), ANY(DRM),
	     ANY(SYNCOBJ)),
	CALL("syncobj_from_fd", MODE_ALL | MODE_PASSED, 2, syncobj_from_fd, MAKES(KIND_SYNCOBJ),
	     ANY(DRM), ANY(SYNCOBJ_FILE)),
	CALL("syncobj_from_file", MODE_ALL, 5, syncobj_from_file, MAKES(KIND_NONE), ANY(DRM),
	     ANY(SYNCOBJ), ANY(SYNC_FILE)),
	CALL("syncobj_wait", MODE_ALL, 3, syncobj_wait, MAKES(KIND_NONE), ANY(DRM), ANY(SYNCOBJ),
	     ANY(SYNCOBJ), MOST(FLAGS, 7), ANY(MS)),
	CALL("syncobj_wait_point", MODE_ALL, 2, syncobj_wait_point, MAKES(KIND_NONE), ANY(DRM),
	     ANY(SYNCOBJ), ANY(POINT), MOST(FLAGS, 7), ANY(MS)),
	CALL("syncobj_reset", MODE_ALL, 2, syncobj_reset, MAKES(KIND_NONE), ANY(DRM),
	     ANY(SYNCOBJ)),
	CALL("syncobj_signal", MODE_ALL, 2, syncobj_signal, MAKES(KIND_NONE), ANY(DRM),
	     ANY(SYNCOBJ)),
	CALL("syncobj_signal_point", MODE_ALL, 3, syncobj_signal_point, MAKES(KIND_NONE), ANY(DRM),
	     ANY(SYNCOBJ), ANY(POINT), MOST(FLAGS, 1), MOST(NUMBER, 1)),
	CALL("syncobj_transfer", MODE_ALL, 2, syncobj_transfer, MAKES(KIND_NONE), ANY(DRM),
	     ANY(SYNCOBJ), ANY(SYNCOBJ), ANY(POINT), ANY(POINT), MOST(FLAGS, 2)),
	CALL("syncobj_eventfd", MODE_ALL, 2, syncobj_eventfd, MAKES(KIND_NONE), ANY(DRM),
	     ANY(SYNCOBJ), ANY(EVENTFD), ANY(POINT), MOST(FLAGS, 4)),
	CALL_END,
};
