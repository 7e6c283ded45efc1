/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trace events of what the stock core's events leave out, with durations: the
 * time is taken only while an event is on. The texts are drivers', none a program's.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dma_buf_core

#if !defined(DMABUF_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define DMABUF_TRACE_H

#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/timekeeping.h>
#include <linux/tracepoint.h>

#include "buffer.h"

#define DMABUF_START(event) (trace_dmabuf_##event##_enabled() ? ktime_get_ns() : 0)

/* These macros are a language of their own. */
/* clang-format off */

DECLARE_EVENT_CLASS(dmabuf_call,
		    TP_PROTO(struct dma_buf *dmabuf, struct device *dev, int detail,
			     long ret, u64 start),
		    TP_ARGS(dmabuf, dev, detail, ret, start),
		    TP_STRUCT__entry(__string(exp_name, dmabuf->exp_name)
				     __string(device, dev ? dev_name(dev) : "-")
				     __field(size_t, size)
				     __field(u64, ino)
				     __field(int, detail)
				     __field(long, ret)
				     __field(u64, ns)
		    ),
		    TP_fast_assign(__assign_str(exp_name);
				   __assign_str(device);
				   __entry->size = dmabuf->size;
				   __entry->ino = dmabuf_ino(dmabuf);
				   __entry->detail = detail;
				   __entry->ret = ret;
				   __entry->ns = start ? ktime_get_ns() - start : 0;
		    ),
		    TP_printk("exp_name=%s size=%zu ino=%llu device=%s detail=%d ret=%ld ns=%llu",
			      __get_str(exp_name), __entry->size, __entry->ino,
			      __get_str(device), __entry->detail, __entry->ret,
			      __entry->ns)
);

#define DMABUF_EVENT(event) \
	DEFINE_EVENT(dmabuf_call, dmabuf_##event, \
		TP_PROTO(struct dma_buf *dmabuf, struct device *dev, \
			 int detail, long ret, u64 start), \
		TP_ARGS(dmabuf, dev, detail, ret, start))

/* detail: the direction; ret: the errno, or 1 if an idle mapping was reused */
DMABUF_EVENT(map);
DMABUF_EVENT(unmap);
/* detail: pins of the buffer */
DMABUF_EVENT(pin);
DMABUF_EVENT(unpin);
/* detail: vmaps of the buffer */
DMABUF_EVENT(vmap);
DMABUF_EVENT(vunmap);
/* detail: the direction */
DMABUF_EVENT(begin_cpu_access);
DMABUF_EVENT(end_cpu_access);
/* detail: 1 if the buffer was revoked */
DMABUF_EVENT(invalidate);
/* detail: the flags of the ioctl */
DMABUF_EVENT(export_sync_file);
DMABUF_EVENT(import_sync_file);

/* clang-format on */

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
