// SPDX-License-Identifier: MIT
/*
 * Calls: a V4L2 camera, vivid's, which exports dma-bufs and takes those of others.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <linux/videodev2.h>

#include "call.h"
#include "run.h"

static int64_t video_open(struct step *step, const uint64_t *args)
{
	char path[24];

	(void)step;
	snprintf(path, sizeof(path), "/dev/video%u", (unsigned int)(args[0] % 8));
	return open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
}

static uint32_t type_of(uint64_t number)
{
	return number & 1 ? V4L2_BUF_TYPE_VIDEO_OUTPUT : V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

static uint32_t memory_of(uint64_t number)
{
	return number & 1 ? V4L2_MEMORY_DMABUF : V4L2_MEMORY_MMAP;
}

/* Small pictures: the guest draws them. */
static int64_t video_format(struct step *step, const uint64_t *args)
{
	struct v4l2_format format = { .type = type_of(args[1]) };

	format.fmt.pix.width = 320;
	format.fmt.pix.height = 180;
	format.fmt.pix.pixelformat = args[2];
	return STEP_IOCTL(step, args[0], VIDIOC_S_FMT, &format);
}

static int64_t video_request(struct step *step, const uint64_t *args)
{
	struct v4l2_requestbuffers request = { .count = args[2] % 8,
					       .type = type_of(args[1]),
					       .memory = memory_of(args[3]) };

	return STEP_IOCTL(step, args[0], VIDIOC_REQBUFS, &request);
}

static int64_t video_export(struct step *step, const uint64_t *args)
{
	struct v4l2_exportbuffer export = { .type = type_of(args[1]),
					    .index = args[2],
					    .flags = args[3] | O_CLOEXEC };

	return STEP_MAKE(step, args[0], VIDIOC_EXPBUF, &export, export.fd);
}

/* V4L2 captures into what can only be read, whoever exported it: Documentation/buffers.rst. */
static bool is_canary(const struct step *step, int fd)
{
	struct stat asked, canary;

	return !fstat(fd, &asked) && !fstat(step->thread->runner->canary, &canary) &&
	       asked.st_dev == canary.st_dev && asked.st_ino == canary.st_ino;
}

static int64_t video_queue(struct step *step, const uint64_t *args)
{
	struct v4l2_buffer buffer = { .type = type_of(args[1]),
				      .index = args[2],
				      .memory = memory_of(args[3]) };

	if (args[3] & 1)
		buffer.m.fd = is_canary(step, args[4]) ? -1 : (int)args[4];
	return STEP_IOCTL(step, args[0], args[5] ? VIDIOC_PREPARE_BUF : VIDIOC_QBUF, &buffer);
}

static int64_t video_dequeue(struct step *step, const uint64_t *args)
{
	struct v4l2_buffer buffer = { .type = type_of(args[1]), .memory = memory_of(args[2]) };

	return STEP_IOCTL(step, args[0], VIDIOC_DQBUF, &buffer);
}

static int64_t video_stream(struct step *step, const uint64_t *args)
{
	int type = type_of(args[1]);

	return STEP_IOCTL(step, args[0], args[2] ? VIDIOC_STREAMON : VIDIOC_STREAMOFF, &type);
}

const struct call video_calls[] = {
	CALL("video_open", MODE_ALL | MODE_RARE, 5, video_open, MAKES(KIND_VIDEO), MOST(NUMBER, 3)),
	CALL("video_format", MODE_ALL, 1, video_format, MAKES(KIND_NONE), ANY(VIDEO),
	     MOST(NUMBER, 1), ANY(FORMAT)),
	CALL("video_request", MODE_ALL, 1, video_request, MAKES(KIND_NONE), ANY(VIDEO),
	     MOST(NUMBER, 0), MOST(NUMBER, 4), MOST(NUMBER, 1)),
	CALL("video_export", MODE_ALL, 2, video_export, MAKES(KIND_DMABUF), ANY(VIDEO),
	     MOST(NUMBER, 0), MOST(NUMBER, 3), MOST(FLAGS, O_RDWR)),
	CALL("video_queue", MODE_ALL, 3, video_queue, MAKES(KIND_NONE), ANY(VIDEO),
	     MOST(NUMBER, 0), MOST(NUMBER, 3), MOST(NUMBER, 1), ANY(DMABUF), MOST(NUMBER, 1)),
	CALL("video_dequeue", MODE_ALL, 1, video_dequeue, MAKES(KIND_NONE), ANY(VIDEO),
	     MOST(NUMBER, 0), MOST(NUMBER, 1)),
	CALL("video_stream", MODE_ALL, 2, video_stream, MAKES(KIND_NONE), ANY(VIDEO),
	     MOST(NUMBER, 0), MOST(NUMBER, 1)),
	CALL_END,
};
