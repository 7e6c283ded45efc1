// SPDX-License-Identifier: GPL-2.0-only
/*
 * The format table: a reader and a writer of lines for each format. The plane
 * and writeback code asks it what exists, the composer calls what it found.
 * It knows images in mapped memory, not framebuffers, planes or GEM objects.
 *
 * A pitch or an offset need not be a multiple of a pixel's size, so words are
 * read unaligned.
 */

#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/bug.h>
#include <linux/unaligned.h>

#include <drm/drm_fourcc.h>

#include <drm/vprime_fourcc.h>

#include "vprime_format.h"
#include "vprime_pixel.h"
#include "vprime_yuv.h"

static u8 *line_of(const struct vprime_image *image, unsigned int plane, int y)
{
	return image->data[plane] + (size_t)y * image->pitch[plane];
}

/* A pixel from a word; x is alpha or nothing, in the highest byte. */
static __always_inline struct vprime_pixel pixel_xrgb(u32 v)
{
	return vprime_pixel_rgba8(v >> 16, v >> 8, v, 0xff);
}

static __always_inline struct vprime_pixel pixel_argb(u32 v)
{
	return vprime_pixel_rgba8(v >> 16, v >> 8, v, v >> 24);
}

static __always_inline struct vprime_pixel pixel_xbgr(u32 v)
{
	return vprime_pixel_rgba8(v, v >> 8, v >> 16, 0xff);
}

static __always_inline struct vprime_pixel pixel_abgr(u32 v)
{
	return vprime_pixel_rgba8(v, v >> 8, v >> 16, v >> 24);
}

static __always_inline struct vprime_pixel pixel_565(u32 v)
{
	return (struct vprime_pixel){
		.r = vprime_channel_expand(v >> 11, 5),
		.g = vprime_channel_expand(v >> 5 & 0x3f, 6),
		.b = vprime_channel_expand(v & 0x1f, 5),
		.a = VPRIME_CHANNEL_MAX,
	};
}

static __always_inline struct vprime_pixel pixel_2101010(u32 v)
{
	return (struct vprime_pixel){
		.r = vprime_channel_expand(v >> 20 & 0x3ff, 10),
		.g = vprime_channel_expand(v >> 10 & 0x3ff, 10),
		.b = vprime_channel_expand(v & 0x3ff, 10),
		.a = VPRIME_CHANNEL_MAX,
	};
}

/* A word from a pixel; what is no colour becomes all ones. */
static __always_inline u32 word_rgb(const struct vprime_pixel *p)
{
	return 0xffu << 24 | vprime_channel_pack(p->r, 8) << 16 |
	       vprime_channel_pack(p->g, 8) << 8 |
	       vprime_channel_pack(p->b, 8);
}

static __always_inline u32 word_bgr(const struct vprime_pixel *p)
{
	return 0xffu << 24 | vprime_channel_pack(p->b, 8) << 16 |
	       vprime_channel_pack(p->g, 8) << 8 |
	       vprime_channel_pack(p->r, 8);
}

static __always_inline u32 word_565(const struct vprime_pixel *p)
{
	return vprime_channel_pack(p->r, 5) << 11 |
	       vprime_channel_pack(p->g, 6) << 5 |
	       vprime_channel_pack(p->b, 5);
}

static __always_inline u32 word_2101010(const struct vprime_pixel *p)
{
	return 3u << 30 | vprime_channel_pack(p->r, 10) << 20 |
	       vprime_channel_pack(p->g, 10) << 10 |
	       vprime_channel_pack(p->b, 10);
}

#define DEFINE_READ(name, bits, pixel)                                          \
	static void read_##name(const struct vprime_image *image, int x, int y, \
				unsigned int count, struct vprime_pixel *out)   \
	{                                                                       \
		const u8 *in = line_of(image, 0, y) + (size_t)x * ((bits) / 8); \
		for (; count; count--, in += (bits) / 8, out++)                 \
			*out = pixel(get_unaligned_le##bits(in));               \
	}

#define DEFINE_WRITE(name, bits, word)                                              \
	static void write_##name(const struct vprime_image *image, int y,           \
				 unsigned int count, const struct vprime_pixel *in) \
	{                                                                           \
		u8 *out = line_of(image, 0, y);                                     \
		for (; count; count--, in++, out += (bits) / 8)                     \
			put_unaligned_le##bits(word(in), out);                      \
	}

DEFINE_READ(xrgb8888, 32, pixel_xrgb)
DEFINE_READ(argb8888, 32, pixel_argb)
DEFINE_READ(xbgr8888, 32, pixel_xbgr)
DEFINE_READ(abgr8888, 32, pixel_abgr)
DEFINE_READ(rgb888, 24, pixel_xrgb)
DEFINE_READ(bgr888, 24, pixel_xbgr)
DEFINE_READ(rgb565, 16, pixel_565)
DEFINE_READ(xrgb2101010, 32, pixel_2101010)

DEFINE_WRITE(argb8888, 32, word_rgb)
DEFINE_WRITE(abgr8888, 32, word_bgr)
DEFINE_WRITE(rgb888, 24, word_rgb)
DEFINE_WRITE(bgr888, 24, word_bgr)
DEFINE_WRITE(rgb565, 16, word_565)
DEFINE_WRITE(xrgb2101010, 32, word_2101010)

/* Two pixels in four bytes: two samples of luma, one of each chroma. */
static __always_inline void
read_packed_yuv(const struct vprime_image *image, int x, int y,
		unsigned int count, struct vprime_pixel *out,
		unsigned int luma, unsigned int cb, unsigned int cr)
{
	const u8 *line = line_of(image, 0, y);

	for (; count; count--, x++, out++) {
		const u8 *pair = line + (x / 2) * 4;

		*out = vprime_yuv_pixel(image->yuv, pair[luma + (x & 1) * 2],
					pair[cb], pair[cr]);
	}
}

static void read_yuyv(const struct vprime_image *image, int x, int y,
		      unsigned int count, struct vprime_pixel *out)
{
	read_packed_yuv(image, x, y, count, out, 0, 1, 3);
}

static void read_uyvy(const struct vprime_image *image, int x, int y,
		      unsigned int count, struct vprime_pixel *out)
{
	read_packed_yuv(image, x, y, count, out, 1, 0, 2);
}

/* Luma in one plane, both chroma samples side by side in another. */
static __always_inline void
read_semiplanar(const struct vprime_image *image, int x, int y,
		unsigned int count, struct vprime_pixel *out,
		unsigned int vsub, unsigned int cb, unsigned int cr)
{
	const u8 *luma = line_of(image, 0, y);
	const u8 *chroma = line_of(image, 1, y / vsub);

	for (; count; count--, x++, out++) {
		const u8 *pair = chroma + (x / 2) * 2;

		*out = vprime_yuv_pixel(image->yuv, luma[x], pair[cb],
					pair[cr]);
	}
}

static void read_nv12(const struct vprime_image *image, int x, int y,
		      unsigned int count, struct vprime_pixel *out)
{
	read_semiplanar(image, x, y, count, out, 2, 0, 1);
}

static void read_nv21(const struct vprime_image *image, int x, int y,
		      unsigned int count, struct vprime_pixel *out)
{
	read_semiplanar(image, x, y, count, out, 2, 1, 0);
}

static void read_nv16(const struct vprime_image *image, int x, int y,
		      unsigned int count, struct vprime_pixel *out)
{
	read_semiplanar(image, x, y, count, out, 1, 0, 1);
}

static void read_yuv420(const struct vprime_image *image, int x, int y,
			unsigned int count, struct vprime_pixel *out)
{
	const u8 *luma = line_of(image, 0, y);
	const u8 *cb = line_of(image, 1, y / 2);
	const u8 *cr = line_of(image, 2, y / 2);

	for (; count; count--, x++, out++)
		*out = vprime_yuv_pixel(image->yuv, luma[x], cb[x / 2],
					cr[x / 2]);
}

static const struct vprime_format vprime_formats[] = {
	{ DRM_FORMAT_XRGB8888, false, true, 1, read_xrgb8888, write_argb8888 },
	{ DRM_FORMAT_ARGB8888, false, true, 1, read_argb8888, write_argb8888 },
	{ DRM_FORMAT_XBGR8888, false, true, 1, read_xbgr8888, write_abgr8888 },
	{ DRM_FORMAT_ABGR8888, false, true, 1, read_abgr8888, write_abgr8888 },
	{ DRM_FORMAT_RGB888, false, false, 1, read_rgb888, write_rgb888 },
	{ DRM_FORMAT_BGR888, false, false, 1, read_bgr888, write_bgr888 },
	{ DRM_FORMAT_RGB565, false, true, 1, read_rgb565, write_rgb565 },
	{ DRM_FORMAT_XRGB2101010, false, true, 1, read_xrgb2101010, write_xrgb2101010 },
	{ DRM_FORMAT_YUYV, true, true, 2, read_yuyv },
	{ DRM_FORMAT_UYVY, true, true, 2, read_uyvy },
	{ DRM_FORMAT_NV12, true, true, 1, read_nv12 },
	{ DRM_FORMAT_NV21, true, true, 1, read_nv21 },
	{ DRM_FORMAT_NV16, true, true, 1, read_nv16 },
	{ DRM_FORMAT_YUV420, true, true, 1, read_yuv420 },
};

static_assert(ARRAY_SIZE(vprime_formats) <= VPRIME_MAX_FORMATS);

const u64 vprime_modifiers[] = {
	DRM_FORMAT_MOD_LINEAR,
	DRM_FORMAT_MOD_VPRIME_TILED,
	DRM_FORMAT_MOD_INVALID,
};

/**
 * vprime_format_find - look a format up
 * @fourcc: DRM_FORMAT_*
 *
 * Return: the table's row, or NULL if there is none.
 */
const struct vprime_format *vprime_format_find(u32 fourcc)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vprime_formats); i++)
		if (vprime_formats[i].fourcc == fourcc)
			return &vprime_formats[i];

	return NULL;
}

/**
 * vprime_format_has_modifier - ask whether a format may lie in a layout
 * @fourcc: DRM_FORMAT_*
 * @modifier: DRM_FORMAT_MOD_*
 *
 * Return: true if an image of that format and modifier can be read, and
 * written if its linear form can.
 */
bool vprime_format_has_modifier(u32 fourcc, u64 modifier)
{
	const struct vprime_format *format = vprime_format_find(fourcc);

	if (!format)
		return false;

	return modifier == DRM_FORMAT_MOD_LINEAR ||
	       (modifier == DRM_FORMAT_MOD_VPRIME_TILED && format->tiles);
}

/**
 * vprime_format_list - list the formats of the table for a KMS object
 * @use: what the object does with them
 * @list: where the list is put
 *
 * Return: how many there are.
 */
unsigned int vprime_format_list(enum vprime_format_use use,
				u32 list[VPRIME_MAX_FORMATS])
{
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(vprime_formats); i++)
		if (use == VPRIME_FORMAT_READ || vprime_formats[i].write)
			list[n++] = vprime_formats[i].fourcc;

	return n;
}
