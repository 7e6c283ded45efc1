// SPDX-License-Identifier: MIT
/*
 * Frames into a V4L2 output device, such as vivid's, by V4L2_MEMORY_DMABUF: the
 * device reads the very buffer that is on the screen. A frame goes back to the
 * screen when the device gives its buffer back.
 */
#include "v4l2_out.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <drm_fourcc.h>
#include <linux/videodev2.h>

#define DONE_MS 2000

static int call(struct v4l2_out *out, unsigned long request, void *args, const char *name)
{
	int ret;

	do {
		ret = ioctl(out->fd, request, args);
	} while (ret == -1 && errno == EINTR);
	if (ret == -1) {
		ret = -errno;
		if (ret != -EAGAIN)
			warn("%s", name);
	}
	return ret;
}

int v4l2_out_open(struct v4l2_out *out, const char *path, struct vprime_grab *grab)
{
	memset(out, 0, sizeof(*out));
	out->grab = grab;
	out->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (out->fd < 0) {
		warn("%s", path);
		return -errno;
	}
	return 0;
}

static int set_format(struct v4l2_out *out, const struct drm_vprime_consumer_acquire *info)
{
	struct v4l2_format format = { .type = V4L2_BUF_TYPE_VIDEO_OUTPUT };
	struct v4l2_pix_format *pix = &format.fmt.pix;
	int ret;

	if (info->format != DRM_FORMAT_XRGB8888 || info->modifier) {
		warnx("a V4L2 device wants XRGB8888: try --composed");
		return -EOPNOTSUPP;
	}
	pix->width = info->width;
	pix->height = info->height;
	pix->pixelformat = V4L2_PIX_FMT_XBGR32;
	pix->bytesperline = info->planes[0].pitch;
	pix->field = V4L2_FIELD_NONE;
	ret = call(out, VIDIOC_S_FMT, &format, "VIDIOC_S_FMT");
	if (!ret && (pix->width != info->width || pix->height != info->height ||
		     pix->bytesperline != info->planes[0].pitch ||
		     pix->pixelformat != V4L2_PIX_FMT_XBGR32)) {
		warnx("the device takes %ux%u, pitch %u; the screen is %ux%u", pix->width,
		      pix->height, pix->bytesperline, info->width, info->height);
		ret = -EINVAL;
	}
	return ret;
}

static int set_up(struct v4l2_out *out, const struct drm_vprime_consumer_acquire *info)
{
	struct v4l2_requestbuffers request = {
		.count = V4L2_OUT_MAX,
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.memory = V4L2_MEMORY_DMABUF,
	};
	int type = V4L2_BUF_TYPE_VIDEO_OUTPUT, ret;

	ret = set_format(out, info);
	if (!ret)
		ret = call(out, VIDIOC_REQBUFS, &request, "VIDIOC_REQBUFS");
	if (!ret)
		ret = call(out, VIDIOC_STREAMON, &type, "VIDIOC_STREAMON");
	out->started = !ret;
	return ret;
}

/* 0: one was released; -EAGAIN: the device has done with none. */
static int take_back(struct v4l2_out *out)
{
	struct v4l2_buffer buffer = {
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.memory = V4L2_MEMORY_DMABUF,
	};
	int ret = call(out, VIDIOC_DQBUF, &buffer, "VIDIOC_DQBUF");

	if (ret)
		return ret;
	out->busy[buffer.index] = 0;
	ret = vprime_grab_release(out->grab, &out->frames[buffer.index], -1);
	/* Counted by the kernel and told with the next frame. */
	return ret == -ETIMEDOUT ? 0 : ret;
}

static int take_all_back(struct v4l2_out *out)
{
	int ret;

	do {
		ret = take_back(out);
	} while (!ret);
	return ret == -EAGAIN ? 0 : ret;
}

static int find_index(const struct v4l2_out *out)
{
	for (int i = 0; i < V4L2_OUT_MAX; i++)
		if (!out->busy[i])
			return i;
	return -EAGAIN;
}

static int free_index(struct v4l2_out *out)
{
	struct pollfd device = { .fd = out->fd, .events = POLLOUT };
	int ret = take_all_back(out), index;

	while (!ret) {
		index = find_index(out);
		if (index >= 0)
			return index;
		ret = poll(&device, 1, DONE_MS) > 0 ? take_all_back(out) : -ETIME;
	}
	return ret;
}

int v4l2_out_wait(struct v4l2_out *out)
{
	struct pollfd either[] = {
		{ .fd = vprime_grab_fd(out->grab), .events = POLLIN },
		{ .fd = out->started ? out->fd : -1, .events = POLLOUT },
	};
	int ret;

	do {
		ret = poll(either, 2, -1);
		if (ret < 0 && errno != EINTR)
			return -errno;
		ret = ret > 0 && either[1].revents ? take_all_back(out) : 0;
	} while (!ret && !either[0].revents);
	return ret;
}

static void stop(struct v4l2_out *out)
{
	struct v4l2_requestbuffers none = {
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.memory = V4L2_MEMORY_DMABUF,
	};
	int type = V4L2_BUF_TYPE_VIDEO_OUTPUT;

	if (!out->started)
		return;
	call(out, VIDIOC_STREAMOFF, &type, "VIDIOC_STREAMOFF");
	for (int i = 0; i < V4L2_OUT_MAX; i++)
		if (out->busy[i])
			vprime_grab_release(out->grab, &out->frames[i], -1);
	memset(out->busy, 0, sizeof(out->busy));
	call(out, VIDIOC_REQBUFS, &none, "VIDIOC_REQBUFS");
	out->started = 0;
}

int v4l2_out_frame(struct v4l2_out *out, struct vprime_grab_frame *frame)
{
	const struct drm_vprime_consumer_acquire *info = &frame->info;
	struct v4l2_buffer buffer = {
		.type = V4L2_BUF_TYPE_VIDEO_OUTPUT,
		.memory = V4L2_MEMORY_DMABUF,
		.field = V4L2_FIELD_NONE,
		.bytesused = info->planes[0].pitch * info->height,
		.m.fd = info->planes[0].fd,
	};
	int ret, index;

	/* Its frames before those of another size are the device's no more. */
	if (info->flags & VPRIME_CONSUMER_MODE_CHANGED)
		stop(out);
	ret = out->started ? 0 : set_up(out, info);
	/* V4L2 knows no fences: it gets a picture that is there. */
	if (!ret)
		ret = vprime_grab_wait(frame, DONE_MS);
	index = ret ? ret : free_index(out);
	if (index < 0) {
		vprime_grab_release(out->grab, frame, -1);
		return index;
	}
	out->frames[index] = *frame;
	buffer.index = index;
	buffer.length = lseek(info->planes[0].fd, 0, SEEK_END);
	ret = call(out, VIDIOC_QBUF, &buffer, "VIDIOC_QBUF");
	if (ret)
		vprime_grab_release(out->grab, frame, -1);
	else
		out->busy[index] = 1;
	return ret;
}

void v4l2_out_close(struct v4l2_out *out)
{
	stop(out);
	close(out->fd);
}
