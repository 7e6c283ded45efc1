// SPDX-License-Identifier: MIT
/*
 * What a frame is: the owner's own buffer where that is the whole picture, else
 * what writeback gives; its cursor, its description.
 */
#include "consumer_subtests.h"

#include <unistd.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

static void direct_native(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame, again;
	int consumer;

	pattern_noise_fb(fb, 1);
	show_only(screen, fb);
	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	igt_assert(frame.flags & VPRIME_CONSUMER_DIRECT);
	igt_assert_eq(frame.num_planes, 1);
	igt_assert_eq(frame.fence_fd, -1);
	igt_assert_eq(frame.modifier, 0);
	igt_assert_eq(frame.hdr, VPRIME_CONSUMER_HDR_NONE);
	igt_assert_eq(frame.planes[0].pitch, fb->layout.pitch[0]);
	/* Exported by the consumer first, it is the same buffer for its owner. */
	igt_assert_eq(dmabuf_inode(frame.planes[0].fd), handle_inode(screen->kms.fd, fb->handle));
	frame_assert_fb(&frame, fb);
	frame_done(consumer, &frame);

	/* Shown once more, it is that dma-buf once more. */
	flip(screen, fb);
	flip_done(screen);
	again = consumer_acquire(consumer);
	igt_assert_eq(dmabuf_inode(again.planes[0].fd), handle_inode(screen->kms.fd, fb->handle));
	igt_assert_eq(again.sequence, frame.sequence + 1);
	igt_assert(again.time_ns > frame.time_ns);
	frame_done(consumer, &again);
	close(consumer);
}

static void direct_import(struct screen *screen)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *fb = screen_fb_slot(screen);
	struct drm_vprime_consumer_acquire frame;
	struct pixel_layout layout;
	struct dumb dumb;
	int dmabuf, consumer;

	igt_require_f(vgem >= 0, "needs vgem\n");
	pixel_layout_fill(&layout, format, 640 * 4, 480);
	dumb = dumb_new(vgem, layout.size);
	dmabuf = prime_export(vgem, dumb.handle, DRM_CLOEXEC);
	igt_assert_eq(kms_fb_import(fb, screen->kms.fd, dmabuf, format, 640, 480, &layout), 0);
	pattern_noise(dumb.map, dumb.size, 2);
	show_only(screen, fb);
	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	igt_assert(frame.flags & VPRIME_CONSUMER_DIRECT);
	igt_assert_eq(dmabuf_inode(frame.planes[0].fd), dmabuf_inode(dmabuf));
	dmabuf_assert_noise(frame.planes[0].fd, dumb.size, 2);
	frame_done(consumer, &frame);
	close(consumer);
	close(dmabuf);
	dumb_free(&dumb);
}

/* Y'CbCr is handed out as it is to those who ask for it, composed to the others. */
static void direct_yuv(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "NV12");
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB8888");
	struct layer layer = layer_new(&screen->kms.primary, fb, 0, 0);
	struct drm_vprime_consumer_acquire frame;
	int yuv, rgb;

	pattern_noise_fb(fb, 3);
	layer.color = &color_readings[3];
	scene_read_back(screen, &layer, 1, read_back);
	yuv = consumer_latest(screen, VPRIME_CONSUMER_YUV, 1000);
	rgb = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(yuv);
	igt_assert(frame.flags & VPRIME_CONSUMER_DIRECT);
	igt_assert_eq(frame.format, fb->format->drm);
	igt_assert_eq(frame.num_planes, 2);
	igt_assert_eq(frame.planes[1].offset, fb->layout.offset[1]);
	igt_assert_eq(dmabuf_inode(frame.planes[0].fd), dmabuf_inode(frame.planes[1].fd));
	igt_assert_eq(frame.encoding, strstr(layer.color->encoding, "709")  ? 1 :
				      strstr(layer.color->encoding, "2020") ? 2 :
									      0);
	igt_assert_eq(frame.range, layer.color->full);
	frame_done(yuv, &frame);
	frame = consumer_acquire(rgb);
	igt_assert(!(frame.flags & VPRIME_CONSUMER_DIRECT));
	frame_assert_fb(&frame, read_back);
	frame_done(rgb, &frame);
	close(yuv);
	close(rgb);
}

static void composed(struct screen *screen)
{
	struct kms_fb *below = screen_picture_fb(screen, "XRGB8888");
	struct kms_fb *above = screen_fb(screen, "ARGB8888", 200, 100);
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB8888");
	struct layer layers[] = { layer_new(&screen->kms.primary, below, 0, 0),
				  layer_new(&screen->kms.overlay[0], above, 50, 60) };
	struct drm_vprime_consumer_acquire frame, same;
	int one, other;

	pattern_noise_fb(below, 4);
	pattern_alpha_ramp(above);
	scene_read_back(screen, layers, 2, read_back);
	one = consumer_latest(screen, 0, 1000);
	other = consumer_queue(screen, 2, 1000);
	frame = consumer_acquire(one);
	same = consumer_acquire(other);
	igt_assert(!(frame.flags & VPRIME_CONSUMER_DIRECT));
	frame_assert_fb(&frame, read_back);
	/* Composed once, for both. */
	igt_assert_eq(same.sequence, frame.sequence);
	igt_assert_eq(dmabuf_inode(same.planes[0].fd), dmabuf_inode(frame.planes[0].fd));
	frame_done(one, &frame);
	frame_assert_fb(&same, read_back);
	frame_done(other, &same);
	close(one);
	close(other);
}

/* One plane that is not the whole, or not opaque, is no picture. */
static void not_direct(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct kms_fb *large = screen_fb(screen, "XRGB8888", 800, 600);
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	struct layer layers[4] = {
		layer_new(&screen->kms.primary, fb, 1, 0),
		layer_new(&screen->kms.primary, fb, 0, -1),
		layer_new(&screen->kms.primary, fb, 0, 0),
		layer_new(&screen->kms.primary, large, 0, 0),
	};

	pattern_noise_fb(fb, 5);
	pattern_noise_fb(large, 6);
	layers[2].alpha = 0x8000;
	layers[3].src_x = 7;
	layers[3].width = 640;
	layers[3].height = 480;
	for (size_t i = 0; i < 4; i++) {
		int consumer;

		scene_read_back(screen, &layers[i], 1, read_back);
		consumer = consumer_latest(screen, 0, 1000);
		frame = consumer_acquire(consumer);
		igt_assert_f(!(frame.flags & VPRIME_CONSUMER_DIRECT), "case %zu\n", i);
		frame_assert_fb(&frame, read_back);
		frame_done(consumer, &frame);
		close(consumer);
	}
}

static void cursor(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct kms_fb *image = screen_fb(screen, "ARGB8888", 64, 64);
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB8888");
	struct layer layers[] = { layer_new(&screen->kms.primary, fb, 0, 0),
				  layer_new(&screen->kms.cursor, image, -5, 9) };
	struct drm_vprime_consumer_acquire with, without;
	int together, separate;

	pattern_noise_fb(fb, 7);
	pattern_plain(image, 0xff112233);
	scene_read_back(screen, layers, 2, read_back);
	together = consumer_latest(screen, 0, 1000);
	separate = consumer_latest(screen, VPRIME_CONSUMER_CURSOR_SEPARATE, 1000);
	with = consumer_acquire(together);
	igt_assert(!(with.flags & (VPRIME_CONSUMER_DIRECT | VPRIME_CONSUMER_CURSOR_VISIBLE)));
	igt_assert_eq(with.cursor.plane.fd, -1);
	frame_assert_fb(&with, read_back);
	without = consumer_acquire(separate);
	igt_assert(without.flags & VPRIME_CONSUMER_DIRECT);
	igt_assert(without.flags & VPRIME_CONSUMER_CURSOR_VISIBLE);
	igt_assert_eq(without.cursor.x, -5);
	igt_assert_eq(without.cursor.y, 9);
	igt_assert_eq(without.cursor.width, 64);
	igt_assert_eq(without.cursor.height, 64);
	igt_assert_eq(without.cursor.format, image->format->drm);
	igt_assert_eq(dmabuf_inode(without.cursor.plane.fd),
		      handle_inode(screen->kms.fd, image->handle));
	frame_assert_fb(&without, fb);
	frame_done(together, &with);
	frame_done(separate, &without);
	close(together);
	close(separate);
}

/* Below the cursor is more than one plane: composed, but without it. */
static void cursor_composed(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct kms_fb *above = screen_fb(screen, "XRGB8888", 100, 100);
	struct kms_fb *image = screen_fb(screen, "ARGB8888", 64, 64);
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB8888");
	struct layer layers[] = { layer_new(&screen->kms.primary, fb, 0, 0),
				  layer_new(&screen->kms.overlay[0], above, 30, 40),
				  layer_new(&screen->kms.cursor, image, 50, 60) };
	struct drm_vprime_consumer_acquire frame;
	int separate;

	pattern_noise_fb(fb, 8);
	pattern_noise_fb(above, 9);
	pattern_plain(image, 0xffeeddcc);
	scene_read_back(screen, layers, 2, read_back);
	scene_show(screen, layers, 3);
	separate = consumer_latest(screen, VPRIME_CONSUMER_CURSOR_SEPARATE, 1000);
	frame = consumer_acquire(separate);
	igt_assert(!(frame.flags & VPRIME_CONSUMER_DIRECT));
	igt_assert_eq(frame.cursor.x, 50);
	frame_assert_fb(&frame, read_back);
	frame_done(separate, &frame);
	close(separate);
}

static const struct subtest subtests[] = {
	{ "direct-native", "A native buffer that is the picture is handed out itself.",
	  direct_native },
	{ "direct-import", "An import is handed out as its exporter's dma-buf.", direct_import },
	{ "direct-yuv", "Y'CbCr is handed out as such only if asked for.", direct_yuv },
	{ "composed", "Else the picture is composed, once for all.", composed },
	{ "composed-cases", "Moved, translucent or cut out, a plane is composed.", not_direct },
	{ "cursor-separate", "The cursor comes apart, as its own buffer.", cursor },
	{ "cursor-separate-composed", "The picture is composed without it.", cursor_composed },
};

void frame_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
