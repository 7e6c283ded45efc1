/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mappings of attachments, in use and idle: what other files of the core need.
 */
#ifndef DMABUF_MAPPING_H
#define DMABUF_MAPPING_H

#include <linux/atomic.h>

struct dma_buf_attachment;

/** dmabuf_idle_mappings - how many there are in all; for reading */
extern atomic_long_t dmabuf_idle_mappings;

/**
 * dmabuf_mappings_invalidate - let no mapping made so far be given out again
 * @attach: the attachment; its buffer's reservation lock is held
 *
 * Return: how many were idle, so ended at once. Those in use end when unmapped.
 */
unsigned long dmabuf_mappings_invalidate(struct dma_buf_attachment *attach);

/**
 * dmabuf_mappings_end - unmap all that is mapped, idle or not
 * @attach: the attachment; its buffer's reservation lock is held
 */
void dmabuf_mappings_end(struct dma_buf_attachment *attach);

/**
 * dmabuf_mappings_forget - end what is idle, and know nothing of what is in use
 * @attach: the attachment; its buffer's reservation lock is held
 *
 * For the live form: what is in use is unmapped as if it had never been counted.
 */
void dmabuf_mappings_forget(struct dma_buf_attachment *attach);

/**
 * dmabuf_mappings_stop - keep no mapping idle from here on, or do
 * @stop: which
 */
void dmabuf_mappings_stop(bool stop);

#endif
