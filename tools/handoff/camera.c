// SPDX-License-Identifier: MIT
/*
 * Frames from a V4L2 capture device, in buffers that others can share.
 *
 * The buffers are the driver's own (V4L2_MEMORY_MMAP); VIDIOC_EXPBUF turns each
 * into a dma-buf. A buffer that was dequeued belongs to the caller until it is
 * queued again. Knows nothing of screens.
 */
#include "camera.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CAMERA_MAX_NODES 64

static int xioctl(int fd, unsigned long request, void *arg)
{
	int ret;

	do {
		ret = ioctl(fd, request, arg);
	} while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : 0;
}

static int complain(int ret, const struct camera *camera, const char *what)
{
	errno = -ret;
	warn("%s: %s", camera->node, what);
	return ret;
}

static bool captures_frames(int fd, const char *driver)
{
	const uint32_t wanted = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
	struct v4l2_capability cap = {};

	if (xioctl(fd, VIDIOC_QUERYCAP, &cap))
		return false;
	return !strcmp((const char *)cap.driver, driver) &&
	       (cap.device_caps & wanted) == wanted;
}

/* A television or HDMI input dictates the size of the picture, a webcam does not. */
static int select_webcam_input(struct camera *camera)
{
	struct v4l2_input input = {};

	while (!xioctl(camera->fd, VIDIOC_ENUMINPUT, &input)) {
		int index = input.index;

		if (!strncmp((const char *)input.name, "Webcam", 6))
			return xioctl(camera->fd, VIDIOC_S_INPUT, &index);
		input.index++;
	}
	return -ENODEV;
}

int camera_open(struct camera *camera, const char *driver)
{
	int ret;

	memset(camera, 0, sizeof(*camera));
	for (int i = 0; i < CAMERA_MAX_NODES; i++) {
		snprintf(camera->node, sizeof(camera->node), "/dev/video%d", i);
		camera->fd = open(camera->node, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		if (camera->fd < 0)
			continue;
		if (captures_frames(camera->fd, driver))
			goto found;
		close(camera->fd);
	}
	camera->fd = -1;
	warnx("no capture device of the driver %s: try 'modprobe %s'", driver, driver);
	return -ENODEV;
found:
	ret = select_webcam_input(camera);
	if (ret) {
		complain(ret, camera, "no input called Webcam");
		camera_close(camera);
	}
	return ret;
}

void camera_close(struct camera *camera)
{
	for (unsigned int i = 0; i < camera->num_buffers; i++)
		if (camera->buffers[i].dmabuf >= 0)
			close(camera->buffers[i].dmabuf);
	camera->num_buffers = 0;
	if (camera->fd >= 0)
		close(camera->fd);
	camera->fd = -1;
}

int camera_set_format(struct camera *camera, const struct pixel_format *format,
		      uint32_t width, uint32_t height)
{
	struct v4l2_format f = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.fmt.pix = {
			.width = width,
			.height = height,
			.pixelformat = format->v4l2,
			.field = V4L2_FIELD_NONE,
		},
	};
	int ret = format->v4l2 ? xioctl(camera->fd, VIDIOC_S_FMT, &f) : -EINVAL;

	if (!ret && f.fmt.pix.pixelformat != format->v4l2)
		ret = -EINVAL;
	if (ret)
		return complain(ret, camera, format->name);
	if (f.fmt.pix.width != width || f.fmt.pix.height != height) {
		warnx("%s: no size %ux%u, the nearest is %ux%u", camera->node, width, height,
		      f.fmt.pix.width, f.fmt.pix.height);
		return -EINVAL;
	}
	camera->format = format;
	camera->pix = f.fmt.pix;
	pixel_layout_fill(&camera->layout, format, f.fmt.pix.bytesperline, height);
	return 0;
}

int camera_set_rate(struct camera *camera, unsigned int frames_per_second)
{
	struct v4l2_streamparm parm = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.parm.capture.timeperframe = { 1, frames_per_second },
	};
	int ret = xioctl(camera->fd, VIDIOC_S_PARM, &parm);

	return ret ? complain(ret, camera, "setting the frame rate") : 0;
}

int camera_allocate(struct camera *camera, unsigned int count)
{
	struct v4l2_requestbuffers request = {
		.count = count,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_MMAP,
	};
	int ret = xioctl(camera->fd, VIDIOC_REQBUFS, &request);

	if (ret)
		return complain(ret, camera, "asking for buffers");
	if (request.count > CAMERA_MAX_BUFFERS)
		return complain(-E2BIG, camera, "asking for buffers");

	for (unsigned int i = 0; i < request.count; i++) {
		struct v4l2_buffer buffer = {
			.index = i,
			.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
			.memory = V4L2_MEMORY_MMAP,
		};

		ret = xioctl(camera->fd, VIDIOC_QUERYBUF, &buffer);
		if (ret)
			return complain(ret, camera, "asking for a buffer's place");
		camera->buffers[i] = (struct camera_buffer){
			.offset = buffer.m.offset,
			.length = buffer.length,
			.dmabuf = -1,
		};
	}
	camera->num_buffers = request.count;
	return 0;
}

/* Read-only is enough: the screen only looks at the frame. */
int camera_export(struct camera *camera, unsigned int index)
{
	struct v4l2_exportbuffer export = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.index = index,
		.flags = O_RDONLY | O_CLOEXEC,
	};
	int ret;

	if (camera->buffers[index].dmabuf >= 0)
		return 0;
	ret = xioctl(camera->fd, VIDIOC_EXPBUF, &export);
	if (ret)
		return complain(ret, camera, "exporting a buffer as a dma-buf");
	camera->buffers[index].dmabuf = export.fd;
	return 0;
}

int camera_queue(struct camera *camera, unsigned int index)
{
	struct v4l2_buffer buffer = {
		.index = index,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_MMAP,
	};
	int ret = xioctl(camera->fd, VIDIOC_QBUF, &buffer);

	return ret ? complain(ret, camera, "queueing a buffer") : 0;
}

int camera_start(struct camera *camera)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	int ret;

	for (unsigned int i = 0; i < camera->num_buffers; i++) {
		ret = camera_queue(camera, i);
		if (ret)
			return ret;
	}
	camera->next_sequence = 0;
	camera->dropped = 0;
	ret = xioctl(camera->fd, VIDIOC_STREAMON, &type);
	return ret ? complain(ret, camera, "starting the stream") : 0;
}

int camera_stop(struct camera *camera)
{
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
	int ret = xioctl(camera->fd, VIDIOC_STREAMOFF, &type);

	return ret ? complain(ret, camera, "stopping the stream") : 0;
}

int camera_dequeue(struct camera *camera, int timeout_ms)
{
	struct pollfd pollfd = { .fd = camera->fd, .events = POLLIN };
	struct v4l2_buffer buffer = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_MMAP,
	};
	int ret;

	ret = poll(&pollfd, 1, timeout_ms);
	if (ret <= 0)
		return complain(ret ? -errno : -ETIMEDOUT, camera, "waiting for a frame");
	ret = xioctl(camera->fd, VIDIOC_DQBUF, &buffer);
	if (ret)
		return complain(ret, camera, "taking a frame");

	camera->dropped += buffer.sequence - camera->next_sequence;
	camera->next_sequence = buffer.sequence + 1;
	return buffer.index;
}
