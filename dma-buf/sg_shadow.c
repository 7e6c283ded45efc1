// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scatterlists without pages. An importer must use a buffer's memory through
 * its device's addresses only: what the exporter has behind them need not have
 * a struct page. Given a shadow, an importer that looks for one meets NULL.
 */

#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "sg_shadow.h"

struct sg_table *dmabuf_sg_shadow(struct sg_table *table)
{
	struct sg_table *shadow = kzalloc_obj(*shadow);
	struct scatterlist *from, *to;
	unsigned int i;

	if (!shadow)
		return NULL;
	if (sg_alloc_table(shadow, table->nents, GFP_KERNEL)) {
		kfree(shadow);
		return NULL;
	}
	to = shadow->sgl;
	for_each_sgtable_dma_sg(table, from, i) {
		sg_dma_address(to) = sg_dma_address(from);
		sg_dma_len(to) = sg_dma_len(from);
		to = sg_next(to);
	}
	return shadow;
}

void dmabuf_sg_shadow_free(struct sg_table *shadow)
{
	sg_free_table(shadow);
	kfree(shadow);
}
