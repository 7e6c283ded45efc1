// SPDX-License-Identifier: MIT
/*
 * The camera of the tests: vivid with a still picture.
 */
#include "capture.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "colorimetry.h"
#include "igt_api.h"
#include "lib/video_control.h"

#define BUFFERS 4

void capture_choose(struct capture *capture, const char *name, const char *item)
{
	video_choose(capture->camera.fd, name, item);
}

void capture_open(struct capture *capture)
{
	if (capture->camera.fd > 0)
		capture_close(capture);
	memset(capture, 0, sizeof(*capture));
	igt_assert_eq(camera_open(&capture->camera, "vivid"), 0);
	video_still_picture(capture->camera.fd);
}

void capture_close(struct capture *capture)
{
	camera_close(&capture->camera);
}

void capture_start(struct capture *capture, const struct pixel_format *format)
{
	struct camera *camera = &capture->camera;

	igt_assert_eq(camera_set_format(camera, format, CAPTURE_WIDTH, CAPTURE_HEIGHT), 0);
	igt_assert_eq(camera_set_rate(camera, 25), 0);
	igt_assert_eq(camera_allocate(camera, BUFFERS), 0);
	igt_assert_eq(camera_start(camera), 0);
}

unsigned int capture_frame(struct capture *capture)
{
	int index = camera_dequeue(&capture->camera, SCREEN_PATIENCE_MS);

	igt_assert(index >= 0);
	return index;
}

struct kms_fb *capture_fb(struct screen *screen, struct capture *capture, unsigned int index)
{
	struct camera *camera = &capture->camera;
	struct camera_buffer *buffer = &camera->buffers[index];
	struct kms_fb *fb = capture->fbs[index];

	if (fb)
		return fb;
	igt_assert_eq(camera_export(camera, index), 0);
	fb = screen_fb_slot(screen);
	igt_assert_eq(kms_fb_import(fb, screen->kms.fd, buffer->dmabuf, camera->format,
				    camera->pix.width, camera->pix.height, &camera->layout),
		      0);
	fb->map = mmap(NULL, fb->layout.size, PROT_READ | PROT_WRITE, MAP_SHARED, camera->fd,
		       buffer->offset);
	igt_assert(fb->map != MAP_FAILED);
	capture->fbs[index] = fb;
	return fb;
}

const struct color_reading *capture_color(const struct capture *capture)
{
	const struct color_reading *reading = &color_readings[0];
	struct colorimetry color;

	if (!capture->camera.format->yuv)
		return reading;
	igt_assert_eq(colorimetry_from_v4l2(&color, &capture->camera.pix), 0);
	reading = color_reading_find(color.encoding, color.range);
	igt_assert(reading);
	return reading;
}
