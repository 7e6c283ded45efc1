/* SPDX-License-Identifier: MIT */
#ifndef SHARE_VIDEO_H
#define SHARE_VIDEO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/videodev2.h>

#define VIDEO_PLANES 3

/**
 * struct video - a node of vivid's, capture or output, of either API
 * @fd: the open node, -1 when it is closed
 * @type: of its buffers, which says the API too
 * @memory: of its buffers, once there are some
 * @num_planes: buffers that make up one picture; 1 in the single-planar API
 * @format: as the driver answered
 * @size: bytes of each of those buffers
 * @pitch: bytes from a line to the next in each
 * @streaming: it is
 */
struct video {
	int fd;
	uint32_t type;
	uint32_t memory;
	unsigned int num_planes;
	struct v4l2_format format;
	size_t size[VIDEO_PLANES];
	uint32_t pitch[VIDEO_PLANES];
	bool streaming;
};

/**
 * struct video_kind - how an instance of vivid has to be loaded
 * @planar: multiplanar=2
 * @contiguous: allocators=1, which is dma-contig
 */
struct video_kind {
	bool planar;
	bool contiguous;
};

/* What @kind is called in vivid's parameters, for the reason of a skip. */
#define VIDEO_LOAD \
	"vivid has no such instance: n_devs=3 multiplanar=1,2,1 allocators=0,0,1 gives one\n"

/*
 * Opens a node of the first instance of that kind: its output or its capture node,
 * which then captures from its webcam. All of these assert; this one skips when
 * there is no such instance.
 */
void video_open(struct video *video, const struct video_kind *kind, bool output);
void video_close(struct video *video);

bool video_is_output(const struct video *video);

/* The next pixel format that the node has, 0 behind the last. */
uint32_t video_format_at(const struct video *video, unsigned int index);
void video_set_format(struct video *video, uint32_t fourcc, uint32_t width, uint32_t height);

/* A webcam's frames come as often as it can. */
void video_set_rate(struct video *video);

/* REQBUFS: none of them for 0. */
void video_allocate(struct video *video, uint32_t memory, unsigned int count);

/* Queues a buffer; @fds has one dma-buf for each plane and is NULL for own memory. */
void video_queue(struct video *video, unsigned int index, const int *fds);

/* The twin returns 0 or a negative errno. */
int __video_queue(struct video *video, unsigned int index, const int *fds);

void video_start(struct video *video);
void video_stop(struct video *video);

/* Waits for a buffer; @offsets may be NULL, and gets where each plane begins in its own. */
unsigned int video_dequeue(struct video *video, uint32_t *offsets);

/* One plane of a buffer of own memory: as a dma-buf, or mapped. */
int video_export(const struct video *video, unsigned int index, unsigned int plane);
void *video_map(const struct video *video, unsigned int index, unsigned int plane);

#endif
