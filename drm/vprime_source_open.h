/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_SOURCE_OPEN_H
#define VPRIME_SOURCE_OPEN_H

#include <linux/completion.h>
#include <linux/dma-direction.h>
#include <linux/kref.h>
#include <linux/workqueue.h>

struct drm_framebuffer;
struct vprime_device;

/* For vprime_source.c and vprime_source_open.c alone. */

/**
 * struct vprime_source - a framebuffer that the CPU uses
 * @ref: references
 * @vdev: device
 * @fb: the framebuffer, with a reference
 * @dir: for what CPU access is open; DMA_NONE: it is not
 * @free_work: lets all go
 * @open_work: asks exporters for CPU access; has a reference while it is queued
 * @open_dir: for what they are asked; DMA_NONE: they were not
 * @opened: they have answered
 * @status: what they said
 *
 * Owned by one commit, but for @dir: that is set by @open_work, maybe later than the
 * commit waits for it.
 */
struct vprime_source {
	struct kref ref;
	struct vprime_device *vdev;
	struct drm_framebuffer *fb;
	enum dma_data_direction dir;
	struct work_struct free_work;
	struct work_struct open_work;
	enum dma_data_direction open_dir;
	struct completion opened;
	int status;
};

#endif /* VPRIME_SOURCE_OPEN_H */
