/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_PATIENCE_H
#define VPRIME_PATIENCE_H

#include <linux/atomic.h>
#include <linux/jiffies.h>

struct dma_fence;
struct dma_resv;
struct vprime_device;

/*
 * How long a commit waits for strangers, all of them together: for who uses a buffer
 * that it shows or writes, for exporters, for their locks. Not for IN_FENCE_FD, which
 * its program chose, nor for the flip.
 */
#define VPRIME_PATIENCE (HZ * 3 / 4)

/* The part of it that may be used before the ioctl returns. */
#define VPRIME_PATIENCE_EARLY (HZ / 10)

/**
 * struct vprime_patience_counts - how often a device did not wait any longer
 * @user: for who uses a buffer by a fence
 * @exporter: for an exporter who was asked for CPU access
 * @lock: for a buffer's lock
 */
struct vprime_patience_counts {
	atomic_long_t user;
	atomic_long_t exporter;
	atomic_long_t lock;
};

long vprime_patience_left(unsigned long until);
int vprime_patience_fence(struct vprime_device *vdev, struct dma_fence *fence,
			  bool intr, unsigned long until);
int vprime_patience_resv(struct vprime_device *vdev, struct dma_resv *resv,
			 bool write, bool intr, unsigned long until);
int vprime_patience_lock(struct vprime_device *vdev, struct dma_resv *resv,
			 unsigned long until);

void vprime_patience_debugfs_add(struct vprime_device *vdev);

#endif /* VPRIME_PATIENCE_H */
