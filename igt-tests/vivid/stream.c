// SPDX-License-Identifier: MIT
/*
 * What the camera does with a buffer while it is on the screen, and a stream as
 * the demo has it.
 */
#include "vivid_subtests.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "capture.h"
#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

static struct capture capture;

static struct layer frame_layer(struct screen *screen, unsigned int index)
{
	struct layer layer = layer_new(&screen->kms.overlay[0],
				       capture_fb(screen, &capture, index), 64, 32);

	layer.color = capture_color(&capture);
	return layer;
}

static struct layer first_frame(struct screen *screen, unsigned int *index)
{
	struct layer layer;

	capture_open(&capture);
	capture_start(&capture, pixel_format_by_name("NV12"));
	*index = capture_frame(&capture);
	layer = frame_layer(screen, *index);
	scene_check(screen, &layer, 1, "XRGB8888", 1);
	return layer;
}

/* Keeps the pixels apart from the camera, for when its buffers go. */
static void keep_pixels(struct layer *layer, struct kms_fb *copy)
{
	*copy = *layer->fb;
	copy->map = malloc(copy->layout.size);
	igt_assert(copy->map);
	memcpy(copy->map, layer->fb->map, copy->layout.size);
	layer->fb = copy;
}

/* It is the buffer that stays on the screen, not a copy of its last picture. */
static void stream_stopped(struct screen *screen)
{
	unsigned int index;
	struct layer layer = first_frame(screen, &index);
	struct kms_fb kept;

	keep_pixels(&layer, &kept);
	igt_assert_eq(camera_stop(&capture.camera), 0);
	scene_check_shown(screen, &layer, 1, "XRGB8888", 1);
	free(kept.map);
	capture_close(&capture);
}

static void buffers_freed(struct screen *screen)
{
	struct v4l2_requestbuffers none = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
					    .memory = V4L2_MEMORY_MMAP };
	unsigned int index;
	struct layer layer = first_frame(screen, &index);
	struct kms_fb *fb = capture.fbs[index], kept;

	keep_pixels(&layer, &kept);
	igt_assert_eq(camera_stop(&capture.camera), 0);
	munmap(fb->map, fb->layout.size);
	fb->map = NULL;
	igt_assert_errno(ioctl(capture.camera.fd, VIDIOC_REQBUFS, &none), 0);
	scene_check_shown(screen, &layer, 1, "XRGB8888", 1);

	/* New buffers have nothing to do with the one that is shown. */
	igt_assert_eq(camera_allocate(&capture.camera, 4), 0);
	capture_choose(&capture, "Test Pattern", "100% Red");
	igt_assert_eq(camera_start(&capture.camera), 0);
	capture_frame(&capture);
	scene_check_shown(screen, &layer, 1, "XRGB8888", 1);
	free(kept.map);
	capture_close(&capture);
}

static void camera_closed(struct screen *screen)
{
	unsigned int index;
	struct layer layer = first_frame(screen, &index);
	struct kms_fb *fb = capture.fbs[index], kept;

	keep_pixels(&layer, &kept);
	munmap(fb->map, fb->layout.size);
	fb->map = NULL;
	capture_close(&capture);
	scene_check_shown(screen, &layer, 1, "XRGB8888", 1);
	free(kept.map);
}

/*
 * A careless program: the camera writes into the buffer while it is shown. That
 * may tear but must do no harm, and when the frame is done it is on the screen.
 */
static void requeued(struct screen *screen)
{
	static const char *const patterns[] = { "100% Red", "Gray Ramp", "100% Colorbar" };
	struct kms_fb *read_back;
	unsigned int index;
	struct layer layer = first_frame(screen, &index);

	read_back = screen_picture_fb(screen, "XRGB8888");
	for (int i = 0; i < 3; i++) {
		capture_choose(&capture, "Test Pattern", patterns[i]);
		igt_assert_eq(camera_queue(&capture.camera, index), 0);
		for (unsigned int next = ~0u; next != index;) {
			screen_read_back(screen, read_back);
			next = capture_frame(&capture);
			if (next != index)
				igt_assert_eq(camera_queue(&capture.camera, next), 0);
		}
		scene_check_shown(screen, &layer, 1, "XRGB8888", 1);
	}
	capture_close(&capture);
}

/* Frames go over the screen and back; each that is looked at is the right one. */
static void streamed(struct screen *screen)
{
	static const char *const patterns[] = { "100% Red", "100% Green", "100% Blue" };
	int shown = -1;

	capture_open(&capture);
	capture_start(&capture, pixel_format_by_name("YUYV"));
	for (int i = 0; i < 15; i++) {
		unsigned int index = capture_frame(&capture);
		struct layer layer = frame_layer(screen, index);

		if (i % 5 == 4)
			scene_check(screen, &layer, 1, "XRGB8888", 1);
		else
			scene_show(screen, &layer, 1);
		if (shown >= 0)
			igt_assert_eq(camera_queue(&capture.camera, shown), 0);
		capture_choose(&capture, "Test Pattern", patterns[i % 3]);
		shown = index;
	}
	capture_close(&capture);
}

/* One buffer, two importers. */
static void two_screens(struct screen *screen)
{
	static struct screen second;
	struct screen *screens[] = { screen, &second };
	const struct kms_fb *fb;
	struct layer layer;
	unsigned int index;
	struct kms_fb *other;

	if (second.kms.fd > 0)
		kms_device_close(&second.kms);
	screen_open(&second, 1);
	layer = first_frame(screen, &index);
	fb = layer.fb;
	other = screen_fb_slot(&second);
	igt_assert_eq(kms_fb_import(other, second.kms.fd, capture.camera.buffers[index].dmabuf,
				    fb->format, fb->width, fb->height, &fb->layout),
		      0);
	igt_assert_eq(handle_inode(second.kms.fd, other->handle),
		      handle_inode(screen->kms.fd, fb->handle));

	other->map = fb->map;
	for (int i = 0; i < 2; i++) {
		layer.plane = &screens[i]->kms.overlay[1];
		layer.fb = i ? other : fb;
		scene_check(screens[i], &layer, 1, "XRGB8888", 1);
	}
	other->map = NULL;
	capture_close(&capture);
	screen_close(&second);
}

static const struct subtest subtests[] = {
	{ "stream-stop", "STREAMOFF leaves the frame on the screen.", stream_stopped },
	{ "buffers-freed", "REQBUFS(0) leaves the frame on the screen.", buffers_freed },
	{ "camera-closed", "Closing the camera leaves the frame on the screen.", camera_closed },
	{ "requeue", "A buffer that is filled again while it is shown does no harm.", requeued },
	{ "stream", "Frames on the screen in turn, buffers back to the camera.", streamed },
	{ "two-screens", "One frame on two screens at once.", two_screens },
};

void stream_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
