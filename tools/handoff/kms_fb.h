/* SPDX-License-Identifier: MIT */
#ifndef KMS_FB_H
#define KMS_FB_H

#include <stdint.h>

#include "pixel_format.h"

/**
 * struct kms_fb - a framebuffer and the buffer it lies in
 * @card: the open card it belongs to
 * @id: KMS object id
 * @handle: GEM handle on that card
 * @format: its pixel format
 * @width: pixels across
 * @height: pixels down
 * @layout: where the planes lie
 * @map: the pixels, for a dumb buffer; NULL for an imported one
 */
struct kms_fb {
	int card;
	uint32_t id;
	uint32_t handle;
	const struct pixel_format *format;
	uint32_t width;
	uint32_t height;
	struct pixel_layout layout;
	void *map;
};

/* All return 0 or a negative errno and say nothing. */

/* A dumb buffer of the card's own, mapped. */
int kms_fb_create(struct kms_fb *fb, int card, const struct pixel_format *format,
		  uint32_t width, uint32_t height);

/* A buffer of somebody else's, shared by its dma-buf. The caller keeps @dmabuf. */
int kms_fb_import(struct kms_fb *fb, int card, int dmabuf,
		  const struct pixel_format *format, uint32_t width, uint32_t height,
		  const struct pixel_layout *layout);

/* Works on one that was never made, if it is all zero. */
void kms_fb_destroy(struct kms_fb *fb);

#endif
