/* SPDX-License-Identifier: MIT */
#ifndef TIMELINE_H
#define TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "linux-drm-syncobj-v1.h"

/**
 * struct timeline - the points of one buffer
 *
 * A buffer has a timeline of its own, as compositors give buffers back in any order.
 *
 * @device: an open render node, not owned
 * @handle: syncobj on it
 * @proxy: the same, known to the compositor
 * @point: the last that was used: an even one means given back
 * @released: an eventfd that is readable when it is
 */
struct timeline {
	int device;
	uint32_t handle;
	struct wp_linux_drm_syncobj_timeline_v1 *proxy;
	uint64_t point;
	int released;
};

/* All return 0 or a negative errno, and have said on stderr what went wrong. */
int timeline_open(struct timeline *timeline, int device,
		  struct wp_linux_drm_syncobj_manager_v1 *manager);
void timeline_close(struct timeline *timeline);

/* The next commit of a surface waits for the buffer's picture, and gives it back by a point. */
int timeline_begin(struct timeline *timeline, struct wp_linux_drm_syncobj_surface_v1 *surface);

/* The picture is there. */
int timeline_signal(struct timeline *timeline);

/* Whether the compositor gave the buffer back; true only once for each time. */
bool timeline_take_release(struct timeline *timeline);

#endif
