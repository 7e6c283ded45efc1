/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attachments: what other files of the core need of them.
 */
#ifndef DMABUF_ATTACHMENT_H
#define DMABUF_ATTACHMENT_H

#include <linux/types.h>

#include "form.h"
#include "misuse.h"
#include "state.h"

struct dma_buf;
struct dma_buf_attachment;

/**
 * dmabuf_attachment_usable - may this attachment be used?
 * @attach: what an importer passed, or NULL
 * @what: the misuse if not
 * @caller: who passed it
 *
 * Return: true if it is attached. If not, it was reported.
 */
bool dmabuf_attachment_usable(struct dma_buf_attachment *attach,
			      enum dmabuf_misuse what, unsigned long caller);

/**
 * dmabuf_attachments_end - a buffer goes while devices are attached
 * @dmabuf: a buffer without references but with attachments; its exporter was
 *	not told yet
 * @own: its dmabuf_own_state(); its calls have ended
 *
 * Reports it, and undoes what the exporter was asked for by the attachments. Without
 * @own it is only reported.
 */
void dmabuf_attachments_end(struct dma_buf *dmabuf, struct dmabuf_state *own);

/**
 * dmabuf_attachments_orphan - leave a buffer to the devices that are attached
 * @dmabuf: as it was for dmabuf_attachments_end(), and its exporter was told since
 * @own: its dmabuf_own_state()
 *
 * From here on no call reaches the exporter, and the reservation object is the
 * buffer's own. Not before the exporter was told: until then it may move the buffer,
 * and goes through the list of attachments with its own reservation object locked.
 */
void dmabuf_attachments_orphan(struct dma_buf *dmabuf, struct dmabuf_state *own);

/**
 * dmabuf_revoke - take a buffer back from all importers, for good
 * @dmabuf: the buffer; its reservation lock is held
 *
 * For exporters whose memory goes away, such as on unplug. Importers are told
 * by invalidate_mappings, user mappings are removed and fault with SIGBUS, idle
 * mappings are dropped. From then on attach, pin, map, vmap, mmap and
 * begin_cpu_access fail with -ENODEV. What is mapped now stays until it is
 * unmapped: wait for the fences, and for &dma_buf_ops.unmap_dma_buf.
 */
void dmabuf_revoke(struct dma_buf *dmabuf);

/**
 * dmabuf_is_revoked - did the exporter take it back?
 * @dmabuf: the buffer
 *
 * Return: true if so; final, and exact under the reservation lock.
 */
static inline bool dmabuf_is_revoked(struct dma_buf *dmabuf)
{
	struct dmabuf_state *state = dmabuf_state(dmabuf);

	return state && READ_ONCE(state->revoked);
}

#endif
