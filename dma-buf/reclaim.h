/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All idle mappings, those first that came first, and what ends them: memory
 * pressure, and devices that run out of addresses.
 */
#ifndef DMABUF_RECLAIM_H
#define DMABUF_RECLAIM_H

#include <linux/limits.h>
#include <linux/list.h>
#include <linux/types.h>

struct device;
struct dma_buf_attachment;
struct dma_resv;

/**
 * struct dmabuf_idle - a mapping's place among the idle ones
 * @node: in the list. Under the list's lock
 * @attach: whose mapping it is
 * @pages: how many are mapped
 * @listed: it is in the list. Under the reservation lock of the buffer, as @again
 * @again: it was used again, and not spared for it yet
 */
struct dmabuf_idle {
	struct list_head node;
	struct dma_buf_attachment *attach;
	unsigned long pages;
	bool listed;
	bool again;
};

/**
 * dmabuf_idle_add - a mapping is idle
 * @idle: its place; @attach is set. The reservation lock of its buffer is held,
 *	and the mapping is given to dmabuf_idle_remove() before buffer or attachment go
 *
 * One that is given out again may stay in the list until somebody looks at it, so
 * that to use one again and again costs nothing here.
 */
void dmabuf_idle_add(struct dmabuf_idle *idle);

/**
 * dmabuf_idle_remove - out of the list, if it is there
 * @idle: the mapping's place; the reservation lock of its buffer is held
 */
void dmabuf_idle_remove(struct dmabuf_idle *idle);

/**
 * dmabuf_idle_pages - how much the list has
 *
 * Return: the pages of all mappings in it, used again or not.
 */
unsigned long dmabuf_idle_pages(void);

/**
 * dmabuf_idle_stopped - was it said that no mapping is to be kept idle?
 *
 * Return: true or false.
 */
bool dmabuf_idle_stopped(void);

/**
 * dmabuf_mappings_stop - keep no mapping idle from here on, or do
 * @stop: which; then the list is not looked at any more, so what it refers to may
 *	go. To be undone when no mapping is known
 */
void dmabuf_mappings_stop(bool stop);

/**
 * dmabuf_reclaim_init - from here on memory pressure ends idle mappings
 *
 * Return: 0 or -ENOMEM: then they end with their attachments.
 */
int dmabuf_reclaim_init(void);

/**
 * dmabuf_reclaim_end - undo dmabuf_reclaim_init()
 *
 * Waits for what memory pressure began.
 */
void dmabuf_reclaim_end(void);

/**
 * dmabuf_reclaim - end idle mappings
 * @wanted: stop after so many pages; ULONG_MAX for all
 *
 * Those first that are idle longest; what was used again is spared once. Buffers
 * whose reservation lock somebody holds are left alone. Exporters unmap here, so
 * nothing may be held that they wait for; not for reclaim's own context.
 *
 * Return: how many pages were unmapped.
 */
unsigned long dmabuf_reclaim(unsigned long wanted);

/**
 * dmabuf_reclaim_device - end a device's idle mappings, of all buffers
 * @dev: the device
 * @held: a reservation object that the caller has locked: its buffers' end as well
 *
 * Return: how many pages were unmapped.
 */
unsigned long dmabuf_reclaim_device(const struct device *dev,
				    const struct dma_resv *held);

#endif
