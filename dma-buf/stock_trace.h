/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stock core's trace events, for tools that read them today.
 */
#ifndef DMABUF_STOCK_TRACE_H
#define DMABUF_STOCK_TRACE_H

#ifdef DMABUF_LIVE
#include "live_trace.h"
#else
#include <trace/events/dma_buf.h>
#endif

#endif
