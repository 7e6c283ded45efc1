// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mappings of an attachment. One that is given back is kept idle, and given
 * out again for the same direction, where that is nothing that its device or its
 * exporter could notice. It ends when the buffer moves or is revoked, with the
 * attachment, and when reclaim.c asks. Only mapping.c asks for mappings here; who
 * uses them and how is its business.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "form.h"
#include "mapping.h"
#include "mapping_list.h"
#include "misuse.h"
#include "pinned.h"
#include "reclaim.h"
#include "sg_shadow.h"
#include "state.h"

/**
 * struct dmabuf_mapping - a scatterlist that an exporter mapped
 * @node: in &dmabuf_attach_state.mappings
 * @idle: among all idle ones
 * @table: the exporter's
 * @given: what the importer gets: @table, or a shadow of it
 * @direction: of the transfers
 * @in_use: between map and unmap
 * @stale: not to be given out again
 */
struct dmabuf_mapping {
	struct list_head node;
	struct dmabuf_idle idle;
	struct sg_table *table;
	struct sg_table *given;
	enum dma_data_direction direction;
	bool in_use;
	bool stale;
};

/*
 * Where memory is bounced, or a cache does not see the device, map and unmap copy or
 * clean it, unless the exporter told them not to; what it does of this itself goes
 * by who is mapped. No sync of ours would be the same. A device that is not trusted
 * has to lose its access with the unmap.
 */
static bool may_keep_for(struct device *dev)
{
	return !dma_dev_need_sync(dev) &&
	       !(dev_is_pci(dev) && to_pci_dev(dev)->untrusted);
}

/*
 * A device begins to need syncs with its first bounced page, so it is asked each
 * time. Who exports peers' memory waits for every unmap.
 */
static bool may_idle(struct dma_buf_attachment *attach)
{
	return !attach->peer2peer && !dmabuf_is_strict() && !dmabuf_idle_stopped() &&
	       may_keep_for(attach->dev);
}

static void check_pages(struct dma_buf_attachment *attach,
			struct dmabuf_mapping *mapping, unsigned long caller)
{
	if (mapping->given != mapping->table &&
	    dmabuf_sg_shadow_touched(mapping->given))
		dmabuf_misuse(DMABUF_PAGE_TOUCHED, attach->dmabuf, attach, caller);
}

static void end_mapping(struct dma_buf_attachment *attach,
			struct dmabuf_mapping *mapping)
{
	list_del(&mapping->node);
	dmabuf_idle_remove(&mapping->idle);
	if (mapping->given != mapping->table)
		dmabuf_sg_shadow_end(mapping->given);
	attach->dmabuf->ops->unmap_dma_buf(attach, mapping->table,
					   mapping->direction);
	kfree(mapping);
}

static void drop_idle(struct dma_buf_attachment *attach,
		      struct dmabuf_attach_state *state)
{
	struct dmabuf_mapping *mapping, *next;

	list_for_each_entry_safe(mapping, next, &state->mappings, node)
		if (!mapping->in_use)
			end_mapping(attach, mapping);
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

/* Some exporters give one table for both directions. */
static struct dmabuf_mapping *find_given(struct dmabuf_attach_state *state,
					 const struct sg_table *given,
					 enum dma_data_direction direction)
{
	struct dmabuf_mapping *mapping, *other = NULL;

	list_for_each_entry(mapping, &state->mappings, node) {
		if (!mapping->in_use || mapping->given != given)
			continue;
		if (mapping->direction == direction)
			return mapping;
		other = mapping;
	}
	return other;
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
	ret = dmabuf_pin_for_map(attach, caller);
	if (ret)
		goto idle;
	ret = mapping->stale ? -EAGAIN : dmabuf_wait_for_memory(attach);
	if (!ret)
		return 0;

	dmabuf_unpin_for_map(attach);
idle:
	mapping->in_use = false;
	if (mapping->stale)
		end_mapping(attach, mapping);
	return ret;
}

/* Nobody reclaims for want of addresses that a device can be given. */
static struct sg_table *map_original(struct dma_buf_attachment *attach,
				     enum dma_data_direction direction,
				     unsigned long caller)
{
	struct sg_table *table = dmabuf_map_original(attach, direction, caller);

	if (table != ERR_PTR(-ENOMEM) && table != ERR_PTR(-EIO))
		return table;
	if (!dmabuf_reclaim_device(attach->dev, attach->dmabuf->resv))
		return table;
	return dmabuf_map_original(attach, direction, caller);
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
	mapping->table = map_original(attach, direction, caller);
	if (IS_ERR(mapping->table)) {
		ret = PTR_ERR(mapping->table);
		goto free;
	}
	mapping->given = mapping->table;
	if (dmabuf_gives_shadows())
		mapping->given = dmabuf_sg_shadow(mapping->table);
	if (!mapping->given) {
		ret = -ENOMEM;
		goto unmap;
	}
	mapping->idle.attach = attach;
	mapping->direction = direction;
	mapping->in_use = true;
	mapping->stale = !may_idle(attach);
	return mapping;

unmap:
	dmabuf_unmap_original(attach, mapping->table, direction);
free:
	kfree(mapping);
	return ERR_PTR(ret);
}

/*
 * Two in use with one table: when one is unmapped or mapped in another direction,
 * the exporter may have changed what the table says.
 */
static void add_mapping(struct dmabuf_attach_state *state,
			struct dmabuf_mapping *mapping)
{
	struct dmabuf_mapping *other;

	list_for_each_entry(other, &state->mappings, node) {
		if (other->table != mapping->table)
			continue;
		other->stale = true;
		mapping->stale = true;
	}
	list_add(&mapping->node, &state->mappings);
}

struct sg_table *dmabuf_mapping_get(struct dma_buf_attachment *attach,
				    struct dmabuf_attach_state *state,
				    enum dma_data_direction direction,
				    unsigned long caller, bool *reused)
{
	struct dmabuf_mapping *mapping = NULL;
	int ret = -EAGAIN;

	if (may_idle(attach))
		mapping = find_idle(state, direction);
	if (mapping)
		ret = reuse(attach, mapping, caller);
	*reused = !ret;
	if (ret && ret != -EAGAIN)
		return ERR_PTR(ret);
	if (ret) {
		/* Some exporters keep one mapping themselves, of one direction. */
		drop_idle(attach, state);
		mapping = make_mapping(attach, direction, caller);
		if (IS_ERR(mapping))
			return ERR_CAST(mapping);
		add_mapping(state, mapping);
	}
	state->maps++;
	return mapping->given;
}

static void give_back(struct dma_buf_attachment *attach,
		      struct dmabuf_attach_state *state,
		      struct dmabuf_mapping *mapping)
{
	state->maps--;
	mapping->in_use = false;
	if (mapping->stale || !may_idle(attach) || mapping->given != mapping->table)
		end_mapping(attach, mapping);
	else
		dmabuf_idle_add(&mapping->idle);
}

void dmabuf_mapping_put(struct dma_buf_attachment *attach,
			struct dmabuf_attach_state *state, struct sg_table *table,
			enum dma_data_direction direction, unsigned long caller)
{
	struct dmabuf_mapping *mapping = find_given(state, table, direction);

	if (!mapping && state->adopted) {
		dmabuf_unmap_pinned(attach, table, direction);
		return;
	}
	if (!mapping) {
		dmabuf_misuse(DMABUF_UNMAP_UNMAPPED, attach->dmabuf, attach, caller);
		return;
	}
	if (mapping->direction != direction)
		dmabuf_misuse(DMABUF_UNMAP_DIRECTION, attach->dmabuf, attach, caller);
	check_pages(attach, mapping, caller);
	give_back(attach, state, mapping);
	dmabuf_unpin_for_map(attach);
}

unsigned long dmabuf_mapping_reclaim(struct dmabuf_idle *idle, bool used_too)
{
	struct dmabuf_mapping *mapping;
	unsigned long pages = idle->pages;

	mapping = container_of(idle, struct dmabuf_mapping, idle);
	dma_resv_assert_held(idle->attach->dmabuf->resv);
	if (mapping->in_use) {
		dmabuf_idle_remove(idle);
		return 0;
	}
	if (idle->again && !used_too) {
		idle->again = false;
		return 0;
	}
	end_mapping(idle->attach, mapping);
	return pages;
}

void dmabuf_mappings_invalidate(struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	struct dmabuf_mapping *mapping;

	if (!state)
		return;
	list_for_each_entry(mapping, &state->mappings, node) {
		mapping->stale = true;
		dmabuf_idle_remove(&mapping->idle);
	}
	drop_idle(attach, state);
}

void dmabuf_mappings_end(struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	struct dmabuf_mapping *mapping, *next;
	bool pinned;

	if (!state)
		return;
	list_for_each_entry_safe(mapping, next, &state->mappings, node) {
		check_pages(attach, mapping, state->caller);
		pinned = mapping->in_use;
		end_mapping(attach, mapping);
		if (pinned)
			dmabuf_unpin_for_map(attach);
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
