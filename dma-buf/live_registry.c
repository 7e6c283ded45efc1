// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of all buffers, in the live form: the stock core's, under its mutex,
 * so that buffers made before, while and after this core is there are all on it.
 * Nothing is allocated or waited for under the mutex: reclaim takes it too.
 * The built-in form has registry.c in its place.
 */

#include <linux/dma-buf.h>
#include <linux/file_ref.h>
#include <linux/lockdep.h>
#include <linux/wait.h>

#include "live_stock.h"
#include "registry.h"

/*
 * Buffers outlive this module, and lockdep keeps a lock's key and name by their
 * addresses: they get such as are the kernel's, before anyone can know the buffer.
 */
static void set_lock_classes(struct dma_buf *dmabuf)
{
	struct lock_class_key *name_key = (void *)dmabuf_stock.mount;
	struct lock_class_key *poll_key = (void *)dmabuf_stock.fops;

	lockdep_set_class_and_name(&dmabuf->name_lock, name_key,
				   dmabuf_stock.dma_buf_export->name);
	lockdep_set_class_and_name(&dmabuf->poll.lock, poll_key,
				   dmabuf_stock.dma_buf_get->name);
}

void dmabuf_registry_add(struct dma_buf *dmabuf)
{
	set_lock_classes(dmabuf);
	mutex_lock(dmabuf_stock.list_mutex);
	list_add(&dmabuf->list_node, dmabuf_stock.list);
	mutex_unlock(dmabuf_stock.list_mutex);
}

void dmabuf_registry_remove(struct dma_buf *dmabuf)
{
	mutex_lock(dmabuf_stock.list_mutex);
	list_del(&dmabuf->list_node);
	mutex_unlock(dmabuf_stock.list_mutex);
}

/* The first buffer behind position with a reference to be had. */
static struct dma_buf *next_behind(struct list_head *position)
{
	struct dma_buf *dmabuf, *found = NULL;

	mutex_lock(dmabuf_stock.list_mutex);
	dmabuf = list_entry(position, struct dma_buf, list_node);
	list_for_each_entry_continue(dmabuf, dmabuf_stock.list, list_node) {
		if (file_ref_get(&dmabuf->file->f_ref)) {
			found = dmabuf;
			break;
		}
	}
	mutex_unlock(dmabuf_stock.list_mutex);
	return found;
}

/**
 * dma_buf_iter_begin - the first of all buffers
 *
 * Buffers made or released while the list is walked may or may not be seen;
 * every other is seen once. No lock is held between calls.
 *
 * Return: a buffer with a reference, which dma_buf_iter_next() or
 * dma_buf_put() takes, or NULL when there is none.
 */
struct dma_buf *dma_buf_iter_begin(void)
{
	return next_behind(dmabuf_stock.list);
}

/**
 * dma_buf_iter_next - the buffer after this one
 * @dmabuf: a buffer; its reference is taken
 *
 * Return: as dma_buf_iter_begin().
 */
struct dma_buf *dma_buf_iter_next(struct dma_buf *dmabuf)
{
	struct dma_buf *next = next_behind(&dmabuf->list_node);

	dma_buf_put(dmabuf);
	return next;
}
