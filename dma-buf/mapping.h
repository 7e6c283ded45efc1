/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mappings of attachments, in use and idle: what other files of the core need.
 */
#ifndef DMABUF_MAPPING_H
#define DMABUF_MAPPING_H

#include <linux/types.h>

struct dma_buf_attachment;
struct dmabuf_idle;

/**
 * dmabuf_mapping_reclaim - end a mapping that nobody uses
 * @idle: on the list of reclaim.c; the reservation lock of its buffer is held
 * @used_too: also if it was used again since it came there, or since the last
 *	time it was spared
 *
 * One that is in use only leaves the list.
 *
 * Return: how many pages were unmapped.
 */
unsigned long dmabuf_mapping_reclaim(struct dmabuf_idle *idle, bool used_too);

/**
 * dmabuf_mappings_invalidate - let no mapping made so far be given out again
 * @attach: the attachment; its buffer's reservation lock is held
 *
 * Idle ones end at once, those in use when unmapped.
 */
void dmabuf_mappings_invalidate(struct dma_buf_attachment *attach);

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

#endif
