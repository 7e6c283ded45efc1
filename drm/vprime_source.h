/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_SOURCE_H
#define VPRIME_SOURCE_H

#include <linux/dma-direction.h>
#include <linux/kref.h>
#include <linux/workqueue_types.h>

struct drm_framebuffer;
struct drm_gem_object;
struct vprime_device;
struct vprime_image;

/*
 * A framebuffer that a commit shows or writes, mapped. It holds a reference on
 * the framebuffer and, from vprime_source_begin() on, CPU access to the
 * dma-bufs it stands on. Counted: the plane's state and each
 * frame that shows it hold a reference; the last one may be dropped in any
 * context, what it held goes in a worker.
 */
struct vprime_source;

int vprime_source_init(void);
void vprime_source_exit(void);

struct vprime_source *vprime_source_create(struct vprime_device *vdev,
					   struct drm_framebuffer *fb,
					   unsigned long until);
struct drm_framebuffer *vprime_source_fb(const struct vprime_source *source);
struct vprime_source *vprime_source_get(struct vprime_source *source);
void vprime_source_put(struct vprime_source *source);

bool vprime_source_is_idle(const struct vprime_source *source);
bool vprime_source_is_open(const struct vprime_source *source);
int vprime_source_open(struct vprime_source *source,
		       enum dma_data_direction dir, unsigned long until);
bool vprime_source_try(struct vprime_source *source);
int vprime_source_begin(struct vprime_source *source,
			enum dma_data_direction dir, unsigned long until);
void vprime_source_end(struct vprime_source *source);
struct drm_gem_object *
vprime_source_object(const struct vprime_source *source);
void vprime_source_image(const struct vprime_source *source,
			 struct vprime_image *image);

#endif /* VPRIME_SOURCE_H */
