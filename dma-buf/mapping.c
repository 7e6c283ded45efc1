// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping: importers get a buffer's scatterlist in their device's addresses.
 * A mapping that is unmapped is kept idle with its attachment, and given out
 * again for the same direction with no more than the cache maintenance its
 * device needs. It ends when the buffer moves or is revoked, with the
 * attachment, and under memory pressure. Attachments are attachment.c's.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>

#include "attachment.h"
#include "fault.h"
#include "form.h"
#include "mapping.h"
#include "misuse.h"
#include "sg_shadow.h"
#include "state.h"
#include "trace.h"

/**
 * struct dmabuf_mapping - a scatterlist that an exporter mapped
 * @node: in &dmabuf_attach_state.mappings
 * @table: the exporter's
 * @given: what the importer gets: @table, or a shadow of it
 * @direction: of the transfers
 * @in_use: between map and unmap
 * @stale: not to be given out again
 */
struct dmabuf_mapping {
	struct list_head node;
	struct sg_table *table;
	struct sg_table *given;
	enum dma_data_direction direction;
	bool in_use;
	bool stale;
};

atomic_long_t dmabuf_idle_mappings;
static bool stopped;

/* A static importer can't follow a move, so its mapping pins a buffer that may. */
static bool must_pin(const struct dma_buf_attachment *attach)
{
	return attach->dmabuf->ops->pin && !attach->importer_ops;
}

static int pin_for_map(struct dma_buf_attachment *attach, unsigned long caller)
{
	int ret;

	if (!must_pin(attach))
		return 0;
	ret = attach->dmabuf->ops->pin(attach);
	if (ret == -EBUSY)
		dmabuf_misuse(DMABUF_PIN_BUSY, attach->dmabuf, attach, caller);
	return ret;
}

static void unpin_for_map(struct dma_buf_attachment *attach)
{
	if (must_pin(attach))
		attach->dmabuf->ops->unpin(attach);
}

/* Static importers do not look at fences: the memory has to be there. */
static int wait_for_memory(struct dma_buf_attachment *attach)
{
	long ret;

	if (attach->importer_ops)
		return 0;
	ret = dma_resv_wait_timeout(attach->dmabuf->resv, DMA_RESV_USAGE_KERNEL,
				    true, MAX_SCHEDULE_TIMEOUT);
	return ret < 0 ? ret : 0;
}

/* The exporter's table, pinned if need be, or an ERR_PTR. */
static struct sg_table *map_pinned(struct dma_buf_attachment *attach,
				   enum dma_data_direction direction,
				   unsigned long caller)
{
	const struct dma_buf_ops *ops = attach->dmabuf->ops;
	struct sg_table *table;
	int ret;

	ret = pin_for_map(attach, caller);
	if (ret)
		return ERR_PTR(ret);
	table = ops->map_dma_buf(attach, direction);
	if (!table)
		table = ERR_PTR(-ENOMEM);
	if (IS_ERR(table))
		goto unpin;
	ret = wait_for_memory(attach);
	if (!ret)
		return table;

	ops->unmap_dma_buf(attach, table, direction);
	table = ERR_PTR(ret);
unpin:
	unpin_for_map(attach);
	return table;
}

/* Tables for peers have addresses that no cache maintenance may touch. */
static bool may_idle(struct dma_buf_attachment *attach)
{
	return !attach->peer2peer && !dmabuf_is_strict() && !READ_ONCE(stopped);
}

static void end_mapping(struct dma_buf_attachment *attach,
			struct dmabuf_mapping *mapping)
{
	list_del(&mapping->node);
	if (!mapping->in_use)
		atomic_long_dec(&dmabuf_idle_mappings);
	if (mapping->given != mapping->table)
		dmabuf_sg_shadow_free(mapping->given);
	attach->dmabuf->ops->unmap_dma_buf(attach, mapping->table,
					   mapping->direction);
	kfree(mapping);
}

static unsigned long drop_idle(struct dma_buf_attachment *attach,
			       struct dmabuf_attach_state *state)
{
	struct dmabuf_mapping *mapping, *next;
	unsigned long dropped = 0;

	list_for_each_entry_safe(mapping, next, &state->mappings, node) {
		if (mapping->in_use)
			continue;
		end_mapping(attach, mapping);
		dropped++;
	}
	return dropped;
}

static struct dmabuf_mapping *find_idle(struct dmabuf_attach_state *state,
					enum dma_data_direction direction)
{
	struct dmabuf_mapping *mapping;

	list_for_each_entry(mapping, &state->mappings, node)
		if (!mapping->in_use && mapping->direction == direction)
			return mapping;
	return NULL;
}

static struct dmabuf_mapping *find_given(struct dmabuf_attach_state *state,
					 const struct sg_table *given)
{
	struct dmabuf_mapping *mapping;

	list_for_each_entry(mapping, &state->mappings, node)
		if (mapping->in_use && mapping->given == given)
			return mapping;
	return NULL;
}

/*
 * Give an idle mapping out again. It is in use before the exporter is called:
 * pinning can move the buffer, which makes the mapping stale.
 */
static int reuse(struct dma_buf_attachment *attach,
		 struct dmabuf_mapping *mapping, unsigned long caller)
{
	int ret;

	mapping->in_use = true;
	atomic_long_dec(&dmabuf_idle_mappings);
	ret = pin_for_map(attach, caller);
	if (ret)
		goto idle;
	ret = mapping->stale ? -EAGAIN : wait_for_memory(attach);
	if (ret)
		goto unpin;
	dma_sync_sgtable_for_device(attach->dev, mapping->table,
				    mapping->direction);
	return 0;

unpin:
	unpin_for_map(attach);
idle:
	mapping->in_use = false;
	atomic_long_inc(&dmabuf_idle_mappings);
	if (mapping->stale)
		end_mapping(attach, mapping);
	return ret;
}

/* A mapping that is on no list yet, or an ERR_PTR. */
static struct dmabuf_mapping *make_mapping(struct dma_buf_attachment *attach,
					   enum dma_data_direction direction,
					   unsigned long caller)
{
	struct dmabuf_mapping *mapping = kzalloc_obj(*mapping);
	int ret;

	if (!mapping)
		return ERR_PTR(-ENOMEM);
	mapping->table = map_pinned(attach, direction, caller);
	if (IS_ERR(mapping->table)) {
		ret = PTR_ERR(mapping->table);
		goto free;
	}
	mapping->given = mapping->table;
	/* A shadow could not be unmapped by the stock core. */
	if (dmabuf_is_strict() && !DMABUF_IS_LIVE)
		mapping->given = dmabuf_sg_shadow(mapping->table);
	if (!mapping->given) {
		ret = -ENOMEM;
		goto unmap;
	}
	mapping->direction = direction;
	mapping->in_use = true;
	return mapping;

unmap:
	attach->dmabuf->ops->unmap_dma_buf(attach, mapping->table, direction);
	unpin_for_map(attach);
free:
	kfree(mapping);
	return ERR_PTR(ret);
}

static struct sg_table *map_counted(struct dma_buf_attachment *attach,
				    struct dmabuf_attach_state *state,
				    enum dma_data_direction direction,
				    unsigned long caller, bool *reused)
{
	struct dmabuf_mapping *mapping = find_idle(state, direction);
	int ret = mapping ? reuse(attach, mapping, caller) : -EAGAIN;

	*reused = !ret;
	if (ret && ret != -EAGAIN)
		return ERR_PTR(ret);
	if (ret) {
		/* Some exporters keep one mapping themselves, of one direction. */
		drop_idle(attach, state);
		mapping = make_mapping(attach, direction, caller);
		if (IS_ERR(mapping))
			return ERR_CAST(mapping);
		list_add(&mapping->node, &state->mappings);
	}
	state->maps++;
	return mapping->given;
}

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
		table = map_counted(attach, state, direction, caller, &reused);
	else
		table = map_pinned(attach, direction, caller);
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
	might_sleep();
	if (!dmabuf_attachment_usable(attach, DMABUF_MAP_DETACHED, _RET_IP_))
		return ERR_PTR(-EINVAL);
	dmabuf_check_locked(attach->dmabuf, attach, _RET_IP_);
	return map(attach, direction, _RET_IP_);
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
	struct sg_table *table;

	might_sleep();
	if (!dmabuf_attachment_usable(attach, DMABUF_MAP_DETACHED, _RET_IP_))
		return ERR_PTR(-EINVAL);
	dma_resv_lock(attach->dmabuf->resv, NULL);
	table = map(attach, direction, _RET_IP_);
	dma_resv_unlock(attach->dmabuf->resv);
	return table;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_map_attachment_unlocked, "DMA_BUF");

static void unmap_counted(struct dma_buf_attachment *attach,
			  struct dmabuf_attach_state *state,
			  struct dmabuf_mapping *mapping)
{
	state->maps--;
	mapping->in_use = false;
	atomic_long_inc(&dmabuf_idle_mappings);
	if (mapping->stale || !may_idle(attach) ||
	    mapping->given != mapping->table) {
		end_mapping(attach, mapping);
		return;
	}
	dma_sync_sgtable_for_cpu(attach->dev, mapping->table, mapping->direction);
}

static void unmap(struct dma_buf_attachment *attach, struct sg_table *table,
		  enum dma_data_direction direction, unsigned long caller)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	struct dma_buf *dmabuf = attach->dmabuf;
	u64 start = DMABUF_START(unmap);
	struct dmabuf_mapping *mapping;

	mapping = state ? find_given(state, table) : NULL;
	if (state && !mapping && !state->adopted) {
		dmabuf_misuse(DMABUF_UNMAP_UNMAPPED, dmabuf, attach, caller);
		return;
	}
	if (mapping && mapping->direction != direction)
		dmabuf_misuse(DMABUF_UNMAP_DIRECTION, dmabuf, attach, caller);
	if (mapping)
		unmap_counted(attach, state, mapping);
	else
		dmabuf->ops->unmap_dma_buf(attach, table, direction);
	unpin_for_map(attach);
	trace_dmabuf_unmap(dmabuf, attach->dev, direction, 0, start);
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
	might_sleep();
	if (!dmabuf_attachment_usable(attach, DMABUF_UNMAP_UNMAPPED, _RET_IP_))
		return;
	dmabuf_check_locked(attach->dmabuf, attach, _RET_IP_);
	unmap(attach, table, direction, _RET_IP_);
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
	might_sleep();
	if (!dmabuf_attachment_usable(attach, DMABUF_UNMAP_UNMAPPED, _RET_IP_))
		return;
	dma_resv_lock(attach->dmabuf->resv, NULL);
	unmap(attach, table, direction, _RET_IP_);
	dma_resv_unlock(attach->dmabuf->resv);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_unmap_attachment_unlocked, "DMA_BUF");

unsigned long dmabuf_mappings_invalidate(struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	struct dmabuf_mapping *mapping;

	if (!state)
		return 0;
	list_for_each_entry(mapping, &state->mappings, node)
		mapping->stale = true;
	return drop_idle(attach, state);
}

void dmabuf_mappings_end(struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	struct dmabuf_mapping *mapping, *next;

	if (!state)
		return;
	list_for_each_entry_safe(mapping, next, &state->mappings, node) {
		if (mapping->in_use)
			unpin_for_map(attach);
		end_mapping(attach, mapping);
	}
	state->maps = 0;
}

void dmabuf_mappings_forget(struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	struct dmabuf_mapping *mapping, *next;

	dmabuf_mappings_invalidate(attach);
	if (!state)
		return;
	list_for_each_entry_safe(mapping, next, &state->mappings, node) {
		list_del(&mapping->node);
		kfree(mapping);
	}
	state->maps = 0;
}

void dmabuf_mappings_stop(bool stop)
{
	WRITE_ONCE(stopped, stop);
}
