// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages: where the memory of a buffer comes from and goes to. From shmem, or
 * from the page allocator when a device's constraints leave no other choice or
 * the buffer was moved. vprime_gem.c and vprime_move.c call it with the buffer's
 * dma_resv lock held and the creator's cgroup active; it knows neither.
 */

#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/folio_batch.h>
#include <linux/sched/signal.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/swap.h>

#ifdef CONFIG_X86
#include <asm/set_memory.h>
#endif

#include "vprime_constraints.h"
#include "vprime_pages.h"

/*
 * The page allocator charges what it has in one piece up to MAX_PAGE_ORDER. Longer
 * pieces are charged to nobody, so there may be this much of them in all.
 */
#define MAX_UNCHARGED (totalram_pages() / 16)

static atomic_long_t vprime_uncharged = ATOMIC_LONG_INIT(0);

/*
 * How many pages are dealt with at once, where it takes long: who is killed does not
 * wait for more.
 */
#define PAGES_AT_ONCE 4096

/* All of a large buffer's memory takes seconds, which a process that is killed has not. */
static int vprime_pages_go_on(void)
{
	cond_resched();

	return fatal_signal_pending(current) ? -EINTR : 0;
}

static struct vprime_pages *vprime_pages_new(unsigned long count)
{
	struct vprime_pages *pages;

	pages = kvzalloc(struct_size(pages, page, count),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!pages)
		return NULL;

	kref_init(&pages->ref);
	pages->count = count;

	return pages;
}

static void vprime_pages_flush(struct folio_batch *batch)
{
	check_move_unevictable_folios(batch);
	__folio_batch_release(batch);
	cond_resched();
}

/* Gives the first @count pages back to the shmem file they were read from. */
static void vprime_pages_return(struct vprime_pages *pages, unsigned long count)
{
	struct folio_batch batch;
	unsigned long i = 0;

	mapping_clear_unevictable(pages->mapping);
	folio_batch_init(&batch);
	while (i < count) {
		struct folio *folio = page_folio(pages->page[i]);

		i += folio_nr_pages(folio);
		folio_mark_dirty(folio);
		if (!folio_batch_add(&batch, folio))
			vprime_pages_flush(&batch);
	}
	if (folio_batch_count(&batch))
		vprime_pages_flush(&batch);
}

/**
 * vprime_pages_read - get a shmem file's pages and keep them in memory
 * @file: file; outlives the pages
 * @count: its size in pages
 *
 * Return: pages with one reference, or an error pointer: -ENOMEM, or -ENOSPC for the
 * same; -EINTR for a process that is killed.
 */
struct vprime_pages *vprime_pages_read(struct file *file, unsigned long count)
{
	struct address_space *mapping = file->f_mapping;
	struct vprime_pages *pages;
	unsigned long i = 0;

	pages = vprime_pages_new(count);
	if (!pages)
		return ERR_PTR(-ENOMEM);

	pages->mapping = mapping;
	mapping_set_unevictable(mapping);
	while (i < count) {
		int ret = vprime_pages_go_on();
		struct folio *folio;
		unsigned long end;

		folio = ret ? ERR_PTR(ret) : shmem_read_folio(mapping, i);
		if (IS_ERR(folio)) {
			vprime_pages_return(pages, i);
			kvfree(pages);
			return ERR_CAST(folio);
		}
		end = min(count, i + folio_nr_pages(folio));
		for (; i < end; i++)
			pages->page[i] = folio_file_page(folio, i);
	}

	return pages;
}

static gfp_t vprime_pages_gfp(const struct vprime_constraints *c)
{
	gfp_t gfp = GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN |
		    __GFP_RETRY_MAYFAIL;

	if (c->dma_mask < DMA_BIT_MASK(32))
		return gfp | GFP_DMA;
	if (c->dma_mask < DMA_BIT_MASK(36))
		return gfp | GFP_DMA32;

	return gfp;
}

static struct page *vprime_pages_alloc_long(unsigned long count, gfp_t gfp)
{
	struct page *page;

	if (atomic_long_add_return(count, &vprime_uncharged) <= MAX_UNCHARGED) {
		page = alloc_contig_pages(count, gfp, numa_mem_id(), NULL);
		if (page)
			return page;
	}
	atomic_long_sub(count, &vprime_uncharged);

	return NULL;
}

/* @count pages in one piece, each of which is freed on its own. */
static struct page *vprime_pages_alloc_piece(unsigned long count, gfp_t gfp)
{
	unsigned int order = get_order(count << PAGE_SHIFT);
	struct page *page;
	unsigned long i;

	if (order > MAX_PAGE_ORDER)
		return vprime_pages_alloc_long(count, gfp);

	page = alloc_pages(gfp | __GFP_ACCOUNT, order);
	if (!page)
		return NULL;
	split_page(page, order);
	for (i = count; i < 1ul << order; i++)
		__free_page(page + i);

	return page;
}

/* How long each piece must at least be, in pages. */
static unsigned long vprime_pages_piece(unsigned long count,
					const struct vprime_constraints *c)
{
	unsigned long piece;

	if (c->contiguous)
		return count;
	if (c->max_segments >= count)
		return 1;
	piece = roundup_pow_of_two(DIV_ROUND_UP(count, c->max_segments));
	if (piece << PAGE_SHIFT > c->max_segment ||
	    piece > MAX_ORDER_NR_PAGES)
		return count;

	return piece;
}

/**
 * vprime_pages_alloc - allocate pages that a device can use
 * @count: how many
 * @c: what the device can use; possible
 *
 * Return: zeroed pages with one reference, or an error pointer: -ENOMEM; -EINTR for a
 * process that is killed.
 */
struct vprime_pages *vprime_pages_alloc(unsigned long count,
					const struct vprime_constraints *c)
{
	unsigned long piece = vprime_pages_piece(count, c), i, j, n;
	gfp_t gfp = vprime_pages_gfp(c);
	struct vprime_pages *pages;
	int ret;

	pages = vprime_pages_new(count);
	if (!pages)
		return ERR_PTR(-ENOMEM);

	pages->uncharged = min(piece, count) > MAX_ORDER_NR_PAGES;
	for (i = 0; i < count; i += n) {
		struct page *page;

		n = min(piece, count - i);
		ret = vprime_pages_go_on();
		page = ret ? NULL : vprime_pages_alloc_piece(n, gfp);
		if (!page) {
			pages->uncharged = false;
			ret = ret ?: -ENOMEM;
			goto err_put;
		}
		for (j = 0; j < n; j++)
			pages->page[i + j] = page + j;
	}
	if (!vprime_pages_fit(pages, c)) {
		ret = -ENOMEM;
		goto err_put;
	}

	return pages;

err_put:
	vprime_pages_put(pages);
	return ERR_PTR(ret);
}

/**
 * vprime_pages_get - take a reference
 * @pages: pages
 *
 * Return: @pages.
 */
struct vprime_pages *vprime_pages_get(struct vprime_pages *pages)
{
	kref_get(&pages->ref);
	return pages;
}

static void vprime_pages_release(struct kref *ref)
{
	struct vprime_pages *pages =
		container_of(ref, struct vprime_pages, ref);
	unsigned long i;

#ifdef CONFIG_X86
	if (pages->write_combine)
		set_pages_array_wb(pages->page, pages->count);
#endif
	if (pages->mapping) {
		vprime_pages_return(pages, pages->count);
	} else {
		for (i = 0; i < pages->count && pages->page[i]; i++)
			__free_page(pages->page[i]);
	}
	if (pages->uncharged)
		atomic_long_sub(pages->count, &vprime_uncharged);
	kvfree(pages);
}

/**
 * vprime_pages_put - drop a reference
 * @pages: pages or NULL
 *
 * Context: process; may sleep.
 */
void vprime_pages_put(struct vprime_pages *pages)
{
	if (pages)
		kref_put(&pages->ref, vprime_pages_release);
}

/**
 * vprime_pages_set_write_combine - map pages write-combined
 * @pages: pages, used by nobody yet; stay so until they are freed
 *
 * Only x86 cares what else maps a page; elsewhere nothing has to be done. There it
 * splits the large pages that the kernel maps all memory with and flushes the TLBs of
 * all processors, so it is not for what happens often.
 *
 * Return: 0, or with all of them as they were: -ENOMEM; -EINTR for a process that is
 * killed.
 */
int vprime_pages_set_write_combine(struct vprime_pages *pages)
{
#ifdef CONFIG_X86
	unsigned long i, n;
	int ret;

	for (i = 0; i < pages->count; i += n) {
		n = min(pages->count - i, PAGES_AT_ONCE);
		/* It says EINVAL of whatever went wrong, and leaves what it had done. */
		ret = set_pages_array_wc(pages->page + i, n) ? -ENOMEM :
							       vprime_pages_go_on();
		if (ret) {
			set_pages_array_wb(pages->page, i + n);
			return ret;
		}
	}
#endif
	pages->write_combine = true;

	return 0;
}

/**
 * vprime_pages_copy - copy what pages hold
 * @to: as many pages
 * @from: pages; nobody writes them
 *
 * Return: 0; -EINTR for a process that is killed.
 */
int vprime_pages_copy(struct vprime_pages *to, const struct vprime_pages *from)
{
	unsigned long i;
	int ret;

	for (i = 0; i < to->count; i++) {
		copy_highpage(to->page[i], from->page[i]);
		ret = vprime_pages_go_on();
		if (ret)
			return ret;
	}

	return 0;
}
