// SPDX-License-Identifier: MIT
/*
 * Framebuffers whose last byte is the last of their buffer: behind it the kernel has
 * nothing mapped, so a byte too much that is read is an oops. Each plane of each format
 * lies there in turn, in odd sizes and in both layouts.
 */
#include "kms_subtests.h"

#include <stdlib.h>
#include <sys/mman.h>

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/crc.h"
#include "lib/made_mode.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "lib/tiles.h"

#define PAGE 4096

static uint32_t round_to(uint32_t value, uint32_t step)
{
	return (value + step - 1) / step * step;
}

static uint32_t line_bytes(const struct kms_fb *fb, int plane)
{
	return pixel_plane_width(fb->format, plane, fb->width) * fb->format->cpp[plane];
}

/* The plane @last ends where the buffer does, the others lie one behind the other. */
static void lay_out(struct kms_fb *fb, int last, bool tiled)
{
	uint32_t used = 0, bytes[PIXEL_MAX_PLANES];

	for (int i = 0; i < fb->format->num_planes; i++) {
		uint32_t lines = pixel_plane_height(fb->format, i, fb->height);

		fb->layout.pitch[i] = round_to(line_bytes(fb, i), tiled ? 128 : 1);
		bytes[i] = fb->layout.pitch[i] * round_to(lines, tiled ? 32 : 1);
		fb->layout.offset[i] = used;
		used += i == last ? 0 : bytes[i];
	}
	fb->layout.size = round_to(used + bytes[last], PAGE);
	fb->layout.offset[last] = fb->layout.size - bytes[last];
}

static void allocate(struct kms_fb *fb)
{
	uint64_t offset, size;
	uint32_t pitch;

	igt_assert_errno(drmModeCreateDumbBuffer(fb->card, PAGE, fb->layout.size / PAGE, 8, 0,
						 &fb->handle, &pitch, &size),
			 0);
	igt_assert_errno(drmModeMapDumbBuffer(fb->card, fb->handle, &offset), 0);
	fb->map = mmap(NULL, fb->layout.size, PROT_READ | PROT_WRITE, MAP_SHARED, fb->card, offset);
	igt_assert(fb->map != MAP_FAILED);
}

/* 0 or the errno. */
static int add(const struct kms_fb *fb, bool tiled, uint32_t *id)
{
	uint32_t handles[4] = {}, pitches[4] = {}, offsets[4] = {};

	if (tiled)
		return tiles_add_fb(fb->card, fb, fb->handle, id);
	for (int i = 0; i < fb->format->num_planes; i++) {
		handles[i] = fb->handle;
		pitches[i] = fb->layout.pitch[i];
		offsets[i] = fb->layout.offset[i];
	}
	return drmModeAddFB2(fb->card, fb->width, fb->height, fb->format->drm, handles, pitches,
			     offsets, id, 0) ?
		       errno :
		       0;
}

static void put(const struct kms_fb *fb, const struct kms_fb *linear, bool tiled)
{
	if (tiled) {
		tiles_put(fb, linear);
		return;
	}
	for (int i = 0; i < fb->format->num_planes; i++)
		for (uint32_t y = 0; y < pixel_plane_height(fb->format, i, fb->height); y++)
			memcpy((uint8_t *)fb->map + fb->layout.offset[i] +
				       y * fb->layout.pitch[i],
			       (uint8_t *)linear->map + linear->layout.offset[i] +
				       y * linear->layout.pitch[i],
			       line_bytes(fb, i));
}

static void assert_refused(const struct kms_fb *good, bool tiled, int plane, uint32_t pitch,
			   uint32_t offset)
{
	struct kms_fb fb = *good;
	uint32_t id;

	fb.layout.pitch[plane] = pitch;
	fb.layout.offset[plane] = offset;
	igt_assert_f(add(&fb, tiled, &id) == EINVAL, "%s %ux%u pitch %u offset %u is taken\n",
		     fb.format->name, fb.width, fb.height, pitch, offset);
}

/* One byte more than there is, and half a pair at the end, are not to be had. */
static void check_refused(const struct kms_fb *fb, bool tiled, int last)
{
	uint32_t pitch = fb->layout.pitch[last], offset = fb->layout.offset[last];
	uint32_t odd = fb->width * fb->format->cpp[0];

	if (tiled) {
		assert_refused(fb, tiled, last, pitch, offset + PAGE);
		assert_refused(fb, tiled, last, pitch + 128, offset);
		return;
	}
	assert_refused(fb, tiled, last, pitch, offset + 1);
	if (last || odd == line_bytes(fb, 0))
		return;
	assert_refused(fb, tiled, 0, odd, fb->layout.size - odd * fb->height);
	assert_refused(fb, tiled, 0, pitch, fb->layout.size - pitch * (fb->height - 1) - odd);
}

/**
 * struct edge - what a row of checks is done with
 * @linear: the same picture, far from the end of its buffer
 * @fb: the picture at the end
 * @read_back: what the screen shows
 */
struct edge {
	struct kms_fb *linear, *fb, *read_back;
	bool tiled;
};

static void check_size(struct screen *screen, struct edge *edge, const struct pixel_format *format,
		       uint32_t width, uint32_t height, int last)
{
	struct picture picture;
	struct kms_fb shown;
	struct layer layer;

	kms_fb_destroy(edge->linear);
	igt_assert_eq(kms_fb_create(edge->linear, screen->kms.fd, format, width, height), 0);
	pattern_noise_fb(edge->linear, width * 31 + height);
	kms_fb_destroy(edge->fb);
	*edge->fb = (struct kms_fb){
		.card = screen->kms.fd,
		.format = format,
		.width = width,
		.height = height,
	};
	lay_out(edge->fb, last, edge->tiled);
	allocate(edge->fb);
	put(edge->fb, edge->linear, edge->tiled);
	check_refused(edge->fb, edge->tiled, last);
	igt_assert_eq(add(edge->fb, edge->tiled, &edge->fb->id), 0);

	shown = tiles_layer_fb(edge->fb, edge->linear);
	layer = layer_new(&screen->kms.overlay[0], &shown, 1, 1);
	layer.blend = BLEND_NONE;
	scene_read_back(screen, &layer, 1, edge->read_back);
	picture = scene_compose(screen, &layer, 1);
	picture_assert_in_fb(&picture, edge->read_back, format->yuv ? 1 : 0);
	if (!format->yuv && width == height)
		igt_assert_eq(crc_read(screen), picture_crc(&picture));
	else if (width == height)
		crc_read(screen);
	picture_free(&picture);
}

/* A small and fast screen, as there are many pictures to be composed. */
static void check_format(struct screen *screen, const struct pixel_format *format, bool tiled)
{
	static drmModeModeInfo mode;
	static const uint32_t linear_sizes[] = { 1, 2, 3, 4, 5 };
	static const uint32_t tiled_sizes[] = { 1, 5, 33, 65 };
	const uint32_t *sizes = tiled ? tiled_sizes : linear_sizes;
	struct edge edge = { .tiled = tiled };
	int count = tiled ? 4 : 5;

	mode = made_mode(tiled ? 68 : 8, tiled ? 68 : 8, 100, 100, 2400);
	screen_use_mode(screen, &mode);
	edge.linear = screen_fb_slot(screen);
	edge.fb = screen_fb_slot(screen);
	edge.read_back = screen_picture_fb(screen, "XRGB8888");
	for (int last = 0; last < format->num_planes; last++)
		for (int w = 0; w < count; w++)
			for (int h = 0; h < count; h++)
				check_size(screen, &edge, format, sizes[w], sizes[h], last);
}

static void each_format(struct screen *screen, bool tiled)
{
	for (size_t i = 0; i < pixel_format_count; i++) {
		if (tiled && pixel_formats[i].cpp[0] == 3)
			continue;
		igt_dynamic(pixel_formats[i].name)
		{
			screen_reset(screen);
			check_format(screen, &pixel_formats[i], tiled);
		}
	}
}

void edge_subtests(struct screen *screen)
{
	igt_describe("No byte behind a buffer is read, whichever format ends it.");
	igt_subtest_with_dynamic("edge-linear")
		each_format(screen, false);
	igt_describe("Nor behind the last tile.");
	igt_subtest_with_dynamic("edge-tiled")
		each_format(screen, true);
}
