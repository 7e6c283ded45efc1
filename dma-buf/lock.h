/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls without the reservation lock that they want: told, and made safe.
 */
#ifndef DMABUF_LOCK_H
#define DMABUF_LOCK_H

#include <linux/types.h>

struct dma_buf;
struct dma_buf_attachment;

/**
 * dmabuf_lock_forgotten - lock a buffer for a call whose caller should have
 * @dmabuf: the buffer
 * @attach: the attachment, or NULL
 * @caller: who calls; reported if this task does not hold the reservation lock,
 *	whoever else does
 *
 * Sleeps if so.
 *
 * Return: whether it was taken, for dmabuf_unlock_forgotten().
 */
bool dmabuf_lock_forgotten(struct dma_buf *dmabuf,
			   struct dma_buf_attachment *attach, unsigned long caller);

/**
 * dmabuf_trylock_forgotten - the same, but for a second at most
 * @dmabuf: the buffer
 * @caller: who calls
 *
 * For a call that needs the lock for nothing but what the stock core has as well: its
 * caller may be in the way of who holds the lock.
 *
 * Return: whether it was taken, for dmabuf_unlock_forgotten().
 */
bool dmabuf_trylock_forgotten(struct dma_buf *dmabuf, unsigned long caller);

/**
 * dmabuf_unlock_forgotten - at the end of the call
 * @dmabuf: the buffer
 * @taken: whether the lock was taken
 */
void dmabuf_unlock_forgotten(struct dma_buf *dmabuf, bool taken);

#endif
