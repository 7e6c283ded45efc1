// SPDX-License-Identifier: GPL-2.0-only
/*
 * Idle mappings keep their exporter's memory: here they are ended when memory
 * is short, and when the core is taken out. Called by the shrinkers' rounds; it
 * never waits for a reservation lock.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/shrinker.h>

#include "mapping.h"
#include "reclaim.h"

static struct shrinker *shrinker;

static unsigned long reclaim_buffer(struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attach;
	unsigned long ended = 0;

	if (!dma_resv_trylock(dmabuf->resv))
		return 0;
	list_for_each_entry(attach, &dmabuf->attachments, node)
		ended += dmabuf_mappings_invalidate(attach);
	dma_resv_unlock(dmabuf->resv);
	return ended;
}

unsigned long dmabuf_reclaim(unsigned long wanted)
{
	struct dma_buf *dmabuf = dma_buf_iter_begin();
	unsigned long ended = 0;

	while (dmabuf) {
		ended += reclaim_buffer(dmabuf);
		if (ended >= wanted) {
			dma_buf_put(dmabuf);
			break;
		}
		dmabuf = dma_buf_iter_next(dmabuf);
	}
	return ended;
}

static unsigned long count_idle(struct shrinker *shrink,
				struct shrink_control *control)
{
	return atomic_long_read(&dmabuf_idle_mappings) ?: SHRINK_EMPTY;
}

static unsigned long scan_idle(struct shrinker *shrink,
			       struct shrink_control *control)
{
	return dmabuf_reclaim(control->nr_to_scan) ?: SHRINK_STOP;
}

int dmabuf_reclaim_init(void)
{
	shrinker = shrinker_alloc(0, "dma-buf-mappings");
	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = count_idle;
	shrinker->scan_objects = scan_idle;
	shrinker_register(shrinker);
	return 0;
}

void dmabuf_reclaim_end(void)
{
	if (shrinker)
		shrinker_free(shrinker);
	shrinker = NULL;
}
