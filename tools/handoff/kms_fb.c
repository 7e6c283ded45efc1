// SPDX-License-Identifier: MIT
/*
 * Framebuffers: of the card's own memory, or around a shared buffer.
 *
 * A framebuffer gives a GEM buffer a size, a pixel format and a place for each
 * of its planes. Used by whoever has something to show or to read back; knows
 * nothing of planes and commits.
 */
#include "kms_fb.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

static int add_framebuffer(struct kms_fb *fb)
{
	uint32_t handles[4] = {}, pitches[4] = {}, offsets[4] = {};

	for (int i = 0; i < fb->format->num_planes; i++) {
		handles[i] = fb->handle;
		pitches[i] = fb->layout.pitch[i];
		offsets[i] = fb->layout.offset[i];
	}
	if (drmModeAddFB2(fb->card, fb->width, fb->height, fb->format->drm,
			  handles, pitches, offsets, &fb->id, 0))
		return -errno;
	return 0;
}

static int map_dumb(struct kms_fb *fb)
{
	uint64_t offset;

	if (drmModeMapDumbBuffer(fb->card, fb->handle, &offset))
		return -errno;
	fb->map = mmap(NULL, fb->layout.size, PROT_READ | PROT_WRITE, MAP_SHARED, fb->card, offset);
	if (fb->map == MAP_FAILED) {
		fb->map = NULL;
		return -errno;
	}
	return 0;
}

/*
 * A dumb buffer has one pitch; the planes behind the first share it as the V4L2
 * rule says, so the whole picture is asked for as lines of bytes. The pitch is a
 * multiple of 4 so that half of it is a whole number for every format.
 */
int kms_fb_create(struct kms_fb *fb, int card, const struct pixel_format *format,
		  uint32_t width, uint32_t height)
{
	uint32_t pitch = (pixel_plane_width(format, 0, width) * format->cpp[0] + 3) & ~3u;
	uint32_t lines, size_pitch;
	uint64_t size;
	int ret;

	memset(fb, 0, sizeof(*fb));
	fb->card = card;
	fb->format = format;
	fb->width = width;
	fb->height = height;
	pixel_layout_fill(&fb->layout, format, pitch, height);
	lines = (fb->layout.size + pitch - 1) / pitch;
	if (drmModeCreateDumbBuffer(card, pitch, lines, 8, 0, &fb->handle, &size_pitch, &size))
		return -errno;
	ret = map_dumb(fb);
	if (!ret)
		ret = add_framebuffer(fb);
	if (ret)
		kms_fb_destroy(fb);
	return ret;
}

int kms_fb_import(struct kms_fb *fb, int card, int dmabuf,
		  const struct pixel_format *format, uint32_t width, uint32_t height,
		  const struct pixel_layout *layout)
{
	int ret;

	*fb = (struct kms_fb){
		.card = card,
		.format = format,
		.width = width,
		.height = height,
		.layout = *layout,
	};
	if (drmPrimeFDToHandle(card, dmabuf, &fb->handle))
		return -errno;
	ret = add_framebuffer(fb);
	if (ret)
		kms_fb_destroy(fb);
	return ret;
}

void kms_fb_destroy(struct kms_fb *fb)
{
	if (fb->id)
		drmModeRmFB(fb->card, fb->id);
	if (fb->map)
		munmap(fb->map, fb->layout.size);
	if (fb->handle)
		drmCloseBufferHandle(fb->card, fb->handle);
	memset(fb, 0, sizeof(*fb));
}
