// SPDX-License-Identifier: MIT
/*
 * V4L2's doors: a camera whose buffers are exported, one that captures into
 * somebody else's, and an output that shows somebody else's to a camera which is
 * wired to it.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/v4l2-dv-timings.h>

#include "igt_api.h"
#include "lib/video_control.h"
#include "share.h"

/* What V4L2 calls XRGB8888. */
#define FORMAT V4L2_PIX_FMT_XBGR32

static const char *const patterns[] = { "CSC Colorbar", "Gray Ramp", "100% Colorbar" };

#define PATTERNS (sizeof(patterns) / sizeof(patterns[0]))

static void open_camera(struct video *video, const struct video_kind *kind)
{
	video_open(video, kind, false);
	video_still_picture(video->fd);
	video_set_format(video, FORMAT, SHARE_WIDTH, SHARE_HEIGHT);
	video_set_rate(video);
	igt_assert_eq(video->num_planes, 1);
	igt_assert_eq(video->size[0], SHARE_SIZE);
}

/* One frame into the first buffer, which may be an own one or an import. */
static void take_frame(struct video *video, unsigned int turn)
{
	video_choose(video->fd, "Test Pattern", patterns[turn % PATTERNS]);
	video_start(video);
	igt_assert_eq(video_dequeue(video, NULL), 0);
	video_stop(video);
}

void make_camera(struct source *source)
{
	struct video *video = &source->video;

	open_camera(video, &source->exporter->kind);
	video_allocate(video, V4L2_MEMORY_MMAP, 2);
	source->map = video_map(video, 0, 0);
	source->fd = video_export(video, 0, 0);
	source->device = video->fd;
}

void fill_camera(struct source *source, unsigned int turn)
{
	video_queue(&source->video, 0, NULL);
	take_frame(&source->video, turn);
}

static int expbuf(const struct video *video, uint32_t index, uint32_t plane, uint32_t flags)
{
	struct v4l2_exportbuffer export = {
		.type = video->type,
		.index = index,
		.plane = plane,
		.flags = flags,
		.fd = -1,
	};
	int ret = ioctl(video->fd, VIDIOC_EXPBUF, &export);

	igt_assert_eq(export.fd, -1);
	return ret;
}

void refuse_camera(struct source *source)
{
	struct video closed = source->video;

	igt_assert_errno(expbuf(&source->video, 0, 0, O_APPEND), EINVAL);
	igt_assert_errno(expbuf(&source->video, 77, 0, O_RDWR), EINVAL);
	igt_assert_errno(expbuf(&source->video, 0, 1, O_RDWR), EINVAL);
	closed.type = V4L2_BUF_TYPE_VBI_CAPTURE;
	igt_assert_errno(expbuf(&closed, 0, 0, O_RDWR), EINVAL);
	closed = source->video;
	closed.fd = fcntl(source->video.fd, F_DUPFD_CLOEXEC, 0);
	close(closed.fd);
	igt_assert_errno(expbuf(&closed, 0, 0, O_RDWR), EBADF);
}

void close_camera(struct source *source)
{
	munmap(source->map, SHARE_SIZE);
	video_close(&source->video);
}

/*
 * What the camera draws: the same pattern in its own memory, kept for the next
 * time. The picture stands still, so each frame of a pattern is the same.
 */
static const uint32_t *reference(const struct video_kind *kind, unsigned int turn)
{
	static uint32_t *kept[PATTERNS];
	uint32_t **frame = &kept[turn % PATTERNS];
	struct source source = { .exporter = &(struct exporter){ .kind = *kind } };

	if (*frame)
		return *frame;
	make_camera(&source);
	fill_camera(&source, turn);
	*frame = malloc(SHARE_SIZE);
	igt_assert(*frame);
	memcpy(*frame, source.map, SHARE_SIZE);
	close(source.fd);
	close_camera(&source);
	return *frame;
}

static void open_capture(struct user *user)
{
	/* A camera has one program that streams, so they come before. */
	for (unsigned int turn = 0; turn < PATTERNS; turn++)
		reference(&user->importer->kind, turn);
	open_camera(&user->video, &user->importer->kind);
	user->device = user->video.fd;
	video_allocate(&user->video, V4L2_MEMORY_DMABUF, 2);
}

static int import_video(struct user *user, int fd)
{
	return __video_queue(&user->video, 0, &fd);
}

static void draw_capture(struct user *user, unsigned int turn, uint32_t *drawn)
{
	take_frame(&user->video, turn);
	memcpy(drawn, reference(&user->importer->kind, turn), SHARE_SIZE);
}

/* Stopping gives back what was queued; without buffers nothing is imported. */
static void drop_video(struct user *user)
{
	video_stop(&user->video);
	video_allocate(&user->video, V4L2_MEMORY_DMABUF, 0);
	video_allocate(&user->video, V4L2_MEMORY_DMABUF, 2);
}

static int no_fd_of_video(struct user *user)
{
	(void)user;
	return -1;
}

static void close_video(struct user *user)
{
	video_close(&user->video);
	video_close(&user->loop);
}

#define CAPTURE_DOORS                                                                    \
	.no_fd = EINVAL, .no_dmabuf = EINVAL, .too_small = EINVAL, .open = open_capture, \
	.import = import_video, .draw = draw_capture,                                    \
	.fd = no_fd_of_video, .drop = drop_video, .close = close_video

const struct importer importer_capture = {
	.name = "capture",
	.about = "vivid, capturing into it (vmalloc)",
	CAPTURE_DOORS,
};

const struct importer importer_capture_planar = {
	.name = "capture-planar",
	.about = "the same in the multiplanar API",
	.kind = { .planar = true },
	CAPTURE_DOORS,
};

const struct importer importer_capture_contiguous = {
	.name = "capture-contig",
	.about = "vivid, capturing into it (dma-contig: wants it in one piece)",
	.kind = { .contiguous = true },
	.refuses = EFAULT,
	CAPTURE_DOORS,
};

/* The first HDMI connector, in or out; its number goes to @select. */
static void select_hdmi(int fd, bool output, unsigned long select)
{
	struct v4l2_output out = {};
	struct v4l2_input in = {};

	for (unsigned int i = 0; i < 16; i++) {
		int index = i;
		const void *name = output ? out.name : in.name;

		out.index = i;
		in.index = i;
		if (output ? ioctl(fd, VIDIOC_ENUMOUTPUT, &out) : ioctl(fd, VIDIOC_ENUMINPUT, &in))
			break;
		if (strncmp(name, "HDMI", 4))
			continue;
		igt_assert_errno(ioctl(fd, select, &index), 0);
		return;
	}
	igt_assert_f(false, "vivid has no HDMI\n");
}

static void set_hdmi_size(struct video *video)
{
	struct v4l2_dv_timings timings = V4L2_DV_BT_CEA_640X480P59_94;

	igt_assert_errno(ioctl(video->fd, VIDIOC_S_DV_TIMINGS, &timings), 0);
	video_set_format(video, FORMAT, SHARE_WIDTH, SHARE_HEIGHT);
	igt_assert_eq(video->size[0], SHARE_SIZE);
}

/*
 * A cable from the output to the camera's HDMI input. It stays: vivid takes a
 * while to notice that one was pulled, and may then drop the next one.
 */
static void open_output(struct user *user)
{
	video_open(&user->video, &user->importer->kind, true);
	video_open(&user->loop, &user->importer->kind, false);
	user->device = user->video.fd;
	video_still_picture(user->loop.fd);
	select_hdmi(user->video.fd, true, VIDIOC_S_OUTPUT);
	select_hdmi(user->loop.fd, false, VIDIOC_S_INPUT);
	video_connect(user->loop.fd, "HDMI 000-0 Is Connected To", "Output HDMI 000-0");
	set_hdmi_size(&user->video);
	set_hdmi_size(&user->loop);
	video_allocate(&user->video, V4L2_MEMORY_DMABUF, 2);
	video_allocate(&user->loop, V4L2_MEMORY_MMAP, 2);
	user->map = video_map(&user->loop, 0, 0);
}

/* vivid keeps the last picture that was queued, and puts it out again and again. */
static void look_output(struct user *user, const uint32_t *expected)
{
	if (!user->video.streaming)
		video_start(&user->video);
	memset(user->map, 0x5a, SHARE_SIZE);
	video_queue(&user->loop, 0, NULL);
	video_start(&user->loop);
	igt_assert_eq(video_dequeue(&user->loop, NULL), 0);
	video_stop(&user->loop);
	share_assert_same(user->map, expected, "through the cable");
}

static void close_output(struct user *user)
{
	munmap(user->map, SHARE_SIZE);
	close_video(user);
}

const struct importer importer_output = {
	.name = "output",
	.about = "vivid, putting it out to its own input (vmalloc)",
	.no_fd = EINVAL,
	.no_dmabuf = EINVAL,
	.too_small = EINVAL,
	.open = open_output,
	.import = import_video,
	.look = look_output,
	.fd = no_fd_of_video,
	.drop = drop_video,
	.close = close_output,
};
