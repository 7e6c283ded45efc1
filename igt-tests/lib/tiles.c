// SPDX-License-Identifier: MIT
/*
 * The tiled layout, byte by byte from the formula in uapi/drm/vprime_fourcc.h.
 * Slow and plain; it shares nothing with the driver but the modifier's value.
 */
#include "tiles.h"

#include <stdlib.h>
#include <sys/mman.h>

#include <drm/vprime_fourcc.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"

#define UNTOUCHED 0x77

static uint32_t round_to(uint32_t value, uint32_t step)
{
	return (value + step - 1) / step * step;
}

static uint32_t line_bytes(const struct kms_fb *fb, int plane)
{
	return pixel_plane_width(fb->format, plane, fb->width) * fb->format->cpp[plane];
}

static size_t place(const struct kms_fb *tiled, int plane, uint32_t x, uint32_t y)
{
	return tiled->layout.offset[plane] + (size_t)(y / 32) * tiled->layout.pitch[plane] * 32 +
	       (size_t)(x / 128) * 4096 + y % 32 * 128 + x % 128;
}

static void lay_out(struct kms_fb *fb)
{
	for (int i = 0; i < fb->format->num_planes; i++) {
		uint32_t lines = pixel_plane_height(fb->format, i, fb->height);

		fb->layout.pitch[i] = round_to(line_bytes(fb, i), 128) + 128;
		fb->layout.offset[i] = fb->layout.size;
		fb->layout.size += (size_t)fb->layout.pitch[i] * round_to(lines, 32);
	}
}

static void allocate(struct kms_fb *fb)
{
	uint64_t offset, size;
	uint32_t pitch;

	igt_assert_errno(drmModeCreateDumbBuffer(fb->card, 4096, fb->layout.size / 4096, 8, 0,
						 &fb->handle, &pitch, &size),
			 0);
	igt_assert_errno(drmModeMapDumbBuffer(fb->card, fb->handle, &offset), 0);
	fb->map = mmap(NULL, fb->layout.size, PROT_READ | PROT_WRITE, MAP_SHARED, fb->card, offset);
	igt_assert(fb->map != MAP_FAILED);
	memset(fb->map, UNTOUCHED, fb->layout.size);
}

struct kms_fb *tiles_fb(struct screen *screen, const char *format, uint32_t width,
			uint32_t height)
{
	struct kms_fb *fb = screen_fb_slot(screen);

	*fb = (struct kms_fb){
		.card = screen->kms.fd,
		.format = pixel_format_by_name(format),
		.width = width,
		.height = height,
	};
	lay_out(fb);
	allocate(fb);
	igt_assert_eq(tiles_add_fb(fb->card, fb, fb->handle, &fb->id), 0);
	return fb;
}

int tiles_add_fb(int card, const struct kms_fb *tiled, uint32_t handle, uint32_t *id)
{
	uint32_t handles[4] = {}, pitches[4] = {}, offsets[4] = {};
	uint64_t modifiers[4] = {};

	for (int i = 0; i < tiled->format->num_planes; i++) {
		handles[i] = handle;
		pitches[i] = tiled->layout.pitch[i];
		offsets[i] = tiled->layout.offset[i];
		modifiers[i] = DRM_FORMAT_MOD_VPRIME_TILED;
	}
	return drmModeAddFB2WithModifiers(card, tiled->width, tiled->height, tiled->format->drm,
					  handles, pitches, offsets, modifiers, id,
					  DRM_MODE_FB_MODIFIERS) ?
		       errno :
		       0;
}

static void copy(const struct kms_fb *tiled, const struct kms_fb *linear, bool put)
{
	for (int i = 0; i < tiled->format->num_planes; i++) {
		uint32_t lines = pixel_plane_height(tiled->format, i, tiled->height);

		for (uint32_t y = 0; y < lines; y++) {
			uint8_t *line = (uint8_t *)linear->map + linear->layout.offset[i] +
					(size_t)y * linear->layout.pitch[i];

			for (uint32_t x = 0; x < line_bytes(tiled, i); x++) {
				uint8_t *byte = (uint8_t *)tiled->map + place(tiled, i, x, y);

				if (put)
					*byte = line[x];
				else
					line[x] = *byte;
			}
		}
	}
}

void tiles_put(const struct kms_fb *tiled, const struct kms_fb *linear)
{
	copy(tiled, linear, true);
}

void tiles_take(const struct kms_fb *tiled, const struct kms_fb *linear)
{
	copy(tiled, linear, false);
}

void tiles_assert_padding(const struct kms_fb *tiled)
{
	for (int i = 0; i < tiled->format->num_planes; i++) {
		uint32_t lines = pixel_plane_height(tiled->format, i, tiled->height);

		for (uint32_t y = 0; y < round_to(lines, 32); y++) {
			uint32_t x = y < lines ? line_bytes(tiled, i) : 0;

			for (; x < tiled->layout.pitch[i]; x++)
				igt_assert_eq(((uint8_t *)tiled->map)[place(tiled, i, x, y)],
					      UNTOUCHED);
		}
	}
}

struct kms_fb tiles_layer_fb(const struct kms_fb *tiled, const struct kms_fb *linear)
{
	struct kms_fb fb = *linear;

	fb.id = tiled->id;
	return fb;
}
