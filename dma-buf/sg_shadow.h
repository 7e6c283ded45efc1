/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scatterlists with decoys for pages, for importers that are watched. In the live form
 * they have none, and are as the stock core makes them with CONFIG_DMABUF_DEBUG: each of
 * the two can unmap what the other mapped.
 */
#ifndef DMABUF_SG_SHADOW_H
#define DMABUF_SG_SHADOW_H

#include <linux/types.h>

struct sg_table;

/**
 * dmabuf_sg_shadow - copy what an importer may see of a scatterlist
 * @table: mapped
 *
 * The copy has the same addresses and lengths for the device. Its pages are not
 * the buffer's: one decoy, as long as the longest segment, stands for each. A
 * segment that no decoy was to be had for, as it is longer than the page
 * allocator gives or memory is short, has no page.
 *
 * Return: the copy, for dmabuf_sg_shadow_end(), or NULL without memory.
 */
struct sg_table *dmabuf_sg_shadow(struct sg_table *table);

/**
 * dmabuf_sg_shadow_touched - did somebody use the pages of a shadow?
 * @shadow: from dmabuf_sg_shadow()
 *
 * Seen is who wrote to them, by the processor or a device, and who still has a
 * reference or a program's mapping; not who only read.
 *
 * Return: true or false.
 */
bool dmabuf_sg_shadow_touched(struct sg_table *shadow);

/**
 * dmabuf_sg_shadow_end - free a shadow
 * @shadow: from dmabuf_sg_shadow(); in the live form, or from the stock core
 *
 * Return: what it was a copy of.
 */
struct sg_table *dmabuf_sg_shadow_end(struct sg_table *shadow);

#endif
