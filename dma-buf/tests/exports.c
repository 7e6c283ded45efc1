// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the suites, which may be a module, call of the core beside its exported
 * functions. Built in with the core where the suites are configured.
 */

#include <linux/dma-buf.h>
#include <linux/export.h>

#include "../attachment.h"
#include "../buffer.h"
#include "../cpu_access.h"
#include "../debugfs.h"
#include "../fault.h"
#include "../file.h"
#include "../mapping.h"
#include "../misuse.h"
#include "../quarantine.h"
#include "../reclaim.h"

#define EXPORT(symbol) \
	EXPORT_SYMBOL_NS_GPL(symbol, "DMABUF_KUNIT")

EXPORT(dma_buf_iter_begin);
EXPORT(dma_buf_iter_next);
EXPORT(dmabuf_begin_program_access);
EXPORT(dmabuf_bufinfo_show);
EXPORT(dmabuf_end_program_access);
EXPORT(dmabuf_fault_set);
EXPORT(dmabuf_fault_show);
EXPORT(dmabuf_faults);
EXPORT(dmabuf_file_llseek);
EXPORT(dmabuf_file_mmap);
EXPORT(dmabuf_file_release);
EXPORT(dmabuf_idle_pages);
EXPORT(dmabuf_is_file);
EXPORT(dmabuf_misuse_show);
EXPORT(dmabuf_misuse_total);
EXPORT(dmabuf_quarantine_end);
EXPORT(dmabuf_reclaim);
EXPORT(dmabuf_set_strict);
EXPORT(dmabuf_strict);
