/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mappings as exporters make them. All of it is called with the buffer's reservation
 * lock held, and may sleep.
 */
#ifndef DMABUF_PINNED_H
#define DMABUF_PINNED_H

#include <linux/dma-direction.h>
#include <linux/types.h>

struct dma_buf_attachment;
struct sg_table;

/**
 * dmabuf_pin_for_map - keep a buffer where it is, if its importer is static
 * @attach: the attachment
 * @caller: who asks
 *
 * Return: 0, for dmabuf_unpin_for_map(), or what the exporter says.
 */
int dmabuf_pin_for_map(struct dma_buf_attachment *attach, unsigned long caller);

/**
 * dmabuf_unpin_for_map - let it move again
 * @attach: the attachment
 */
void dmabuf_unpin_for_map(struct dma_buf_attachment *attach);

/**
 * dmabuf_wait_for_memory - wait for a move, for those who do not look at fences
 * @attach: the attachment
 *
 * Return: 0 or -ERESTARTSYS.
 */
int dmabuf_wait_for_memory(struct dma_buf_attachment *attach);

/**
 * dmabuf_gives_shadows - ask whether importers get shadows of exporters' tables
 *
 * Built in, they do in strict mode. The live form and the stock core unmap what the
 * other one mapped, so there they do if that one was compiled with CONFIG_DMABUF_DEBUG.
 *
 * Return: true or false.
 */
bool dmabuf_gives_shadows(void);

/**
 * dmabuf_map_original - a new mapping, as the exporter made it
 * @attach: the attachment
 * @direction: of the transfers
 * @caller: who asks
 *
 * Return: the exporter's table, the buffer pinned if the importer can't follow
 * its moves, for dmabuf_unmap_original(), or an ERR_PTR.
 */
struct sg_table *dmabuf_map_original(struct dma_buf_attachment *attach,
				     enum dma_data_direction direction,
				     unsigned long caller);

/**
 * dmabuf_unmap_original - end it
 * @attach: the attachment
 * @table: the exporter's
 * @direction: as it was mapped
 */
void dmabuf_unmap_original(struct dma_buf_attachment *attach, struct sg_table *table,
			   enum dma_data_direction direction);

/**
 * dmabuf_map_pinned - the same for an importer, with nobody to count it
 * @attach: the attachment
 * @direction: of the transfers
 * @caller: who asks
 *
 * Return: the importer's table, for dmabuf_unmap_pinned(), or an ERR_PTR.
 */
struct sg_table *dmabuf_map_pinned(struct dma_buf_attachment *attach,
				   enum dma_data_direction direction,
				   unsigned long caller);

/**
 * dmabuf_unmap_pinned - end it
 * @attach: the attachment
 * @table: the importer's; the stock core may have given it
 * @direction: as it was mapped
 */
void dmabuf_unmap_pinned(struct dma_buf_attachment *attach,
			 struct sg_table *table, enum dma_data_direction direction);

#endif
