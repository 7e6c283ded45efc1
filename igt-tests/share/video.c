// SPDX-License-Identifier: MIT
/*
 * vivid's nodes in both of V4L2's APIs, with own memory and with dma-bufs of
 * others. tools/handoff has a camera for those who read it as an example; this
 * one is for what an example leaves out. Knows nothing of screens.
 */
#include "video.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/screen.h"

#define NODES 64

/**
 * struct picture_buffer - the ioctls' argument for one picture
 * @buffer: of either API
 * @planes: what @buffer refers to in the multiplanar one
 */
struct picture_buffer {
	struct v4l2_buffer buffer;
	struct v4l2_plane planes[VIDEO_PLANES];
};

static bool is_planar(const struct video *video)
{
	return V4L2_TYPE_IS_MULTIPLANAR(video->type);
}

bool video_is_output(const struct video *video)
{
	return V4L2_TYPE_IS_OUTPUT(video->type);
}

/* The @instance-th number of an array parameter. */
static unsigned int parameter(const char *name, int instance)
{
	char path[64], text[512] = "", *number = text;
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/vivid/parameters/%s", name);
	file = fopen(path, "r");
	igt_require_f(file && fgets(text, sizeof(text), file), "vivid is not loaded\n");
	fclose(file);
	while (instance-- && number)
		number = strchr(number, ',') ? strchr(number, ',') + 1 : NULL;
	return number ? atoi(number) : 0;
}

/* Instances call themselves platform:vivid-000 and so on. */
static bool is_wanted(const struct v4l2_capability *cap, const struct video_kind *kind,
		      bool output)
{
	const uint32_t capture_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE;
	const uint32_t output_caps = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_OUTPUT_MPLANE;
	unsigned int instance;

	if (sscanf((const char *)cap->bus_info, "platform:vivid-%u", &instance) != 1 ||
	    !(cap->device_caps & (output ? output_caps : capture_caps)))
		return false;
	return (parameter("multiplanar", instance) == 2) == kind->planar &&
	       (parameter("allocators", instance) == 1) == kind->contiguous;
}

static uint32_t buffer_type(bool planar, bool output)
{
	if (planar)
		return output ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE :
				V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
	return output ? V4L2_BUF_TYPE_VIDEO_OUTPUT : V4L2_BUF_TYPE_VIDEO_CAPTURE;
}

static void select_webcam(int fd)
{
	struct v4l2_input input = {};

	for (; !ioctl(fd, VIDIOC_ENUMINPUT, &input); input.index++) {
		int index = input.index;

		if (strncmp((const char *)input.name, "Webcam", 6))
			continue;
		igt_assert_errno(ioctl(fd, VIDIOC_S_INPUT, &index), 0);
		return;
	}
	igt_assert_f(false, "vivid has no webcam\n");
}

void video_open(struct video *video, const struct video_kind *kind, bool output)
{
	struct v4l2_capability cap;
	char path[32];

	*video = (struct video){ .fd = -1, .type = buffer_type(kind->planar, output) };
	for (int i = 0; i < NODES && video->fd < 0; i++) {
		snprintf(path, sizeof(path), "/dev/video%d", i);
		video->fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		if (video->fd < 0)
			continue;
		if (!ioctl(video->fd, VIDIOC_QUERYCAP, &cap) && is_wanted(&cap, kind, output))
			break;
		close(video->fd);
		video->fd = -1;
	}
	igt_require_f(video->fd >= 0, VIDEO_LOAD);
	if (!output)
		select_webcam(video->fd);
}

void video_close(struct video *video)
{
	if (video->fd > 0)
		close(video->fd);
	*video = (struct video){ .fd = -1 };
}

uint32_t video_format_at(const struct video *video, unsigned int index)
{
	struct v4l2_fmtdesc desc = { .type = video->type, .index = index };

	return ioctl(video->fd, VIDIOC_ENUM_FMT, &desc) ? 0 : desc.pixelformat;
}

static void take_planes(struct video *video)
{
	const struct v4l2_pix_format_mplane *planar = &video->format.fmt.pix_mp;

	video->num_planes = is_planar(video) ? planar->num_planes : 1;
	igt_assert(video->num_planes <= VIDEO_PLANES);
	for (unsigned int i = 0; i < video->num_planes && is_planar(video); i++) {
		video->size[i] = planar->plane_fmt[i].sizeimage;
		video->pitch[i] = planar->plane_fmt[i].bytesperline;
	}
	if (!is_planar(video)) {
		video->size[0] = video->format.fmt.pix.sizeimage;
		video->pitch[0] = video->format.fmt.pix.bytesperline;
	}
}

void video_set_format(struct video *video, uint32_t fourcc, uint32_t width, uint32_t height)
{
	struct v4l2_format *format = &video->format;

	*format = (struct v4l2_format){ .type = video->type };
	if (is_planar(video))
		format->fmt.pix_mp = (struct v4l2_pix_format_mplane){
			.width = width,
			.height = height,
			.pixelformat = fourcc,
			.field = V4L2_FIELD_NONE,
		};
	else
		format->fmt.pix = (struct v4l2_pix_format){
			.width = width,
			.height = height,
			.pixelformat = fourcc,
			.field = V4L2_FIELD_NONE,
		};
	igt_assert_errno(ioctl(video->fd, VIDIOC_S_FMT, format), 0);
	/* Both begin with width, height and pixel format. */
	igt_assert_eq(format->fmt.pix.width, width);
	igt_assert_eq(format->fmt.pix.height, height);
	igt_assert_eq(format->fmt.pix.pixelformat, fourcc);
	take_planes(video);
}

void video_set_rate(struct video *video)
{
	struct v4l2_streamparm parm = {
		.type = video->type,
		.parm.capture.timeperframe = { 1, 60 },
	};

	igt_assert_errno(ioctl(video->fd, VIDIOC_S_PARM, &parm), 0);
}

void video_allocate(struct video *video, uint32_t memory, unsigned int count)
{
	struct v4l2_requestbuffers request = {
		.count = count,
		.type = video->type,
		.memory = memory,
	};

	igt_assert_errno(ioctl(video->fd, VIDIOC_REQBUFS, &request), 0);
	video->memory = memory;
}

static void fill_buffer(const struct video *video, unsigned int index, const int *fds,
			struct picture_buffer *picture)
{
	*picture = (struct picture_buffer){
		.buffer.index = index,
		.buffer.type = video->type,
		.buffer.memory = video->memory,
		.buffer.field = V4L2_FIELD_NONE,
	};
	if (is_planar(video)) {
		picture->buffer.length = video->num_planes;
		picture->buffer.m.planes = picture->planes;
	} else {
		picture->buffer.bytesused = video->size[0];
	}
	for (unsigned int i = 0; i < video->num_planes; i++) {
		if (video_is_output(video))
			picture->planes[i].bytesused = video->size[i];
		if (fds && is_planar(video))
			picture->planes[i].m.fd = fds[i];
		else if (fds)
			picture->buffer.m.fd = fds[0];
	}
}

int __video_queue(struct video *video, unsigned int index, const int *fds)
{
	struct picture_buffer picture;

	fill_buffer(video, index, fds, &picture);
	return ioctl(video->fd, VIDIOC_QBUF, &picture.buffer) ? -errno : 0;
}

void video_queue(struct video *video, unsigned int index, const int *fds)
{
	igt_assert_eq(__video_queue(video, index, fds), 0);
}

void video_start(struct video *video)
{
	int type = video->type;

	igt_assert_errno(ioctl(video->fd, VIDIOC_STREAMON, &type), 0);
	video->streaming = true;
}

void video_stop(struct video *video)
{
	int type = video->type;

	igt_assert_errno(ioctl(video->fd, VIDIOC_STREAMOFF, &type), 0);
	video->streaming = false;
}

unsigned int video_dequeue(struct video *video, uint32_t *offsets)
{
	struct pollfd pollfd = { .fd = video->fd,
				 .events = video_is_output(video) ? POLLOUT : POLLIN };
	struct picture_buffer picture;

	igt_assert_f(poll(&pollfd, 1, SCREEN_PATIENCE_MS) == 1, "no frame came\n");
	fill_buffer(video, 0, NULL, &picture);
	igt_assert_errno(ioctl(video->fd, VIDIOC_DQBUF, &picture.buffer), 0);
	igt_assert(!(picture.buffer.flags & V4L2_BUF_FLAG_ERROR));
	for (unsigned int i = 0; offsets && i < video->num_planes; i++)
		offsets[i] = picture.planes[i].data_offset;
	return picture.buffer.index;
}

int video_export(const struct video *video, unsigned int index, unsigned int plane)
{
	struct v4l2_exportbuffer export = {
		.type = video->type,
		.index = index,
		.plane = plane,
		.flags = O_RDWR | O_CLOEXEC,
	};

	igt_assert_errno(ioctl(video->fd, VIDIOC_EXPBUF, &export), 0);
	return export.fd;
}

void *video_map(const struct video *video, unsigned int index, unsigned int plane)
{
	struct picture_buffer picture;
	uint32_t offset;
	void *map;

	fill_buffer(video, index, NULL, &picture);
	igt_assert_errno(ioctl(video->fd, VIDIOC_QUERYBUF, &picture.buffer), 0);
	offset = is_planar(video) ? picture.planes[plane].m.mem_offset : picture.buffer.m.offset;
	map = mmap(NULL, video->size[plane], PROT_READ | PROT_WRITE, MAP_SHARED, video->fd, offset);
	igt_assert_f(map != MAP_FAILED, "%s\n", strerror(errno));
	return map;
}
