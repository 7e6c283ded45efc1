/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_HANDOUT_H
#define VPRIME_HANDOUT_H

#include <linux/types.h>

struct dma_fence;
struct drm_vprime_consumer_acquire;
struct file;
struct vprime_device;
struct vprime_frame;
struct vprime_grab;

/* Four planes of the picture, the cursor, the fence. */
#define VPRIME_HANDOUT_FILES 6

/**
 * struct vprime_handout - what an ACQUIRE is about to give
 * @vdev: device
 * @args: what the caller will read
 * @frame: the frame; a reference
 * @hold: the frame's fence; a reference
 * @grab: its composed picture, a reference; NULL: direct
 * @files: with a reference each; NULL: none
 * @fds: descriptors for @files, not installed
 */
struct vprime_handout {
	struct vprime_device *vdev;
	struct drm_vprime_consumer_acquire *args;
	struct vprime_frame *frame;
	struct dma_fence *hold;
	struct vprime_grab *grab;
	struct file *files[VPRIME_HANDOUT_FILES];
	int fds[VPRIME_HANDOUT_FILES];
};

int vprime_handout_fill(struct vprime_handout *out, bool direct, bool separate);
void vprime_handout_drop(struct vprime_handout *out);
void vprime_handout_install(struct vprime_handout *out);

#endif /* VPRIME_HANDOUT_H */
