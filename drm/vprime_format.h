/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_FORMAT_H
#define VPRIME_FORMAT_H

#include <linux/types.h>

struct drm_format_info;
struct vprime_image;
struct vprime_pixel;

#define VPRIME_MAX_FORMATS 16

/**
 * struct vprime_format - a row of the one format table
 * @fourcc: DRM_FORMAT_*
 * @is_yuv: samples are YCbCr: &vprime_image.yuv must be set to read
 * @tiles: it may lie in tiles, too
 * @block: pixels of a line that lie together in the first plane of the format, so
 *	that none of them can be read without the bytes of all
 * @read: take @count pixels of line @y from @x on
 * @write: put a whole line; NULL where the screen can't be written to it
 *
 * The lists that planes and the writeback connector announce are made from
 * this table by vprime_format_list(), IN_FORMATS by vprime_format_has_modifier().
 */
struct vprime_format {
	u32 fourcc;
	bool is_yuv;
	bool tiles;
	u8 block;
	void (*read)(const struct vprime_image *image, int x, int y,
		     unsigned int count, struct vprime_pixel *out);
	void (*write)(const struct vprime_image *image, int y,
		      unsigned int count, const struct vprime_pixel *in);
};

/**
 * struct vprime_image - where the pixels of a framebuffer are
 * @format: how to read and write them
 * @info: what the DRM core says of the format
 * @tiled: its bytes are in tiles; vprime_image_read() and vprime_image_write()
 *	know the order
 * @yuv: conversion to RGB, for a YUV format that is read
 * @data: first byte of each plane of the format
 * @pitch: bytes from a line to the next, of each plane of the format
 *
 * It owns nothing: whoever made it keeps the memory mapped.
 */
struct vprime_image {
	const struct vprime_format *format;
	const struct drm_format_info *info;
	bool tiled;
	const struct vprime_yuv *yuv;
	u8 *data[3];
	u32 pitch[3];
};

/**
 * enum vprime_format_use - what a list of formats is for
 * @VPRIME_FORMAT_READ: a primary or overlay plane
 * @VPRIME_FORMAT_WRITE: a writeback connector
 */
enum vprime_format_use {
	VPRIME_FORMAT_READ,
	VPRIME_FORMAT_WRITE,
};

/* The modifiers there are, for drm_universal_plane_init(). */
extern const u64 vprime_modifiers[];

const struct vprime_format *vprime_format_find(u32 fourcc);
bool vprime_format_has_modifier(u32 fourcc, u64 modifier);
unsigned int vprime_format_list(enum vprime_format_use use,
				u32 list[VPRIME_MAX_FORMATS]);

#endif /* VPRIME_FORMAT_H */
