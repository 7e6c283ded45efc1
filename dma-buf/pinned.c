// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings as exporters make them and end them: pinned for importers that can't
 * follow a move, and with a shadow for the importer where it is to get one.
 * mapping_list.c keeps them; nothing here counts.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>

#include "form.h"
#include "misuse.h"
#include "pinned.h"
#include "sg_shadow.h"

/* A static importer can't follow a move, so its mapping pins a buffer that may. */
static bool must_pin(const struct dma_buf_attachment *attach)
{
	return attach->dmabuf->ops->pin && !attach->importer_ops;
}

int dmabuf_pin_for_map(struct dma_buf_attachment *attach, unsigned long caller)
{
	int ret;

	if (!must_pin(attach))
		return 0;
	ret = attach->dmabuf->ops->pin(attach);
	if (ret == -EBUSY)
		dmabuf_misuse(DMABUF_PIN_BUSY, attach->dmabuf, attach, caller);
	return ret;
}

void dmabuf_unpin_for_map(struct dma_buf_attachment *attach)
{
	if (must_pin(attach))
		attach->dmabuf->ops->unpin(attach);
}

int dmabuf_wait_for_memory(struct dma_buf_attachment *attach)
{
	long ret;

	if (attach->importer_ops ||
	    !rcu_access_pointer(attach->dmabuf->resv->fences))
		return 0;
	ret = dma_resv_wait_timeout(attach->dmabuf->resv, DMA_RESV_USAGE_KERNEL,
				    true, MAX_SCHEDULE_TIMEOUT);
	return ret < 0 ? ret : 0;
}

bool dmabuf_gives_shadows(void)
{
	return DMABUF_IS_LIVE ? IS_ENABLED(CONFIG_DMABUF_DEBUG) :
				dmabuf_is_strict();
}

struct sg_table *dmabuf_map_original(struct dma_buf_attachment *attach,
				     enum dma_data_direction direction,
				     unsigned long caller)
{
	const struct dma_buf_ops *ops = attach->dmabuf->ops;
	struct sg_table *table;
	int ret;

	ret = dmabuf_pin_for_map(attach, caller);
	if (ret)
		return ERR_PTR(ret);
	table = ops->map_dma_buf(attach, direction);
	if (!table)
		table = ERR_PTR(-ENOMEM);
	if (IS_ERR(table))
		goto unpin;
	ret = dmabuf_wait_for_memory(attach);
	if (!ret)
		return table;

	ops->unmap_dma_buf(attach, table, direction);
	table = ERR_PTR(ret);
unpin:
	dmabuf_unpin_for_map(attach);
	return table;
}

void dmabuf_unmap_original(struct dma_buf_attachment *attach, struct sg_table *table,
			   enum dma_data_direction direction)
{
	attach->dmabuf->ops->unmap_dma_buf(attach, table, direction);
	dmabuf_unpin_for_map(attach);
}

struct sg_table *dmabuf_map_pinned(struct dma_buf_attachment *attach,
				   enum dma_data_direction direction,
				   unsigned long caller)
{
	struct sg_table *table = dmabuf_map_original(attach, direction, caller), *shadow;

	if (IS_ERR(table) || !dmabuf_gives_shadows())
		return table;
	shadow = dmabuf_sg_shadow(table);
	if (!shadow) {
		dmabuf_unmap_original(attach, table, direction);
		return ERR_PTR(-ENOMEM);
	}
	return shadow;
}

void dmabuf_unmap_pinned(struct dma_buf_attachment *attach,
			 struct sg_table *table, enum dma_data_direction direction)
{
	if (dmabuf_gives_shadows())
		table = dmabuf_sg_shadow_end(table);
	dmabuf_unmap_original(attach, table, direction);
}
