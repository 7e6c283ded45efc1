// SPDX-License-Identifier: MIT
/*
 * A frame of the camera on the screen is the frame: in each format that both
 * sides speak, and with each way to code colours.
 */
#include "vivid_subtests.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "capture.h"
#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/scene.h"

static struct capture capture;

/* A buffer of vgem's below the frame, as in the demo. */
static struct layer backdrop(struct screen *screen, int vgem)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *fb = screen_fb_slot(screen);
	struct pixel_layout layout;
	struct dumb dumb;
	int dmabuf;

	pixel_layout_fill(&layout, format, 640 * 4, 480);
	dumb = dumb_new(vgem, layout.size);
	pattern_noise(dumb.map, layout.size, 100);
	dmabuf = prime_export(vgem, dumb.handle, DRM_CLOEXEC);
	igt_assert_eq(kms_fb_import(fb, screen->kms.fd, dmabuf, format, 640, 480, &layout), 0);
	close(dmabuf);
	gem_close(vgem, dumb.handle);
	/* The mapping keeps the pixels; screen_reset() ends it with the framebuffer. */
	fb->map = dumb.map;
	return layer_new(&screen->kms.primary, fb, 0, 0);
}

static void check_shared(const struct screen *screen, const struct kms_fb *fb,
			 const struct camera_buffer *buffer)
{
	igt_assert_eq(handle_inode(screen->kms.fd, fb->handle), dmabuf_inode(buffer->dmabuf));
}

/* Bars have every hue, the ramp every level of grey. */
static void format_on_screen(struct screen *screen, const struct pixel_format *format, int vgem)
{
	static const char *const patterns[] = { "CSC Colorbar", "Gray Ramp", "Noise" };
	struct layer layers[2];
	unsigned int index;

	for (int i = 0; i < 3; i++) {
		screen_reset(screen);
		capture_open(&capture);
		capture_choose(&capture, "Test Pattern", patterns[i]);
		capture_start(&capture, format);
		index = capture_frame(&capture);
		layers[0] = backdrop(screen, vgem);
		layers[1] = layer_new(&screen->kms.overlay[0],
				      capture_fb(screen, &capture, index), 101, 75);
		layers[1].blend = BLEND_NONE;
		layers[1].color = capture_color(&capture);
		check_shared(screen, layers[1].fb, &capture.camera.buffers[index]);
		scene_check(screen, layers, 2, "XRGB8888", format->yuv ? 1 : 0);
	}
	capture_close(&capture);
}

/* What vivid offers, one after the other, as far as the table knows it. */
static void each_format(struct screen *screen)
{
	int vgem = drm_open_card("vgem", 0);
	struct v4l2_fmtdesc desc = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE };

	igt_require_f(vgem >= 0, "needs vgem\n");
	capture_open(&capture);
	for (; !ioctl(capture.camera.fd, VIDIOC_ENUM_FMT, &desc); desc.index++) {
		const struct pixel_format *format = pixel_format_by_v4l2(desc.pixelformat);

		if (!format)
			continue;
		igt_dynamic(format->name)
		{
			format_on_screen(screen, format, vgem);
		}
		capture_open(&capture);
	}
	capture_close(&capture);
	close(vgem);
}

/* The list of what is tested can't grow short in silence. */
static void offers_formats(struct screen *screen)
{
	(void)screen;
	capture_open(&capture);
	for (size_t i = 0; i < pixel_format_count; i++)
		if (pixel_formats[i].v4l2)
			igt_assert_eq(camera_set_format(&capture.camera, &pixel_formats[i],
							CAPTURE_WIDTH, CAPTURE_HEIGHT),
				      0);
	capture_close(&capture);
}

/* The bars of "100% Colorbar", from the left. */
static const uint32_t bars[] = {
	0xffffff,
	0xffff00,
	0x00ffff,
	0x00ff00,
	0xff00ff,
	0xff0000,
	0x0000ff,
	0x000000,
};

static void assert_near(uint32_t seen, uint32_t expected, int bar)
{
	for (int shift = 0; shift < 24; shift += 8) {
		int difference = abs((int)(seen >> shift & 255) - (int)(expected >> shift & 255));

		igt_assert_f(difference <= 5, "bar %d: %06x, expected %06x\n", bar,
			     seen & 0xffffff, expected);
	}
}

/*
 * The frame coded by vivid, told by V4L2, set on the plane and decoded by vprime
 * has to have the colours of the pattern again, but for what 8 bits lose: vivid
 * cuts samples short, and a step of Cb is nearly two of blue.
 */
static void coding_on_screen(struct screen *screen, const char *encoding, const char *range)
{
	const int width = CAPTURE_WIDTH / 8;
	struct kms_fb *read_back;
	struct layer layer;

	screen_reset(screen);
	capture_open(&capture);
	capture_choose(&capture, "Test Pattern", "100% Colorbar");
	capture_choose(&capture, "Y'CbCr Encoding", encoding);
	capture_choose(&capture, "Quantization", range);
	capture_start(&capture, pixel_format_by_name("NV12"));
	layer = layer_new(&screen->kms.overlay[0],
			  capture_fb(screen, &capture, capture_frame(&capture)), 0, 0);
	layer.color = capture_color(&capture);
	igt_info("read as %s, %s\n", layer.color->encoding, layer.color->range);
	scene_check(screen, &layer, 1, "XRGB8888", 1);

	read_back = screen_picture_fb(screen, "XRGB8888");
	screen_read_back(screen, read_back);
	for (int i = 0; i < 8; i++)
		assert_near(((uint32_t *)read_back->map)[640 * 90 + i * width + width / 2],
			    bars[i], i);
	capture_close(&capture);
}

static void each_coding(struct screen *screen)
{
	static const struct {
		const char *name, *encoding, *range;
	} codings[] = {
		{ "default", "Default", "Default" },
		{ "601-limited", "ITU-R 601", "Limited Range" },
		{ "601-full", "ITU-R 601", "Full Range" },
		{ "709-limited", "Rec. 709", "Limited Range" },
		{ "709-full", "Rec. 709", "Full Range" },
		{ "2020-limited", "BT.2020", "Limited Range" },
		{ "2020-full", "BT.2020", "Full Range" },
	};

	for (size_t i = 0; i < sizeof(codings) / sizeof(codings[0]); i++)
		igt_dynamic(codings[i].name)
			coding_on_screen(screen, codings[i].encoding, codings[i].range);
}

void picture_subtests(struct screen *screen)
{
	igt_describe("vivid offers every format that the table has a V4L2 name for.");
	igt_subtest("formats-offered")
		offers_formats(screen);
	igt_describe("A frame above a buffer of vgem's, in each format that both sides speak.");
	igt_subtest_with_dynamic("formats")
		each_format(screen);
	igt_describe("The colours of a pattern come out whichever way they were coded.");
	igt_subtest_with_dynamic("colors")
		each_coding(screen);
}
