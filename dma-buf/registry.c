// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of all buffers, in the built-in form. There are a few, and the CPU that
 * exports says which one is taken, so that exports and releases on several CPUs seldom
 * wait for each other. Each has a spinlock that is never held while anything is
 * waited for. The live form keeps the stock core's one list: live_registry.c.
 */

#include <linux/cache.h>
#include <linux/dma-buf.h>
#include <linux/file_ref.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "form.h"
#include "registry.h"
#include "state.h"

#define SHARDS 16

/**
 * struct shard - some of the buffers
 * @lock: protects @buffers; innermost
 * @buffers: by &dma_buf.list_node
 */
struct shard {
	/** @lock: protects @buffers; innermost */
	spinlock_t lock;
	struct list_head buffers;
} ____cacheline_aligned_in_smp;

static struct shard shards[SHARDS];

void __init dmabuf_registry_init(void)
{
	unsigned int i;

	for (i = 0; i < SHARDS; i++) {
		spin_lock_init(&shards[i].lock);
		INIT_LIST_HEAD(&shards[i].buffers);
	}
}

void dmabuf_registry_add(struct dma_buf *dmabuf)
{
	struct dmabuf_state *state = dmabuf_state(dmabuf);
	struct shard *shard;

	state->shard = raw_smp_processor_id() % SHARDS;
	shard = &shards[state->shard];
	spin_lock(&shard->lock);
	list_add_tail(&dmabuf->list_node, &shard->buffers);
	spin_unlock(&shard->lock);
}

void dmabuf_registry_remove(struct dma_buf *dmabuf)
{
	struct shard *shard = &shards[dmabuf_state(dmabuf)->shard];

	spin_lock(&shard->lock);
	list_del_init(&dmabuf->list_node);
	spin_unlock(&shard->lock);
}

/*
 * The first buffer behind position in shard with a reference to be had. A
 * buffer whose last reference is gone waits for the lock to leave the list, so
 * its memory is there for as long as the lock is held.
 */
static struct dma_buf *next_in(struct shard *shard, struct list_head *position)
{
	struct dma_buf *dmabuf, *found = NULL;

	spin_lock(&shard->lock);
	dmabuf = list_entry(position, struct dma_buf, list_node);
	list_for_each_entry_continue(dmabuf, &shard->buffers, list_node) {
		if (file_ref_get(&dmabuf->file->f_ref)) {
			found = dmabuf;
			break;
		}
	}
	spin_unlock(&shard->lock);
	return found;
}

static struct dma_buf *first_from(unsigned int n)
{
	struct dma_buf *dmabuf = NULL;

	for (; n < SHARDS && !dmabuf; n++)
		dmabuf = next_in(&shards[n], &shards[n].buffers);
	return dmabuf;
}

/**
 * dma_buf_iter_begin - the first of all buffers
 *
 * Buffers made or released while the list is walked may or may not be seen;
 * every other is seen once. Sleeps for nobody and holds no lock between calls.
 *
 * Return: a buffer with a reference, which dma_buf_iter_next() or
 * dma_buf_put() takes, or NULL when there is none.
 */
struct dma_buf *dma_buf_iter_begin(void)
{
	return first_from(0);
}

/**
 * dma_buf_iter_next - the buffer after this one
 * @dmabuf: a buffer; its reference is taken
 *
 * Return: as dma_buf_iter_begin().
 */
struct dma_buf *dma_buf_iter_next(struct dma_buf *dmabuf)
{
	unsigned int n = dmabuf_state(dmabuf)->shard;
	struct dma_buf *next;

	next = next_in(&shards[n], &dmabuf->list_node);
	if (!next)
		next = first_from(n + 1);
	dma_buf_put(dmabuf);
	return next;
}
