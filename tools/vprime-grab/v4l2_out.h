/* SPDX-License-Identifier: MIT */
#ifndef V4L2_OUT_H
#define V4L2_OUT_H

#include "vprime_grab.h"

#define V4L2_OUT_MAX 4

/**
 * struct v4l2_out - a V4L2 output device that takes frames as dma-bufs
 * @fd: open device
 * @grab: whose frames they are
 * @started: it streams
 * @frames: those the device has, by buffer index
 * @busy: which of @frames it has
 */
struct v4l2_out {
	int fd;
	struct vprime_grab *grab;
	int started;
	struct vprime_grab_frame frames[V4L2_OUT_MAX];
	int busy[V4L2_OUT_MAX];
};

/* All return 0 or a negative errno and have said what is wrong. */

int v4l2_out_open(struct v4l2_out *out, const char *path, struct vprime_grab *grab);

/*
 * Waits for the screen's next frame or event, and meanwhile releases those the
 * device has read: the screen may wait for them before it shows another.
 */
int v4l2_out_wait(struct v4l2_out *out);

/*
 * Queues a frame, and releases those the device has read: it takes the frame over.
 * No pixel is touched here. The device is set up by the first one of each mode.
 */
int v4l2_out_frame(struct v4l2_out *out, struct vprime_grab_frame *frame);

/* Stops and releases what is left. */
void v4l2_out_close(struct v4l2_out *out);

#endif
