// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attachments: the devices that share a buffer. Importers make and end them,
 * pin the buffer's memory and are told when it moves. Mapping is mapping.c's.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/fs.h>

#include "attachment.h"
#include "buffer.h"
#include "fault.h"
#include "form.h"
#include "hold.h"
#include "lock.h"
#include "mapping.h"
#include "misuse.h"
#include "quarantine.h"
#include "state.h"
#include "stock_trace.h"
#include "trace.h"

static bool is_dynamic(const struct dma_buf_attachment *attach)
{
	return attach->importer_ops;
}

bool dmabuf_attachment_usable(struct dma_buf_attachment *attach,
			      enum dmabuf_misuse what, unsigned long caller)
{
	struct dmabuf_attach_state *state;

	if (IS_ERR_OR_NULL(attach) || !attach->dmabuf) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, caller);
		return false;
	}
	state = dmabuf_attach_state(attach);
	if (state && state->detached) {
		/* The buffer may be gone already. */
		dmabuf_misuse(what, NULL, NULL, caller);
		return false;
	}
	return true;
}

static struct dma_buf_attachment *
make_attachment(struct dma_buf *dmabuf, struct device *dev,
		const struct dma_buf_attach_ops *importer_ops,
		void *importer_priv, unsigned long caller)
{
	struct dmabuf_attachment *attachment = dmabuf_form_attachment(dmabuf);
	struct dma_buf_attachment *attach;

	if (!attachment)
		return NULL;
	INIT_LIST_HEAD(&attachment->state.mappings);
	attachment->state.caller = caller;
	attach = &attachment->base;
	attach->dmabuf = dmabuf;
	attach->dev = dev;
	attach->importer_ops = importer_ops;
	attach->importer_priv = importer_priv;
	attach->peer2peer = importer_ops && importer_ops->allow_peer2peer;
	return attach;
}

static void link_attachment(struct dma_buf_attachment *attach)
{
	/* Until dma_buf_detach(). */
	dmabuf_hold(dmabuf_own_state(attach->dmabuf));
	dma_resv_lock(attach->dmabuf->resv, NULL);
	list_add(&attach->node, &attach->dmabuf->attachments);
	dmabuf_form_attached(attach);
	dma_resv_unlock(attach->dmabuf->resv);
}

static struct dma_buf_attachment *
attach_device(struct dma_buf *dmabuf, struct device *dev,
	      const struct dma_buf_attach_ops *importer_ops,
	      void *importer_priv, unsigned long caller)
{
	struct dma_buf_attachment *attach;
	int ret;

	if (IS_ERR_OR_NULL(dmabuf) || !dev) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, caller);
		return ERR_PTR(-EINVAL);
	}
	if (dmabuf_is_revoked(dmabuf))
		return ERR_PTR(-ENODEV);
	ret = dmabuf_fault(DMABUF_FAULT_ATTACH, dmabuf->exp_name, dev);
	if (ret)
		return ERR_PTR(ret);

	attach = make_attachment(dmabuf, dev, importer_ops, importer_priv, caller);
	if (!attach)
		return ERR_PTR(-ENOMEM);
	if (dmabuf->ops->attach) {
		ret = dmabuf->ops->attach(dmabuf, attach);
		if (ret)
			goto free;
	}
	link_attachment(attach);
	trace_dma_buf_dynamic_attach(dmabuf, attach, is_dynamic(attach), dev);
	return attach;

free:
	dmabuf_form_free_attachment(attach);
	return ERR_PTR(ret);
}

/**
 * dma_buf_dynamic_attach - let a device share a buffer that may move
 * @dmabuf: the buffer; the caller keeps its reference until after the detach
 * @dev: the device that will use it
 * @importer_ops: what the exporter's moves call, or NULL if the importer can't
 *	follow them: then the buffer is pinned while it is mapped
 * @importer_priv: for the importer
 *
 * Must not be called with the reservation lock held.
 *
 * Return: the attachment, for dma_buf_detach(), or -EINVAL without a buffer or
 * device, -ENODEV if the buffer was revoked, -ENOMEM, or what the exporter says:
 * -EBUSY if its memory is already somewhere the device can't reach.
 */
struct dma_buf_attachment *
dma_buf_dynamic_attach(struct dma_buf *dmabuf, struct device *dev,
		       const struct dma_buf_attach_ops *importer_ops,
		       void *importer_priv)
{
	return attach_device(dmabuf, dev, importer_ops, importer_priv, _RET_IP_);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_dynamic_attach, "DMA_BUF");

/**
 * dma_buf_attach - let a device share a buffer that stays where it is
 * @dmabuf: the buffer; the caller keeps its reference until after the detach
 * @dev: the device that will use it
 *
 * dma_buf_dynamic_attach() for importers that can't follow moves.
 *
 * Return: as dma_buf_dynamic_attach().
 */
struct dma_buf_attachment *dma_buf_attach(struct dma_buf *dmabuf,
					  struct device *dev)
{
	return attach_device(dmabuf, dev, NULL, NULL, _RET_IP_);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_attach, "DMA_BUF");

/* A spare is its buffer's, so it can't be kept for longer. */
static bool may_keep(const struct dmabuf_attach_state *state)
{
	return dmabuf_is_strict() && state && !state->adopted && !state->spare;
}

static void free_attachment(struct dma_buf_attachment *attach,
			    struct dmabuf_attach_state *state)
{
	if (!may_keep(state)) {
		dmabuf_form_free_attachment(attach);
		return;
	}
	state->detached = true;
	dmabuf_quarantine_add(attach);
}

/* Off the list, unpinned and unmapped, whatever the importer forgot. */
static void unlink_attachment(struct dma_buf_attachment *attach,
			      struct dmabuf_attach_state *state,
			      unsigned long caller)
{
	struct dma_buf *dmabuf = attach->dmabuf;

	dma_resv_lock(dmabuf->resv, NULL);
	if (state && state->maps)
		dmabuf_misuse(DMABUF_DETACH_MAPPED, dmabuf, attach, caller);
	if (state && !list_empty(&state->mappings))
		dmabuf_mappings_end(attach);
	if (state && state->pins)
		dmabuf_misuse(DMABUF_DETACH_PINNED, dmabuf, attach, caller);
	for (; state && state->pins; state->pins--) {
		if (dmabuf->ops->unpin)
			dmabuf->ops->unpin(attach);
	}
	list_del(&attach->node);
	dma_resv_unlock(dmabuf->resv);
}

/* The buffer was released first: its release has done, or is doing, the rest. */
static noinline void unlink_orphan(struct dma_buf_attachment *attach,
				   struct dmabuf_state *own)
{
	struct dma_buf *dmabuf = attach->dmabuf;

	dmabuf_orphan_wait(own);
	dma_resv_lock(dmabuf->resv, NULL);
	list_del(&attach->node);
	dma_resv_unlock(dmabuf->resv);
}

/*
 * The event looks at the inode. That is gone before the release waits for us, if an
 * importer without a reference detaches meanwhile: then nothing is told.
 */
static noinline void trace_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct file *file = get_file_active(&dmabuf->file);

	if (!file)
		return;
	trace_dma_buf_detach(dmabuf, attach, is_dynamic(attach), attach->dev);
	fput(file);
}

/**
 * dma_buf_detach - end a device's share
 * @dmabuf: the buffer
 * @attach: its attachment, unmapped and unpinned; gone afterwards
 *
 * Must not be called with the reservation lock held.
 */
void dma_buf_detach(struct dma_buf *dmabuf, struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state;
	struct dmabuf_state *own;

	if (!dmabuf_attachment_usable(attach, DMABUF_DETACH_TWICE, _RET_IP_))
		return;
	if (attach->dmabuf != dmabuf) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, attach->dmabuf, attach, _RET_IP_);
		return;
	}
	state = dmabuf_attach_state(attach);
	own = dmabuf_own_state(dmabuf);
	if (likely(dmabuf_call_begin(own))) {
		unlink_attachment(attach, state, _RET_IP_);
		if (dmabuf->ops->detach)
			dmabuf->ops->detach(dmabuf, attach);
		if (trace_dma_buf_detach_enabled())
			trace_detach(dmabuf, attach);
		dmabuf_call_end(own);
	} else {
		unlink_orphan(attach, own);
	}
	free_attachment(attach, state);
	dmabuf_drop(dmabuf, own);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_detach, "DMA_BUF");

static int pin_attachment(struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	struct dma_buf *dmabuf = attach->dmabuf;
	u64 start = DMABUF_START(pin);
	int ret;

	if (dmabuf_is_revoked(dmabuf))
		return -ENODEV;
	ret = dmabuf_fault(DMABUF_FAULT_PIN, dmabuf->exp_name, attach->dev);
	if (!ret && dmabuf->ops->pin)
		ret = dmabuf->ops->pin(attach);
	if (!ret && state)
		state->pins++;
	trace_dmabuf_pin(dmabuf, attach->dev, state ? state->pins : 0, ret, start);
	return ret;
}

/**
 * dma_buf_pin - keep a buffer's memory where it is
 * @attach: a dynamic attachment; the reservation lock is held
 *
 * For uses that can't follow a move, such as scan-out; every pin keeps memory
 * from its owner, so pin what must be and no longer than needed.
 *
 * Return: 0, -EINVAL for a bad attachment, -ENODEV if the buffer was revoked, or
 * what the exporter says.
 */
int dma_buf_pin(struct dma_buf_attachment *attach)
{
	struct dma_buf *dmabuf;
	bool forgotten;
	int ret;

	if (!dmabuf_attachment_usable(attach, DMABUF_MAP_DETACHED, _RET_IP_))
		return -EINVAL;
	dmabuf = attach->dmabuf;
	if (!is_dynamic(attach))
		dmabuf_misuse(DMABUF_PIN_STATIC, dmabuf, attach, _RET_IP_);
	forgotten = dmabuf_lock_forgotten(dmabuf, attach, _RET_IP_);
	ret = pin_attachment(attach);
	dmabuf_unlock_forgotten(dmabuf, forgotten);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_pin, "DMA_BUF");

static void unpin_attachment(struct dma_buf_attachment *attach, unsigned long caller)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);
	struct dma_buf *dmabuf = attach->dmabuf;
	u64 start = DMABUF_START(unpin);

	if (state && !state->pins && !state->adopted) {
		dmabuf_misuse(DMABUF_UNPIN_UNPINNED, dmabuf, attach, caller);
		return;
	}
	if (state && state->pins)
		state->pins--;
	if (dmabuf->ops->unpin)
		dmabuf->ops->unpin(attach);
	trace_dmabuf_unpin(dmabuf, attach->dev, state ? state->pins : 0, 0, start);
}

/**
 * dma_buf_unpin - let a buffer's memory move again
 * @attach: an attachment that dma_buf_pin() was called for as often; the
 *	reservation lock is held
 */
void dma_buf_unpin(struct dma_buf_attachment *attach)
{
	struct dma_buf *dmabuf;
	bool forgotten;

	if (!dmabuf_attachment_usable(attach, DMABUF_UNPIN_UNPINNED, _RET_IP_))
		return;
	dmabuf = attach->dmabuf;
	forgotten = dmabuf_lock_forgotten(dmabuf, attach, _RET_IP_);
	unpin_attachment(attach, _RET_IP_);
	dmabuf_unlock_forgotten(dmabuf, forgotten);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_unpin, "DMA_BUF");

/**
 * dma_buf_attach_revocable - would the importer follow if the buffer moved?
 * @attach: the attachment
 *
 * For the exporter's &dma_buf_ops.attach, to refuse those who would not.
 *
 * Return: true if it has invalidate_mappings.
 */
bool dma_buf_attach_revocable(struct dma_buf_attachment *attach)
{
	return is_dynamic(attach) && attach->importer_ops->invalidate_mappings;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_attach_revocable, "DMA_BUF");
