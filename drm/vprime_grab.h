/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_GRAB_H
#define VPRIME_GRAB_H

#include <linux/iosys-map.h>
#include <linux/kref.h>
#include <linux/workqueue_types.h>

#include "vprime_composer.h"
#include "vprime_format.h"

struct dma_buf;
struct dma_fence;
struct drm_gem_object;
struct vprime_device;

/* What a composed picture is made of. */
#define VPRIME_GRAB_FORMAT DRM_FORMAT_XRGB8888

/**
 * struct vprime_grab - a composed picture that consumers share
 * @sink: takes the lines
 * @ref: held by the frame it is of, the composer, and who is about to hand it out
 * @vdev: device
 * @obj: memory, of this picture alone; a reference
 * @dma_buf: @obj to be handed out, read-only; a reference
 * @map: @obj for the CPU
 * @image: the same as lines
 * @fence: signalled when it is composed; a reference
 * @free_work: gives the memory back
 * @started: the composer has begun; protected by &vprime_feed.lock
 * @done: it is composed; protected by &vprime_feed.lock
 */
struct vprime_grab {
	struct vprime_sink sink;
	struct kref ref;
	struct vprime_device *vdev;
	struct drm_gem_object *obj;
	struct dma_buf *dma_buf;
	struct iosys_map map;
	struct vprime_image image;
	struct dma_fence *fence;
	struct work_struct free_work;
	bool started;
	bool done;
};

struct vprime_grab *vprime_grab_create(struct vprime_device *vdev,
				       unsigned int width, unsigned int height);
struct vprime_grab *vprime_grab_get(struct vprime_grab *grab);
void vprime_grab_put(struct vprime_grab *grab);

void vprime_grab_begin(struct vprime_grab *grab);
void vprime_grab_finish(struct vprime_grab *grab);

#endif /* VPRIME_GRAB_H */
