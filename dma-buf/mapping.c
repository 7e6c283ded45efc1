// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping: importers get a buffer's scatterlist in their device's addresses.
 * Here is what they call; which mapping they get is mapping_list.c's business,
 * attachments are attachment.c's.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>

#include "attachment.h"
#include "fault.h"
#include "form.h"
#include "hold.h"
#include "lock.h"
#include "mapping_list.h"
#include "misuse.h"
#include "pinned.h"
#include "state.h"
#include "trace.h"

static struct sg_table *map(struct dma_buf_attachment *attach,
			    enum dma_data_direction direction,
			    unsigned long caller)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	struct dma_buf *dmabuf = attach->dmabuf;
	u64 start = DMABUF_START(map);
	struct sg_table *table;
	bool reused = false;
	int ret;

	if (!valid_dma_direction(direction)) {
		dmabuf_misuse(DMABUF_BAD_DIRECTION, dmabuf, attach, caller);
		return ERR_PTR(-EINVAL);
	}
	if (dmabuf_is_revoked(dmabuf))
		return ERR_PTR(-ENODEV);
	ret = dmabuf_fault(DMABUF_FAULT_MAP, dmabuf->exp_name, attach->dev);
	if (ret)
		table = ERR_PTR(ret);
	else if (state)
		table = dmabuf_mapping_get(attach, state, direction, caller, &reused);
	else
		table = dmabuf_map_pinned(attach, direction, caller);
	trace_dmabuf_map(dmabuf, attach->dev, direction,
			 reused ? 1 : PTR_ERR_OR_ZERO(table), start);
	return table;
}

/**
 * dma_buf_map_attachment - get a buffer's scatterlist in a device's addresses
 * @attach: the attachment; its buffer's reservation lock is held
 * @direction: of the transfers
 *
 * The table stays the exporter's: read &scatterlist.dma_address and dma_length
 * of it, nothing else. A static importer's mapping keeps the buffer pinned; a
 * dynamic importer waits for the fences itself before it lets its device run.
 *
 * Return: the table, for dma_buf_unmap_attachment() with the same direction, or
 * an ERR_PTR: -EINVAL for a bad attachment or direction, -ENODEV if the buffer
 * was revoked, -ENOMEM, -ERESTARTSYS, or what the exporter says.
 */
struct sg_table *dma_buf_map_attachment(struct dma_buf_attachment *attach,
					enum dma_data_direction direction)
{
	struct sg_table *table;
	bool forgotten;

	might_sleep();
	if (!dmabuf_attachment_usable(attach, DMABUF_MAP_DETACHED, _RET_IP_))
		return ERR_PTR(-EINVAL);
	forgotten = dmabuf_lock_forgotten(attach->dmabuf, attach, _RET_IP_);
	table = map(attach, direction, _RET_IP_);
	dmabuf_unlock_forgotten(attach->dmabuf, forgotten);
	return table;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_map_attachment, "DMA_BUF");

/**
 * dma_buf_map_attachment_unlocked - dma_buf_map_attachment() that takes the lock
 * @attach: the attachment; its buffer's reservation lock is not held
 * @direction: of the transfers
 *
 * Return: as dma_buf_map_attachment().
 */
struct sg_table *
dma_buf_map_attachment_unlocked(struct dma_buf_attachment *attach,
				enum dma_data_direction direction)
{
	struct dmabuf_state *own;
	struct sg_table *table;

	might_sleep();
	if (!dmabuf_attachment_usable(attach, DMABUF_MAP_DETACHED, _RET_IP_))
		return ERR_PTR(-EINVAL);
	own = dmabuf_own_state(attach->dmabuf);
	if (!dmabuf_call_begin(own))
		return ERR_PTR(-ENODEV);
	dma_resv_lock(attach->dmabuf->resv, NULL);
	table = map(attach, direction, _RET_IP_);
	dma_resv_unlock(attach->dmabuf->resv);
	dmabuf_call_end(own);
	return table;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_map_attachment_unlocked, "DMA_BUF");

static void unmap(struct dma_buf_attachment *attach, struct sg_table *table,
		  enum dma_data_direction direction, unsigned long caller)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	u64 start = DMABUF_START(unmap);

	if (state)
		dmabuf_mapping_put(attach, state, table, direction, caller);
	else
		dmabuf_unmap_pinned(attach, table, direction);
	trace_dmabuf_unmap(attach->dmabuf, attach->dev, direction, 0, start);
}

/**
 * dma_buf_unmap_attachment - give a scatterlist back
 * @attach: the attachment; its buffer's reservation lock is held
 * @table: from dma_buf_map_attachment(), not given back yet
 * @direction: as it was mapped
 */
void dma_buf_unmap_attachment(struct dma_buf_attachment *attach,
			      struct sg_table *table,
			      enum dma_data_direction direction)
{
	bool forgotten;

	might_sleep();
	if (!dmabuf_attachment_usable(attach, DMABUF_UNMAP_UNMAPPED, _RET_IP_))
		return;
	forgotten = dmabuf_lock_forgotten(attach->dmabuf, attach, _RET_IP_);
	unmap(attach, table, direction, _RET_IP_);
	dmabuf_unlock_forgotten(attach->dmabuf, forgotten);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_unmap_attachment, "DMA_BUF");

/**
 * dma_buf_unmap_attachment_unlocked - the same, taking the lock
 * @attach: the attachment; its buffer's reservation lock is not held
 * @table: from dma_buf_map_attachment(), not given back yet
 * @direction: as it was mapped
 */
void dma_buf_unmap_attachment_unlocked(struct dma_buf_attachment *attach,
				       struct sg_table *table,
				       enum dma_data_direction direction)
{
	struct dmabuf_state *own;

	might_sleep();
	if (!dmabuf_attachment_usable(attach, DMABUF_UNMAP_UNMAPPED, _RET_IP_))
		return;
	own = dmabuf_own_state(attach->dmabuf);
	/* Else the buffer's release unmapped it, and said so. */
	if (!dmabuf_call_begin(own))
		return;
	dma_resv_lock(attach->dmabuf->resv, NULL);
	unmap(attach, table, direction, _RET_IP_);
	dma_resv_unlock(attach->dmabuf->resv);
	dmabuf_call_end(own);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_unmap_attachment_unlocked, "DMA_BUF");
