// SPDX-License-Identifier: MIT
/*
 * Frames of the other kinds of vivid on the screen, in every format that both
 * sides speak: planes that lie in buffers of their own, contiguous memory, and
 * the card's own buffers, which the camera fills while they are shown. The first
 * kind, with its own memory, is the business of vprime_vivid.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>

#include "colorimetry.h"
#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "lib/video_control.h"
#include "matrix.h"

#define WIDTH 320
#define HEIGHT 180

/* V4L2's formats with a buffer for each plane, by what they are on the screen. */
static const struct {
	uint32_t v4l2;
	const char *name;
} spread[] = {
	{ V4L2_PIX_FMT_NV12M, "NV12" },
	{ V4L2_PIX_FMT_NV21M, "NV21" },
	{ V4L2_PIX_FMT_NV16M, "NV16" },
	{ V4L2_PIX_FMT_YUV420M, "YUV420" },
};

#define SPREAD (sizeof(spread) / sizeof(spread[0]))

static struct screen screen;
static struct video video;

static const struct pixel_format *format_of(uint32_t v4l2)
{
	for (size_t i = 0; i < SPREAD; i++)
		if (spread[i].v4l2 == v4l2)
			return pixel_format_by_name(spread[i].name);
	return pixel_format_by_v4l2(v4l2);
}

static void start_over(const struct video_kind *kind, uint32_t fourcc)
{
	igt_require_f(screen.kms.num_overlays, "%s has no overlay plane\n", share_driver());
	video_close(&video);
	screen_reset(&screen);
	video_open(&video, kind, false);
	video_still_picture(video.fd);
	video_set_format(&video, fourcc, WIDTH, HEIGHT);
	video_set_rate(&video);
}

static const struct color_reading *color_of(const struct pixel_format *format)
{
	const struct v4l2_pix_format_mplane *planar = &video.format.fmt.pix_mp;
	struct v4l2_pix_format pix = video.format.fmt.pix;
	const struct color_reading *reading;
	struct colorimetry color;

	if (!format->yuv)
		return &color_readings[0];
	if (V4L2_TYPE_IS_MULTIPLANAR(video.type)) {
		pix.colorspace = planar->colorspace;
		pix.ycbcr_enc = planar->ycbcr_enc;
		pix.quantization = planar->quantization;
	}
	igt_assert_eq(colorimetry_from_v4l2(&color, &pix), 0);
	reading = color_reading_find(color.encoding, color.range);
	igt_assert(reading);
	return reading;
}

/* The frame put together by the CPU, for the reference picture. */
static struct kms_fb *copy_frame(const struct pixel_format *format, const uint32_t *offsets)
{
	struct kms_fb *copy = screen_fb(&screen, format->name, WIDTH, HEIGHT);

	for (unsigned int i = 0; i < video.num_planes; i++) {
		uint8_t *map = video_map(&video, 0, i);
		size_t size = copy->layout.size;

		if (video.num_planes > 1) {
			igt_assert_eq(video.pitch[i], copy->layout.pitch[i]);
			size = (size_t)video.pitch[i] * pixel_plane_height(format, i, HEIGHT);
		}
		igt_assert(offsets[i] + size <= video.size[i]);
		memcpy((uint8_t *)copy->map + (video.num_planes > 1 ? copy->layout.offset[i] : 0),
		       map + offsets[i], size);
		munmap(map, video.size[i]);
	}
	return copy;
}

/* A framebuffer whose planes lie in as many dma-bufs as the camera has for them. */
static struct kms_fb *import_frame(const struct pixel_format *format, const uint32_t *offsets)
{
	uint32_t handles[4] = {}, pitches[4] = {}, starts[4] = {}, imported[VIDEO_PLANES];
	struct kms_fb *fb = screen_fb_slot(&screen);
	struct pixel_layout layout;

	pixel_layout_fill(&layout, format, video.pitch[0], HEIGHT);
	for (unsigned int i = 0; i < video.num_planes; i++) {
		int fd = video_export(&video, 0, i);

		imported[i] = prime_import(screen.kms.fd, fd);
		close(fd);
	}
	for (int i = 0; i < format->num_planes; i++) {
		bool own = video.num_planes > 1;

		handles[i] = imported[own ? i : 0];
		pitches[i] = own ? video.pitch[i] : layout.pitch[i];
		starts[i] = own ? offsets[i] : offsets[0] + layout.offset[i];
	}
	*fb = (struct kms_fb){
		.card = screen.kms.fd,
		.handle = imported[0],
		.format = format,
		.width = WIDTH,
		.height = HEIGHT,
		.layout = layout,
	};
	igt_assert_errno(drmModeAddFB2(screen.kms.fd, WIDTH, HEIGHT, format->drm, handles, pitches,
				       starts, &fb->id, 0),
			 0);
	for (unsigned int i = 1; i < video.num_planes; i++)
		gem_close(screen.kms.fd, imported[i]);
	return fb;
}

static void check_shown(struct kms_fb *fb, struct kms_fb *pixels)
{
	struct layer layer = layer_new(&screen.kms.overlay[0], fb, 33, 44);
	struct kms_fb *read_back = screen_picture_fb(&screen, "XRGB8888");
	struct picture picture;

	layer.color = color_of(fb->format);
	layer.blend = BLEND_NONE;
	scene_read_back(&screen, &layer, 1, read_back);
	layer.fb = pixels;
	picture = scene_compose(&screen, &layer, 1);
	picture_assert_in_fb(&picture, read_back, fb->format->yuv ? 1 : 0);
	picture_free(&picture);
}

static void from_camera(const struct video_kind *kind, uint32_t fourcc)
{
	const struct pixel_format *format = format_of(fourcc);
	uint32_t offsets[VIDEO_PLANES] = {};

	start_over(kind, fourcc);
	video_allocate(&video, V4L2_MEMORY_MMAP, 2);
	video_queue(&video, 0, NULL);
	video_start(&video);
	igt_assert_eq(video_dequeue(&video, offsets), 0);
	check_shown(import_frame(format, offsets), copy_frame(format, offsets));
	video_stop(&video);
}

/* Empty first; then the camera writes into what is on the screen. */
static void into_shown(const struct video_kind *kind, uint32_t fourcc)
{
	const struct pixel_format *format = format_of(fourcc);
	struct kms_fb *fb;
	struct layer layer;
	int fd;

	start_over(kind, fourcc);
	fb = screen_fb(&screen, format->name, WIDTH, HEIGHT);
	igt_assert_eq(video.pitch[0], fb->layout.pitch[0]);
	layer = layer_new(&screen.kms.overlay[0], fb, 33, 44);
	scene_show(&screen, &layer, 1);
	fd = prime_export(screen.kms.fd, fb->handle, DRM_CLOEXEC | DRM_RDWR);
	video_allocate(&video, V4L2_MEMORY_DMABUF, 2);
	video_queue(&video, 0, &fd);
	close(fd);
	memset(fb->map, 0, fb->layout.size);
	video_start(&video);
	igt_assert_eq(video_dequeue(&video, NULL), 0);
	igt_assert(((uint8_t *)fb->map)[fb->layout.size / 2]);
	check_shown(fb, fb);
	video_stop(&video);
}

/* What the screen shows is put out, from the buffer that writeback writes into. */
static void writeback_to_output(void)
{
	static struct user user = { .importer = &importer_output };
	struct kms_fb *shown, *target;
	struct layer layer;
	int fd;

	/* One that failed before left them open. */
	video_close(&user.video);
	video_close(&user.loop);
	screen_reset(&screen);
	user.importer->open(&user);
	shown = screen_picture_fb(&screen, "XRGB8888");
	target = screen_picture_fb(&screen, "XRGB8888");
	layer = layer_new(&screen.kms.primary, shown, 0, 0);
	fd = prime_export(screen.kms.fd, target->handle, DRM_CLOEXEC | DRM_RDWR);
	igt_assert_eq(user.importer->import(&user, fd), 0);
	close(fd);
	for (unsigned int turn = 1; turn < 4; turn++) {
		share_noise(shown->map, turn);
		scene_read_back(&screen, &layer, 1, target);
		user.importer->look(&user, shown->map);
	}
	user.importer->drop(&user);
	user.importer->close(&user);
}

/* What vivid calls it in a name; the M of several buffers is in the fourcc's table. */
static void format_name(char *name, size_t size, const char *kind, uint32_t fourcc)
{
	bool own = !pixel_format_by_v4l2(fourcc);

	snprintf(name, size, "%s-%s%s", kind, format_of(fourcc)->name, own ? "M" : "");
}

static void each_format(const char *name, const struct video_kind *kind,
			void (*run)(const struct video_kind *kind, uint32_t fourcc))
{
	char dynamic[64];
	uint32_t fourcc;

	video_close(&video);
	video_open(&video, kind, false);
	for (unsigned int i = 0; (fourcc = video_format_at(&video, i)); i++) {
		if (!format_of(fourcc) ||
		    (run == into_shown && !pixel_format_by_v4l2(fourcc)))
			continue;
		format_name(dynamic, sizeof(dynamic), name, fourcc);
		igt_dynamic(dynamic)
		{
			run(kind, fourcc);
		}
		video_close(&video);
		video_open(&video, kind, false);
	}
	video_close(&video);
}

static const struct video_kind scattered, planar = { .planar = true },
					  contiguous = { .contiguous = true };

void format_subtests(void)
{
	igt_fixture
	{
		screen_open_driver(&screen, share_driver(), 0);
	}

	igt_describe("Frames of a camera with a buffer for each plane, as planes of one picture.");
	igt_subtest_with_dynamic("format-planar")
		each_format("planar", &planar, from_camera);
	igt_describe("Frames of a camera with contiguous memory.");
	igt_subtest_with_dynamic("format-contig")
		each_format("contig", &contiguous, from_camera);
	igt_describe("Frames that the camera writes into a buffer which is on the screen.");
	igt_subtest_with_dynamic("format-into")
		each_format("into", &scattered, into_shown);
	igt_describe("The same by the multiplanar API.");
	igt_subtest_with_dynamic("format-into-planar")
		each_format("into-planar", &planar, into_shown);
	igt_describe("The screen is written into a buffer that vivid puts out.");
	igt_subtest("writeback-to-output")
		writeback_to_output();

	igt_fixture
	{
		screen_close(&screen);
	}
}
