// SPDX-License-Identifier: MIT
/*
 * Explicit synchronisation by linux-drm-syncobj: when a buffer's picture is there, and
 * when the compositor gave it back. Knows nothing of what is drawn.
 */
#include "timeline.h"

#include <err.h>
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <xf86drm.h>

static int complain(const char *what)
{
	int ret = -errno;

	warn("%s", what);
	return ret;
}

int timeline_open(struct timeline *timeline, int device,
		  struct wp_linux_drm_syncobj_manager_v1 *manager)
{
	int fd;

	*timeline = (struct timeline){ .device = device };
	timeline->released = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (timeline->released < 0)
		return complain("an eventfd");
	if (drmSyncobjCreate(device, 0, &timeline->handle) ||
	    drmSyncobjHandleToFD(device, timeline->handle, &fd))
		return complain("a syncobj");
	timeline->proxy = wp_linux_drm_syncobj_manager_v1_import_timeline(manager, fd);
	close(fd);
	return 0;
}

void timeline_close(struct timeline *timeline)
{
	if (timeline->proxy)
		wp_linux_drm_syncobj_timeline_v1_destroy(timeline->proxy);
	if (timeline->handle)
		drmSyncobjDestroy(timeline->device, timeline->handle);
	if (timeline->released > 0)
		close(timeline->released);
	*timeline = (struct timeline){};
}

int timeline_begin(struct timeline *timeline, struct wp_linux_drm_syncobj_surface_v1 *surface)
{
	uint64_t acquire = timeline->point + 1, release = timeline->point + 2;

	wp_linux_drm_syncobj_surface_v1_set_acquire_point(surface, timeline->proxy, acquire >> 32,
							  acquire);
	wp_linux_drm_syncobj_surface_v1_set_release_point(surface, timeline->proxy, release >> 32,
							  release);
	timeline->point = release;
	if (drmSyncobjEventfd(timeline->device, timeline->handle, release, timeline->released, 0))
		return complain("an event for a release point");
	return 0;
}

int timeline_signal(struct timeline *timeline)
{
	uint64_t acquire = timeline->point - 1;

	if (drmSyncobjTimelineSignal(timeline->device, &timeline->handle, &acquire, 1))
		return complain("signalling an acquire point");
	return 0;
}

bool timeline_take_release(struct timeline *timeline)
{
	uint64_t count;

	return read(timeline->released, &count, sizeof(count)) == sizeof(count);
}
