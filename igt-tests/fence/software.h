/* SPDX-License-Identifier: MIT */
#ifndef SOFTWARE_H
#define SOFTWARE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Fences and timelines of vprime, and what others see of them. What has no
 * leading __ asserts.
 */

/* Until what has to come is taken for lost; less than what a fence lives by itself. */
#define FENCE_PATIENCE_MS 6000

/* How long something has to stay away. */
#define FENCE_QUIET_MS 200

uint32_t soft_attach(int card, uint32_t handle, bool write, uint32_t timeout_ms);
void soft_signal(int card, uint32_t fence, uint32_t error);
int __soft_signal(int card, uint32_t fence, uint32_t error);

uint32_t timeline_new(int card);
void timeline_signal(int card, uint32_t timeline, uint64_t point, uint32_t error);
int __timeline_signal(int card, uint32_t timeline, uint64_t point, uint32_t error);
int __timeline_destroy(int card, uint32_t timeline);

/* A sync file that signals at the point. */
int timeline_sync_file(int card, uint32_t timeline, uint64_t point, uint32_t timeout_ms);

/* A fence of the point on a buffer; 0 or -1 and errno. */
int __timeline_attach(int card, uint32_t timeline, uint64_t point, uint32_t handle, bool write);

/* What a sync file says: 0 it waits, 1 it is signalled, or a negative errno. */
int sync_file_status(int fd);

/* Waits for it to signal, then the same. */
int sync_file_wait(int fd);

/* What who reads (writes) the dma-buf next has to wait for. */
int dmabuf_sync_file(int dmabuf, bool write);

/* May it be read (written) now? */
bool dmabuf_is_free(int dmabuf, bool write);

/* How many fences of that kind the card made (or, of these, expired): debugfs. */
unsigned long fence_count(int card, const char *kind, bool expired);

#endif
