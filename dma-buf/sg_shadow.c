// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scatterlists with decoys for pages. An importer must use a buffer's memory
 * through its device's addresses only: what the exporter has behind them need
 * not have a struct page. Given a shadow, an importer that uses pages all the
 * same uses a decoy, which bears the traces.
 */

#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/poison.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "form.h"
#include "sg_shadow.h"

#define PATTERN (POISON_INUSE * (~0ULL / 0xff))

/**
 * struct shadow - a table and what it has for pages
 * @original: what @table is a copy of. The stock core's have this and @table only
 * @table: what the importer gets
 * @decoy: one folio for all segments, as long as the longest, or NULL
 */
struct shadow {
	struct sg_table *original;
	struct sg_table table;
	struct page *decoy;
};

static struct page *make_decoy(struct sg_table *table)
{
	unsigned int i, order, longest = 0;
	struct scatterlist *sg;
	struct page *decoy;

	for_each_sgtable_dma_sg(table, sg, i)
		longest = max(longest, sg_dma_len(sg));
	order = min(get_order(longest), MAX_PAGE_ORDER);
	decoy = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_NOWARN | __GFP_NORETRY,
			    order);
	if (decoy)
		memset64(page_address(decoy), PATTERN, page_size(decoy) / sizeof(u64));
	return decoy;
}

struct sg_table *dmabuf_sg_shadow(struct sg_table *table)
{
	struct shadow *shadow = kzalloc_obj(*shadow);
	struct scatterlist *from, *to;
	unsigned int i;

	if (!shadow)
		return NULL;
	/* An empty one is all that some importers get of memory they know already. */
	if (table->nents && sg_alloc_table(&shadow->table, table->nents, GFP_KERNEL)) {
		kfree(shadow);
		return NULL;
	}
	shadow->original = table;
	if (!DMABUF_IS_LIVE && table->nents)
		shadow->decoy = make_decoy(table);
	to = shadow->table.sgl;
	for_each_sgtable_dma_sg(table, from, i) {
		if (shadow->decoy && sg_dma_len(from) <= page_size(shadow->decoy))
			sg_set_page(to, shadow->decoy, sg_dma_len(from), 0);
		sg_dma_address(to) = sg_dma_address(from);
		sg_dma_len(to) = sg_dma_len(from);
		to = sg_next(to);
	}
	return &shadow->table;
}

static struct shadow *to_shadow(struct sg_table *table)
{
	return container_of(table, struct shadow, table);
}

static struct page *decoy_of(struct shadow *shadow)
{
	return DMABUF_IS_LIVE ? NULL : shadow->decoy;
}

bool dmabuf_sg_shadow_touched(struct sg_table *table)
{
	struct page *decoy = decoy_of(to_shadow(table));

	if (!decoy)
		return false;
	return page_count(decoy) != 1 ||
	       memchr_inv(page_address(decoy), POISON_INUSE, page_size(decoy));
}

struct sg_table *dmabuf_sg_shadow_end(struct sg_table *table)
{
	struct shadow *shadow = to_shadow(table);
	struct sg_table *original = shadow->original;

	/* Who took a reference keeps the decoy. */
	if (decoy_of(shadow))
		put_page(decoy_of(shadow));
	sg_free_table(&shadow->table);
	kfree(shadow);
	return original;
}
