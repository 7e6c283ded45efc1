/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All buffers that there are, for those who list them. Iterating is
 * dma_buf_iter_begin() and dma_buf_iter_next(), declared with the rest of the
 * core's functions.
 */
#ifndef DMABUF_REGISTRY_H
#define DMABUF_REGISTRY_H

struct dma_buf;

/**
 * dmabuf_registry_init - before the first buffer
 */
void dmabuf_registry_init(void);

/**
 * dmabuf_registry_add - list a new buffer
 * @dmabuf: a buffer with its file
 */
void dmabuf_registry_add(struct dma_buf *dmabuf);

/**
 * dmabuf_registry_remove - unlist a buffer
 * @dmabuf: a buffer whose last reference is gone but whose file is still there
 */
void dmabuf_registry_remove(struct dma_buf *dmabuf);

#endif
