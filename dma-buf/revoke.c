// SPDX-License-Identifier: GPL-2.0-only
/*
 * When an exporter moves a buffer or takes it back, and when it goes under the
 * importers' feet. Called by exporters and by a buffer's release.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/module.h>
#include <linux/wait_bit.h>

#include "attachment.h"
#include "form.h"
#include "lock.h"
#include "mapping.h"
#include "misuse.h"
#include "state.h"
#include "trace.h"
#include "user_mapping.h"

static void invalidate(struct dma_buf *dmabuf, bool revoked)
{
	u64 start = DMABUF_START(invalidate);
	struct dma_buf_attachment *attach;

	list_for_each_entry(attach, &dmabuf->attachments, node) {
		dmabuf_mappings_invalidate(attach);
		if (dma_buf_attach_revocable(attach))
			attach->importer_ops->invalidate_mappings(attach);
	}
	trace_dmabuf_invalidate(dmabuf, NULL, revoked, 0, start);
}

/**
 * dma_buf_invalidate_mappings - tell importers that a buffer moves
 * @dmabuf: the buffer; its reservation lock is held
 *
 * Called by the exporter before it moves the memory. Afterwards no mapping made
 * before is given out again, but what importers hold is valid until they unmap
 * it: wait for the fences of the reservation object, with usage BOOKKEEP, before
 * the memory is given to somebody else. Importers without invalidate_mappings
 * are not told: pin keeps their buffer from moving. They may map again as soon
 * as the lock is dropped.
 */
void dma_buf_invalidate_mappings(struct dma_buf *dmabuf)
{
	bool forgotten = dmabuf_lock_forgotten(dmabuf, NULL, _RET_IP_);

	invalidate(dmabuf, false);
	dmabuf_unlock_forgotten(dmabuf, forgotten);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_invalidate_mappings, "DMA_BUF");

void dmabuf_revoke(struct dma_buf *dmabuf)
{
	struct dmabuf_state *state = dmabuf_state(dmabuf);
	bool forgotten = dmabuf_lock_forgotten(dmabuf, NULL, _RET_IP_);

	if (state && !state->revoked) {
		WRITE_ONCE(state->revoked, true);
		invalidate(dmabuf, true);
		dmabuf_user_mappings_zap(dmabuf);
	}
	dmabuf_unlock_forgotten(dmabuf, forgotten);
}
EXPORT_SYMBOL_NS_GPL(dmabuf_revoke, "DMA_BUF");

static struct sg_table *orphan_map(struct dma_buf_attachment *attach,
				   enum dma_data_direction direction)
{
	return ERR_PTR(-ENODEV);
}

static void orphan_unmap(struct dma_buf_attachment *attach,
			 struct sg_table *table, enum dma_data_direction direction)
{
}

/* In place of the exporter's, which may be unloaded. */
static const struct dma_buf_ops orphan_ops = {
	.map_dma_buf = orphan_map,
	.unmap_dma_buf = orphan_unmap,
};

/*
 * Undo what the exporter was asked for. Nobody asks it for more: no call is under
 * way and none begins. So nobody detaches either, and the list stays as it is.
 */
static void end_attachments(struct dma_buf *dmabuf, struct dmabuf_state *own)
{
	struct dmabuf_attach_state *state;
	struct dma_buf_attachment *attach;

	dma_resv_lock(dmabuf->resv, NULL);
	WRITE_ONCE(own->revoked, true);
	list_for_each_entry(attach, &dmabuf->attachments, node) {
		dmabuf_mappings_end(attach);
		state = dmabuf_attach_state(attach);
		for (; state && state->pins; state->pins--) {
			if (dmabuf->ops->unpin)
				dmabuf->ops->unpin(attach);
		}
	}
	dma_resv_unlock(dmabuf->resv);
	if (!dmabuf->ops->detach)
		return;
	list_for_each_entry(attach, &dmabuf->attachments, node)
		dmabuf->ops->detach(dmabuf, attach);
}

/* Nobody is there to blame: the exporter's release says which buffer it was. */
static void report_left(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	unsigned long exporter = (unsigned long)dmabuf->ops->release;

	dmabuf_misuse(DMABUF_RELEASE_ATTACHED, dmabuf, attach, exporter);
	if (state && state->maps)
		dmabuf_misuse(DMABUF_RELEASE_MAPPED, dmabuf, attach, exporter);
}

/* The attachments lose their buffer, as in the stock core. What is idle is ours. */
static void end_idle(struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attach;

	dma_resv_lock(dmabuf->resv, NULL);
	list_for_each_entry(attach, &dmabuf->attachments, node)
		dmabuf_mappings_invalidate(attach);
	dma_resv_unlock(dmabuf->resv);
}

void dmabuf_attachments_end(struct dma_buf *dmabuf, struct dmabuf_state *own)
{
	struct dma_buf_attachment *attach;

	list_for_each_entry(attach, &dmabuf->attachments, node)
		report_left(dmabuf, attach);
	if (!own) {
		end_idle(dmabuf);
		return;
	}
	WARN_ON_ONCE(atomic_read(&own->calls));
	end_attachments(dmabuf, own);
}

void dmabuf_attachments_orphan(struct dma_buf *dmabuf, struct dmabuf_state *own)
{
	if (dmabuf->resv != (struct dma_resv *)&dmabuf[1]) {
		dmabuf->resv = (struct dma_resv *)&dmabuf[1];
		dma_resv_init(dmabuf->resv);
	}
	dmabuf->ops = &orphan_ops;
	dmabuf->exp_name = "released";
	WRITE_ONCE(dmabuf->file, dmabuf_form_no_file());
	/* Until the last detach: the attachments call what follows. */
	__module_get(THIS_MODULE);
	/* From here on it is theirs alone. */
	store_release_wake_up(&own->orphaned, true);
}
