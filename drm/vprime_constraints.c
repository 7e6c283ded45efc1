// SPDX-License-Identifier: GPL-2.0-only
/*
 * What memory a device can use: known from the DMA API for any device, and
 * from configfs for ours, which pretend to be as limited as they are told. The
 * exporter asks before it maps, the importer checks what it was given. It knows
 * nothing of buffers.
 */

#include <linux/dma-mapping.h>
#include <linux/scatterlist.h>
#include <linux/swiotlb.h>

#include "vprime_constraints.h"
#include "vprime_slot.h"

/*
 * Memory is chosen where a limited device reaches it, so nothing is bounced for it;
 * but on a machine that bounces all, as a guest whose memory is encrypted does.
 */
static size_t vprime_constraints_longest(struct device *dev)
{
	if (dma_addressing_limited(dev) && !is_swiotlb_force_bounce(dev))
		return SIZE_MAX;

	return dma_max_mapping_size(dev);
}

/**
 * vprime_constraints_of - tell what memory a device can use
 * @dev: device, of any driver
 * @c: filled in
 *
 * For memory that the device has already, or that is its own: no DMA API between.
 *
 * Context: any but hard interrupts.
 */
void vprime_constraints_of(struct device *dev, struct vprime_constraints *c)
{
	size_t longest = dma_get_max_seg_size(dev) & PAGE_MASK;

	if (vprime_slot_constraints(dev, c))
		return;

	*c = VPRIME_CONSTRAINTS_NONE;
	c->dma_mask = dma_get_mask(dev);
	c->max_segment = min(c->max_segment, max(longest, PAGE_SIZE));
}

/**
 * vprime_constraints_to_map - tell what memory can be mapped for a device
 * @dev: device, of any driver
 * @c: filled in
 *
 * What it can use, in pieces that the DMA API maps: where that bounces them, they
 * are short.
 *
 * Context: any but hard interrupts.
 */
void vprime_constraints_to_map(struct device *dev, struct vprime_constraints *c)
{
	size_t longest = vprime_constraints_longest(dev) & PAGE_MASK;

	vprime_constraints_of(dev, c);
	c->max_segment = min(c->max_segment, max(longest, PAGE_SIZE));
}

/**
 * vprime_constraints_merge - make constraints that are as strict as two
 * @c: first of the two, and the result
 * @other: second
 */
void vprime_constraints_merge(struct vprime_constraints *c,
			      const struct vprime_constraints *other)
{
	c->dma_mask &= other->dma_mask;
	c->max_segment = min(c->max_segment, other->max_segment);
	c->max_segments = min(c->max_segments, other->max_segments);
	c->contiguous |= other->contiguous;
}

/**
 * vprime_constraints_any - ask whether some memory would not do
 * @c: constraints
 *
 * The length of a piece alone forbids no memory: pieces can be cut.
 *
 * Return: true if pages have to be chosen.
 */
bool vprime_constraints_any(const struct vprime_constraints *c)
{
	return c->contiguous || c->max_segments != UINT_MAX ||
	       c->dma_mask != U64_MAX;
}

/**
 * vprime_constraints_possible - ask whether any memory would do
 * @c: constraints
 * @size: bytes of the buffer, not 0
 *
 * Return: false if no memory of that size can satisfy @c.
 */
bool vprime_constraints_possible(const struct vprime_constraints *c,
				 size_t size)
{
	size_t segments = (size - 1) / c->max_segment + 1;

	return segments <= c->max_segments && !(c->contiguous && segments > 1);
}

/**
 * vprime_constraints_check - compare what an exporter gave with what is needed
 * @c: constraints of the importing device
 * @sgt: table, mapped for the device
 *
 * Return: 0, or -EOPNOTSUPP: the device can't use this memory.
 */
int vprime_constraints_check(const struct vprime_constraints *c,
			     struct sg_table *sgt)
{
	unsigned int segments = 0, i;
	struct scatterlist *sg;

	for_each_sgtable_dma_sg(sgt, sg, i) {
		if (sg_dma_address(sg) + sg_dma_len(sg) - 1 > c->dma_mask ||
		    sg_dma_len(sg) > c->max_segment)
			return -EOPNOTSUPP;
		segments++;
	}

	if (segments > c->max_segments || (c->contiguous && segments > 1))
		return -EOPNOTSUPP;

	return 0;
}
