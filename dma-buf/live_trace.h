/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stock core's trace events, fired from the live form: the kernel does not
 * export them, so here is what <trace/events/dma_buf.h> would have declared.
 * They cost a load and a test while they are off, not a static branch.
 */
#ifndef DMABUF_LIVE_TRACE_H
#define DMABUF_LIVE_TRACE_H

#include <linux/jump_label.h>
#include <linux/tracepoint.h>

#include "live_stock.h"

struct device;
struct dma_buf;
struct dma_buf_attachment;

#define DMABUF_STOCK_EVENT(name, proto, args)                       \
	static inline bool trace_##name##_enabled(void)             \
	{                                                           \
		struct tracepoint *event = dmabuf_stock.name;       \
		return static_key_enabled(&event->key);             \
	}                                                           \
	static inline void trace_##name(proto)                      \
	{                                                           \
		struct tracepoint *event = dmabuf_stock.name;       \
		int (*call)(void *data, proto) = event->iterator;   \
		if (static_key_enabled(&event->key)) {              \
			guard(srcu_fast_notrace)(&tracepoint_srcu); \
			call(NULL, args);                           \
		}                                                   \
	}

DMABUF_STOCK_EVENT(dma_buf_export,
		   PARAMS(struct dma_buf *dmabuf), PARAMS(dmabuf))
DMABUF_STOCK_EVENT(dma_buf_fd,
		   PARAMS(struct dma_buf *dmabuf, int fd), PARAMS(dmabuf, fd))
DMABUF_STOCK_EVENT(dma_buf_get,
		   PARAMS(struct dma_buf *dmabuf, int fd), PARAMS(dmabuf, fd))
DMABUF_STOCK_EVENT(dma_buf_put,
		   PARAMS(struct dma_buf *dmabuf), PARAMS(dmabuf))
DMABUF_STOCK_EVENT(dma_buf_mmap,
		   PARAMS(struct dma_buf *dmabuf), PARAMS(dmabuf))
DMABUF_STOCK_EVENT(dma_buf_mmap_internal,
		   PARAMS(struct dma_buf *dmabuf), PARAMS(dmabuf))
DMABUF_STOCK_EVENT(dma_buf_dynamic_attach,
		   PARAMS(struct dma_buf *dmabuf,
			  struct dma_buf_attachment *attach,
			  bool is_dynamic, struct device *dev),
		   PARAMS(dmabuf, attach, is_dynamic, dev))
DMABUF_STOCK_EVENT(dma_buf_detach,
		   PARAMS(struct dma_buf *dmabuf,
			  struct dma_buf_attachment *attach,
			  bool is_dynamic, struct device *dev),
		   PARAMS(dmabuf, attach, is_dynamic, dev))

#endif
