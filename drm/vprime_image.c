// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of an image, whatever the order of its bytes: linear, or in the tiles of
 * uapi/drm/vprime_fourcc.h. The composer and writeback read and write by it,
 * framebuffers have their size checked. It knows layouts; what the bytes of a
 * pixel mean is the business of the format table, which sees runs of pixels that
 * lie side by side.
 */

#include <linux/errno.h>
#include <linux/math.h>
#include <linux/minmax.h>

#include <drm/drm_fourcc.h>

#include <drm/vprime_fourcc.h>

#include "vprime_format.h"
#include "vprime_image.h"
#include "vprime_pixel.h"

/*
 * How many bytes of a plane @count pixels of a line take, from pixel @x on. What is
 * checked, what is read and what is counted are the same bytes: these.
 */
static u64 span_bytes(const struct vprime_format *format,
		      const struct drm_format_info *info, unsigned int plane,
		      unsigned int x, unsigned int count)
{
	unsigned int block = plane ? info->hsub : format->block;
	unsigned int per_block = plane ? 1 : block;

	return (u64)(DIV_ROUND_UP(x + count, block) - x / block) * per_block *
	       info->cpp[plane];
}

static u64 plane_size(const struct drm_mode_fb_cmd2 *cmd, unsigned int plane,
		      u64 line_bytes, unsigned int height)
{
	if (cmd->modifier[plane] == DRM_FORMAT_MOD_VPRIME_TILED)
		return (u64)round_up(height, VPRIME_TILE_LINES) *
		       cmd->pitches[plane];

	return (u64)(height - 1) * cmd->pitches[plane] + line_bytes;
}

/**
 * vprime_image_check - check that a plane of a framebuffer fits its layout
 * @info: format, one of the table
 * @cmd: what the user asks for; the DRM core has checked format and pitch
 * @plane: which plane of the format
 * @size: of the buffer it lies in, bytes
 *
 * Return: 0, or -EINVAL if tiles are not whole, a line does not hold whole pairs of
 * pixels, or the buffer is too small.
 */
int vprime_image_check(const struct drm_format_info *info,
		       const struct drm_mode_fb_cmd2 *cmd, unsigned int plane,
		       u64 size)
{
	u64 line = span_bytes(vprime_format_find(info->format), info, plane, 0,
			      cmd->width);
	unsigned int height =
		drm_format_info_plane_height(info, cmd->height, plane);

	if (cmd->modifier[plane] == DRM_FORMAT_MOD_VPRIME_TILED &&
	    (cmd->pitches[plane] % VPRIME_TILE_BYTES ||
	     cmd->offsets[plane] % VPRIME_TILE_SIZE))
		return -EINVAL;

	if (cmd->pitches[plane] < line ||
	    cmd->offsets[plane] + plane_size(cmd, plane, line, height) > size)
		return -EINVAL;

	return 0;
}

/**
 * vprime_image_bytes - how many bytes pixels of a line take
 * @image: image
 * @x: column of the first
 * @count: pixels
 *
 * Return: the sum over all planes; of a line that shares its chroma with another,
 * too, as each of them has it read.
 */
size_t vprime_image_bytes(const struct vprime_image *image, unsigned int x,
			  unsigned int count)
{
	size_t bytes = 0;
	unsigned int i;

	for (i = 0; i < image->info->num_planes; i++)
		bytes += span_bytes(image->format, image->info, i, x, count);

	return bytes;
}

static u8 *tiled_byte(const struct vprime_image *image, unsigned int plane,
		      unsigned int x, unsigned int y)
{
	size_t row = (size_t)image->pitch[plane] * VPRIME_TILE_LINES;

	return image->data[plane] + y / VPRIME_TILE_LINES * row +
	       (size_t)(x / VPRIME_TILE_BYTES) * VPRIME_TILE_SIZE +
	       y % VPRIME_TILE_LINES * VPRIME_TILE_BYTES +
	       x % VPRIME_TILE_BYTES;
}

/* How many pixels lie side by side in a tile, in every plane of the format. */
static unsigned int run_length(const struct vprime_image *image)
{
	return VPRIME_TILE_BYTES / image->info->cpp[0];
}

/* The pixels from x on, a multiple of run_length(), as line 0 of an image. */
static void take_run(const struct vprime_image *image, unsigned int x,
		     unsigned int y, struct vprime_image *run)
{
	const struct drm_format_info *info = image->info;
	unsigned int i;

	run->data[0] = tiled_byte(image, 0, x * info->cpp[0], y);
	for (i = 1; i < info->num_planes; i++)
		run->data[i] = tiled_byte(image, i,
					  x / info->hsub * info->cpp[i],
					  y / info->vsub);
}

/**
 * vprime_image_read - take pixels of a line
 * @image: image
 * @x: column of the first
 * @y: line
 * @count: how many
 * @out: where to
 *
 * Context: any; takes no lock.
 */
void vprime_image_read(const struct vprime_image *image, int x, int y,
		       unsigned int count, struct vprime_pixel *out)
{
	struct vprime_image run = { .yuv = image->yuv };
	unsigned int length, skip, n;

	if (!image->tiled) {
		image->format->read(image, x, y, count, out);
		return;
	}

	length = run_length(image);
	for (; count; count -= n, x += n, out += n) {
		skip = x % length;
		n = min(count, length - skip);
		take_run(image, x - skip, y, &run);
		image->format->read(&run, skip, 0, n, out);
	}
}

/**
 * vprime_image_write - put a whole line
 * @image: image; its format can be written
 * @y: line
 * @count: pixels
 * @in: what they are
 *
 * Context: any; takes no lock.
 */
void vprime_image_write(const struct vprime_image *image, int y,
			unsigned int count, const struct vprime_pixel *in)
{
	struct vprime_image run = {};
	unsigned int x, n;

	if (!image->tiled) {
		image->format->write(image, y, count, in);
		return;
	}

	for (x = 0; x < count; x += n) {
		n = min(count - x, run_length(image));
		take_run(image, x, y, &run);
		image->format->write(&run, 0, n, in + x);
	}
}
