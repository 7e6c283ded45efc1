/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Polling for a buffer's fences.
 */
#ifndef DMABUF_POLL_H
#define DMABUF_POLL_H

#include <linux/poll.h>

struct dma_buf;
struct dmabuf_state;

/**
 * dmabuf_poll - are a buffer's fences signalled?
 * @file: its file
 * @table: the poller's
 *
 * Whoever sleeps on a buffer that is ready is woken, and looks again.
 *
 * Return: EPOLLIN when nobody writes to it, EPOLLOUT when nobody uses it,
 * EPOLLERR without memory.
 */
__poll_t dmabuf_poll(struct file *file, poll_table *table);

/**
 * dmabuf_poll_end - wait for no fence any more
 * @dmabuf: a buffer that nobody can poll any more, or only without its state
 * @state: its state, or NULL
 *
 * When it returns, no callback of ours is on a fence or running.
 */
void dmabuf_poll_end(struct dma_buf *dmabuf, struct dmabuf_state *state);

/**
 * dmabuf_poll_forbid - the same, for a buffer that may be polled just now
 * @dmabuf: the buffer; its reservation lock need not be held
 * @state: its state, or NULL; who polls with it from here on is woken to poll again
 */
void dmabuf_poll_forbid(struct dma_buf *dmabuf, struct dmabuf_state *state);

#endif
