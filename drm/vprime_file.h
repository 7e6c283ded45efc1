/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_FILE_H
#define VPRIME_FILE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/xarray.h>

struct drm_device;
struct drm_file;

/* What an open file may have that is not ended or forgotten. */
#define VPRIME_MAX_FENCES 4096
#define VPRIME_MAX_TIMELINES 256

/**
 * struct vprime_file - what a client has besides its handles
 * @fences: fences it attached and did not signal, by number
 * @next_fence: number to try next, so that one is not soon used again
 * @timelines: its timelines, by number
 * @n_fences: fences of both, VPRIME_MAX_FENCES at most
 * @writable: buffers it may write even when they are read-only for others, see
 *	vprime_write_access.c
 */
struct vprime_file {
	struct xarray fences;
	u32 next_fence;
	struct xarray timelines;
	atomic_t n_fences;
	struct list_head writable;
};

int vprime_file_open(struct drm_device *dev, struct drm_file *file);
void vprime_file_postclose(struct drm_device *dev, struct drm_file *file);

int vprime_file_count_fence(struct vprime_file *vfile);
void vprime_file_uncount_fence(struct vprime_file *vfile);

#endif /* VPRIME_FILE_H */
