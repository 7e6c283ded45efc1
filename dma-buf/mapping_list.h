/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The mappings of an attachment, for mapping.c. In all that is here the
 * reservation lock of the attachment's buffer is held.
 */
#ifndef DMABUF_MAPPING_LIST_H
#define DMABUF_MAPPING_LIST_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct dma_buf_attachment;
struct dmabuf_attach_state;
struct sg_table;

/**
 * dmabuf_mapping_get - a mapping, idle or new
 * @attach: the attachment
 * @state: its state
 * @direction: of the transfers
 * @caller: who asks
 * @reused: set to whether it was idle
 *
 * Return: the table for the importer, or an ERR_PTR.
 */
struct sg_table *dmabuf_mapping_get(struct dma_buf_attachment *attach,
				    struct dmabuf_attach_state *state,
				    enum dma_data_direction direction,
				    unsigned long caller, bool *reused);

/**
 * dmabuf_mapping_put - take a mapping back
 * @attach: the attachment
 * @state: its state
 * @table: what the importer says it was given
 * @direction: what it says was the direction
 * @caller: who says so
 *
 * Reports what is wrong of it, and survives it.
 */
void dmabuf_mapping_put(struct dma_buf_attachment *attach,
			struct dmabuf_attach_state *state, struct sg_table *table,
			enum dma_data_direction direction, unsigned long caller);

#endif
