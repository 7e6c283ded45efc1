/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_FENCE_H
#define VPRIME_FENCE_H

#include <linux/atomic.h>
#include <linux/dma-fence.h>
#include <linux/timer.h>

struct drm_gem_object;
struct vprime_device;

/*
 * How long a fence of a commit lives at most, milliseconds. It is for mistakes
 * of others: what a commit waits for ends by itself, or so it should.
 */
#define VPRIME_FENCE_LIMIT_MS 20000

/* Who signals a fence. */
enum vprime_fence_kind {
	VPRIME_FENCE_SOFTWARE,
	VPRIME_FENCE_TIMELINE,
	VPRIME_FENCE_SCANOUT,
	VPRIME_FENCE_WRITEBACK,
	VPRIME_FENCE_KINDS,
};

/**
 * struct vprime_fence_counts - what happened to a device's fences of one kind
 * @made: how many there were
 * @expired: how many of them expired
 */
struct vprime_fence_counts {
	atomic_long_t made;
	atomic_long_t expired;
};

/**
 * struct vprime_fence - a fence with a time limit
 * @base: base; the first member, for the fence core frees it
 * @timer: ends it when it was armed and nobody did
 * @vdev: whose it is; used by @timer only, which never outlives it
 * @kind: who signals it
 * @expire: what @timer does; NULL: signal it with -ETIMEDOUT. Softirq context
 */
struct vprime_fence {
	struct dma_fence base;
	struct timer_list timer;
	struct vprime_device *vdev;
	enum vprime_fence_kind kind;
	void (*expire)(struct vprime_fence *fence);
};

struct vprime_fence *vprime_fence_create(struct vprime_device *vdev,
					 enum vprime_fence_kind kind,
					 u64 context, u64 seqno);
void vprime_fence_init(struct vprime_fence *fence, struct vprime_device *vdev,
		       enum vprime_fence_kind kind, u64 context, u64 seqno);
void vprime_fence_arm(struct vprime_fence *fence, unsigned int timeout_ms);
bool vprime_fence_signal(struct vprime_fence *fence, int error);
bool vprime_fence_end(struct vprime_fence *fence, int error);

int vprime_fence_add(struct drm_gem_object *obj, struct dma_fence *fence,
		     bool write, unsigned long until);
int vprime_fence_add_free(struct drm_gem_object *obj, struct dma_fence *fence,
			  bool write);

void vprime_fence_debugfs_add(struct vprime_device *vdev);

#endif /* VPRIME_FENCE_H */
