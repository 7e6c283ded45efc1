/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Detached attachments that are kept for a while, to catch those who use them.
 */
#ifndef DMABUF_QUARANTINE_H
#define DMABUF_QUARANTINE_H

struct dma_buf_attachment;

/**
 * dmabuf_quarantine_add - keep one, and free the one that was kept for longest
 * @attach: off its buffer's list, marked as detached, and no spare
 */
void dmabuf_quarantine_add(struct dma_buf_attachment *attach);

/**
 * dmabuf_quarantine_end - free all that are kept
 */
void dmabuf_quarantine_end(void);

#endif
