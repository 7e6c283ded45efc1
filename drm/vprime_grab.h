/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_GRAB_H
#define VPRIME_GRAB_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/workqueue_types.h>

#include "vprime_composer.h"
#include "vprime_format.h"

struct dma_fence;
struct drm_client_buffer;
struct drm_framebuffer;
struct vprime_device;
struct vprime_source;

/**
 * struct vprime_grab_pool - buffers for composed pictures of one screen
 * @vdev: device
 * @lock: protects @free, @width, @height. Innermost
 * @free: those nobody uses
 * @width: of those that are wanted; 0: none is
 * @height: of those that are wanted
 * @trim: frees what is not wanted any more
 */
struct vprime_grab_pool {
	struct vprime_device *vdev;
	spinlock_t lock; /* protects the list and the size; innermost */
	struct list_head free;
	unsigned int width, height;
	struct work_struct trim;
};

/**
 * struct vprime_grab - a composed picture that consumers share
 * @sink: takes the lines
 * @ref: held by the frame it is of and by the slots that hand it out
 * @pool: where it goes back to
 * @link: on &vprime_grab_pool.free
 * @buffer: memory
 * @target: @buffer, mapped
 * @image: of @target
 * @fence: signalled when it is composed; a new one for each picture
 * @started: the composer has begun; protected by &vprime_feed.lock
 * @done: it is composed; protected by &vprime_feed.lock
 */
struct vprime_grab {
	struct vprime_sink sink;
	struct kref ref;
	struct vprime_grab_pool *pool;
	struct list_head link;
	struct drm_client_buffer *buffer;
	struct vprime_source *target;
	struct vprime_image image;
	struct dma_fence *fence;
	bool started;
	bool done;
};

void vprime_grab_pool_init(struct vprime_grab_pool *pool,
			   struct vprime_device *vdev);
void vprime_grab_pool_resize(struct vprime_grab_pool *pool, unsigned int width,
			     unsigned int height);

struct vprime_grab *vprime_grab_create(struct vprime_grab_pool *pool,
				       unsigned int width, unsigned int height);
struct vprime_grab *vprime_grab_get(struct vprime_grab *grab);
void vprime_grab_put(struct vprime_grab *grab);
struct drm_framebuffer *vprime_grab_fb(const struct vprime_grab *grab);

#endif /* VPRIME_GRAB_H */
