/* SPDX-License-Identifier: MIT */
#ifndef CAMERA_H
#define CAMERA_H

#include <stddef.h>
#include <stdint.h>

#include <linux/videodev2.h>

#include "pixel_format.h"

#define CAMERA_MAX_BUFFERS 8

/**
 * struct camera_buffer - one capture buffer
 * @offset: where mmap() finds it in the camera's file
 * @length: bytes
 * @dmabuf: the same buffer as a dma-buf, -1 until it is exported
 */
struct camera_buffer {
	uint32_t offset;
	uint32_t length;
	int dmabuf;
};

/**
 * struct camera - an open V4L2 capture device (single-planar API)
 * @fd: the open device
 * @node: its path
 * @format: what it was set to, as the table knows it
 * @pix: what it was set to, as the driver answered
 * @layout: where the planes lie in each buffer
 * @buffers: the capture buffers
 * @num_buffers: how many the driver made
 * @next_sequence: number that the next frame has when none is lost
 * @dropped: frames that were lost, seen as gaps in the numbers
 */
struct camera {
	int fd;
	char node[32];
	const struct pixel_format *format;
	struct v4l2_pix_format pix;
	struct pixel_layout layout;
	struct camera_buffer buffers[CAMERA_MAX_BUFFERS];
	unsigned int num_buffers;
	uint32_t next_sequence;
	unsigned int dropped;
};

/* All return 0 or a negative errno, and have said on stderr what went wrong. */
int camera_open(struct camera *camera, const char *driver);
void camera_close(struct camera *camera);
int camera_set_format(struct camera *camera, const struct pixel_format *format,
		      uint32_t width, uint32_t height);
int camera_set_rate(struct camera *camera, unsigned int frames_per_second);
int camera_allocate(struct camera *camera, unsigned int count);
int camera_export(struct camera *camera, unsigned int index);
int camera_start(struct camera *camera);
int camera_stop(struct camera *camera);
int camera_queue(struct camera *camera, unsigned int index);

/* Waits for a filled buffer and returns its index. */
int camera_dequeue(struct camera *camera, int timeout_ms);

#endif
