/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_IMAGE_H
#define VPRIME_IMAGE_H

#include <linux/types.h>

struct drm_format_info;
struct drm_mode_fb_cmd2;
struct vprime_image;
struct vprime_pixel;

size_t vprime_image_bytes(const struct vprime_image *image, unsigned int x,
			  unsigned int count);
int vprime_image_check(const struct drm_format_info *info,
		       const struct drm_mode_fb_cmd2 *cmd, unsigned int plane,
		       u64 size);

void vprime_image_read(const struct vprime_image *image, int x, int y,
		       unsigned int count, struct vprime_pixel *out);
void vprime_image_write(const struct vprime_image *image, int y,
			unsigned int count, const struct vprime_pixel *in);

#endif /* VPRIME_IMAGE_H */
