// SPDX-License-Identifier: MIT
/*
 * Pictures computed apart from the driver: what a framebuffer holds, pixel by
 * pixel, by the formulas of Documentation/composition.rst.
 *
 * It is slow and plain on purpose, one pixel at a time and long double where the
 * driver uses fixed point, so that both can't share a mistake. It must not look
 * at the driver's code or at the table of tools/ for how a format is read.
 */
#include "picture.h"

#include <math.h>
#include <stdlib.h>

#include <drm_fourcc.h>

#include "color_reading.h"
#include "igt_api.h"

struct picture picture_new(uint32_t width, uint32_t height)
{
	struct picture picture = {
		.width = width,
		.height = height,
		.pixels = calloc((size_t)width * height, sizeof(struct pixel)),
	};

	igt_assert(picture.pixels);
	return picture;
}

void picture_free(struct picture *picture)
{
	free(picture->pixels);
	picture->pixels = NULL;
}

static const uint8_t *sample(const struct kms_fb *fb, int plane, uint32_t byte, uint32_t line)
{
	return (const uint8_t *)fb->map + fb->layout.offset[plane] +
	       (size_t)line * fb->layout.pitch[plane] + byte;
}

/**
 * struct channels - the raw bits of an RGB pixel
 * @max: the largest value of each, 2^n - 1; 0 for a channel that is not there
 */
struct channels {
	uint32_t r, g, b, a;
	uint32_t max_r, max_g, max_b, max_a;
};

static struct channels bytes_rgba(uint8_t r, uint8_t g, uint8_t b, uint8_t a)
{
	return (struct channels){ r, g, b, a, 255, 255, 255, 255 };
}

static struct channels rgb_channels(const struct kms_fb *fb, uint32_t x, uint32_t y)
{
	const uint8_t *p;
	uint32_t v;

	switch (fb->format->drm) {
	case DRM_FORMAT_XRGB8888:
	case DRM_FORMAT_ARGB8888:
		p = sample(fb, 0, x * 4, y);
		return bytes_rgba(p[2], p[1], p[0], p[3]);
	case DRM_FORMAT_XBGR8888:
	case DRM_FORMAT_ABGR8888:
		p = sample(fb, 0, x * 4, y);
		return bytes_rgba(p[0], p[1], p[2], p[3]);
	case DRM_FORMAT_RGB888:
		p = sample(fb, 0, x * 3, y);
		return bytes_rgba(p[2], p[1], p[0], 255);
	case DRM_FORMAT_BGR888:
		p = sample(fb, 0, x * 3, y);
		return bytes_rgba(p[0], p[1], p[2], 255);
	case DRM_FORMAT_RGB565:
		p = sample(fb, 0, x * 2, y);
		v = p[0] | p[1] << 8;
		return (struct channels){ v >> 11, v >> 5 & 63, v & 31, 0, 31, 63, 31, 0 };
	case DRM_FORMAT_XRGB2101010:
		p = sample(fb, 0, x * 4, y);
		v = p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
		return (struct channels){ v >> 20 & 1023, v >> 10 & 1023, v & 1023, v >> 30,
					  1023, 1023, 1023, 3 };
	default:
		igt_assert_f(false, "no RGB format: %s\n", fb->format->name);
		return (struct channels){};
	}
}

static bool has_alpha(const struct kms_fb *fb)
{
	return fb->format->drm == DRM_FORMAT_ARGB8888 || fb->format->drm == DRM_FORMAT_ABGR8888;
}

/* round(v * to / from) in whole numbers, up at the half */
static uint32_t rescale(uint32_t v, uint32_t from, uint32_t to)
{
	return ((uint64_t)v * to * 2 + from) / (from * 2ull);
}

/* Samples of one Y'CbCr pixel: the chroma of the whole block it lies in. */
static void yuv_samples(const struct kms_fb *fb, uint32_t x, uint32_t y, uint8_t yuv[3])
{
	uint32_t pair = x / 2 * 2;

	switch (fb->format->drm) {
	case DRM_FORMAT_YUYV:
		yuv[0] = *sample(fb, 0, x * 2, y);
		yuv[1] = *sample(fb, 0, pair * 2 + 1, y);
		yuv[2] = *sample(fb, 0, pair * 2 + 3, y);
		return;
	case DRM_FORMAT_UYVY:
		yuv[0] = *sample(fb, 0, x * 2 + 1, y);
		yuv[1] = *sample(fb, 0, pair * 2, y);
		yuv[2] = *sample(fb, 0, pair * 2 + 2, y);
		return;
	case DRM_FORMAT_NV12:
	case DRM_FORMAT_NV21:
		yuv[0] = *sample(fb, 0, x, y);
		yuv[1] = *sample(fb, 1, pair + (fb->format->drm == DRM_FORMAT_NV21), y / 2);
		yuv[2] = *sample(fb, 1, pair + (fb->format->drm == DRM_FORMAT_NV12), y / 2);
		return;
	case DRM_FORMAT_NV16:
		yuv[0] = *sample(fb, 0, x, y);
		yuv[1] = *sample(fb, 1, pair, y);
		yuv[2] = *sample(fb, 1, pair + 1, y);
		return;
	case DRM_FORMAT_YUV420:
		yuv[0] = *sample(fb, 0, x, y);
		yuv[1] = *sample(fb, 1, x / 2, y / 2);
		yuv[2] = *sample(fb, 2, x / 2, y / 2);
		return;
	default:
		igt_assert_f(false, "no Y'CbCr format: %s\n", fb->format->name);
	}
}

static uint16_t to_channel(long double v)
{
	if (v <= 0)
		return 0;
	if (v >= 1)
		return 65535;
	return floorl(v * 65535 + 0.5L);
}

static struct pixel yuv_to_pixel(const uint8_t yuv[3], const struct color_reading *color)
{
	long double y = color->full ? yuv[0] / 255.0L : (yuv[0] - 16) / 219.0L;
	long double cb = (yuv[1] - 128) / (color->full ? 255.0L : 224.0L);
	long double cr = (yuv[2] - 128) / (color->full ? 255.0L : 224.0L);
	long double r = y + 2 * (1 - color->kr) * cr;
	long double b = y + 2 * (1 - color->kb) * cb;
	long double g = (y - color->kr * r - color->kb * b) / (1 - color->kr - color->kb);

	return (struct pixel){ to_channel(r), to_channel(g), to_channel(b), 65535 };
}

struct pixel picture_read(const struct kms_fb *fb, const struct color_reading *color,
			  uint32_t x, uint32_t y)
{
	struct channels c;
	uint8_t yuv[3];

	if (fb->format->yuv) {
		yuv_samples(fb, x, y, yuv);
		return yuv_to_pixel(yuv, color);
	}
	c = rgb_channels(fb, x, y);
	return (struct pixel){
		.r = rescale(c.r, c.max_r, 65535),
		.g = rescale(c.g, c.max_g, 65535),
		.b = rescale(c.b, c.max_b, 65535),
		.a = has_alpha(fb) ? rescale(c.a, c.max_a, 65535) : 65535,
	};
}

static bool near(uint32_t raw, uint32_t max, uint16_t channel, int tolerance)
{
	return abs((int)raw - (int)rescale(channel, 65535, max)) <= tolerance;
}

static bool holds(const struct channels *c, const struct pixel *p, int tolerance)
{
	return near(c->r, c->max_r, p->r, tolerance) && near(c->g, c->max_g, p->g, tolerance) &&
	       near(c->b, c->max_b, p->b, tolerance) && c->a == c->max_a;
}

void picture_assert_in_fb(const struct picture *picture, const struct kms_fb *fb, int tolerance)
{
	igt_assert_eq(fb->width, picture->width);
	igt_assert_eq(fb->height, picture->height);
	for (uint32_t y = 0; y < picture->height; y++) {
		for (uint32_t x = 0; x < picture->width; x++) {
			const struct pixel *p = &picture->pixels[(size_t)y * picture->width + x];
			struct channels c = rgb_channels(fb, x, y);

			igt_assert_f(holds(&c, p, tolerance),
				     "%s (%u,%u): bits r %u g %u b %u a %u, expected r %u g %u b %u a %u\n",
				     fb->format->name, x, y, c.r, c.g, c.b, c.a,
				     rescale(p->r, 65535, c.max_r), rescale(p->g, 65535, c.max_g),
				     rescale(p->b, 65535, c.max_b), c.max_a);
		}
	}
}

static uint32_t crc32_byte(uint32_t crc, uint8_t byte)
{
	crc ^= byte;
	for (int bit = 0; bit < 8; bit++)
		crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	return crc;
}

uint32_t picture_crc(const struct picture *picture)
{
	size_t count = (size_t)picture->width * picture->height;
	uint32_t table[256], crc = 0xffffffff;

	for (int i = 0; i < 256; i++)
		table[i] = crc32_byte(0, i);
	for (size_t i = 0; i < count; i++) {
		const struct pixel *p = &picture->pixels[i];
		const uint16_t words[] = { p->b, p->g, p->r, 65535 };

		for (int w = 0; w < 4; w++) {
			crc = crc >> 8 ^ table[(crc ^ words[w]) & 0xff];
			crc = crc >> 8 ^ table[(crc ^ words[w] >> 8) & 0xff];
		}
	}
	return crc;
}
