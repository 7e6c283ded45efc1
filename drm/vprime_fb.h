/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_FB_H
#define VPRIME_FB_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct drm_device;
struct drm_file;
struct drm_format_info;
struct drm_framebuffer;
struct drm_mode_fb_cmd2;
struct vprime_image;

struct drm_framebuffer *vprime_fb_create(struct drm_device *dev,
					 struct drm_file *file,
					 const struct drm_format_info *info,
					 const struct drm_mode_fb_cmd2 *cmd);

bool vprime_fb_is_read_only(const struct drm_framebuffer *fb);
bool vprime_fb_is_internal(const struct drm_framebuffer *fb);
int vprime_fb_map(struct drm_framebuffer *fb, unsigned long until);
void vprime_fb_image(const struct drm_framebuffer *fb,
		     struct vprime_image *image);

bool vprime_fb_is_imported(const struct drm_framebuffer *fb);
bool vprime_fb_begin_ask(struct drm_framebuffer *fb);
void vprime_fb_end_ask(struct drm_framebuffer *fb);
int vprime_fb_begin_access(struct drm_framebuffer *fb,
			   enum dma_data_direction dir);
void vprime_fb_end_access(struct drm_framebuffer *fb,
			  enum dma_data_direction dir);

#endif /* VPRIME_FB_H */
