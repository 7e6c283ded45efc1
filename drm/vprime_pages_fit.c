// SPDX-License-Identifier: GPL-2.0-only
/*
 * What devices ask of pages: in how many pieces they lie, and whether one can use them.
 * Asked by who allocates (vprime_pages.c), moves and exports; it changes nothing.
 */

#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/mm.h>

#include "vprime_constraints.h"
#include "vprime_pages.h"

/**
 * vprime_pages_segments - count the pieces a device would get
 * @pages: pages
 * @max_segment: bytes of the longest piece; a multiple of PAGE_SIZE
 *
 * Return: their number.
 */
unsigned int vprime_pages_segments(const struct vprime_pages *pages,
				   unsigned long max_segment)
{
	unsigned long longest = max_segment >> PAGE_SHIFT, length = 0, i;
	unsigned int segments = 0;

	for (i = 0; i < pages->count; i++) {
		if (!length || length == longest ||
		    page_to_pfn(pages->page[i]) !=
			    page_to_pfn(pages->page[i - 1]) + 1) {
			segments++;
			length = 0;
		}
		length++;
	}

	return segments;
}

/**
 * vprime_pages_fit - ask whether a device can use pages
 * @pages: pages
 * @c: what the device can use
 *
 * Return: true if it can.
 */
bool vprime_pages_fit(const struct vprime_pages *pages,
		      const struct vprime_constraints *c)
{
	unsigned int segments;
	unsigned long i;

	if (!vprime_constraints_any(c))
		return true;

	for (i = 0; c->dma_mask != U64_MAX && i < pages->count; i++)
		if (page_to_phys(pages->page[i]) + PAGE_SIZE - 1 > c->dma_mask)
			return false;

	if (!c->contiguous && c->max_segments >= pages->count)
		return true;
	segments = vprime_pages_segments(pages, c->max_segment);

	return segments <= (c->contiguous ? 1 : c->max_segments);
}
