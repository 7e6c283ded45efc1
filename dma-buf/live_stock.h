/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the live form uses of the stock core and of livepatch that is not
 * exported. klp-link makes the module's loader look these symbols up.
 */
#ifndef DMABUF_LIVE_STOCK_H
#define DMABUF_LIVE_STOCK_H

#include <linux/dma-fence.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/tracepoint-defs.h>

struct file_operations;
struct klp_patch;
struct vfsmount;

/**
 * struct dmabuf_stock - symbols of the running kernel
 * @list: all buffers
 * @list_mutex: protects @list
 * @fops: of every buffer's file
 * @mount: of every buffer's file
 * @poll_callback: what the stock poll leaves on a fence
 * @patches_mutex: livepatch's mutex
 * @patches: all livepatches; under @patches_mutex
 * @transition: the one that is between two states, or NULL; the same
 * @dma_buf_export: a trace event, as all that follow
 * @dma_buf_fd: the same
 * @dma_buf_get: the same
 * @dma_buf_put: the same
 * @dma_buf_mmap: the same
 * @dma_buf_mmap_internal: the same
 * @dma_buf_dynamic_attach: the same
 * @dma_buf_detach: the same
 */
struct dmabuf_stock {
	struct list_head *list;
	/** @list_mutex: protects @list */
	struct mutex *list_mutex;
	const struct file_operations *fops;
	struct vfsmount **mount;
	dma_fence_func_t poll_callback;
	/** @patches_mutex: livepatch's mutex */
	struct mutex *patches_mutex;
	struct list_head *patches;
	struct klp_patch **transition;
	struct tracepoint *dma_buf_export;
	struct tracepoint *dma_buf_fd;
	struct tracepoint *dma_buf_get;
	struct tracepoint *dma_buf_put;
	struct tracepoint *dma_buf_mmap;
	struct tracepoint *dma_buf_mmap_internal;
	struct tracepoint *dma_buf_dynamic_attach;
	struct tracepoint *dma_buf_detach;
};

/** dmabuf_stock - filled in while the module is loaded */
extern const struct dmabuf_stock dmabuf_stock;

#endif
