/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Misuse of buffers by exporters, importers and programs: noticed, told once,
 * counted, survived. Every function of the core reports what it refuses here.
 */
#ifndef DMABUF_MISUSE_H
#define DMABUF_MISUSE_H

#include <linux/instruction_pointer.h>
#include <linux/jump_label.h>
#include <linux/types.h>

struct dma_buf;
struct dma_buf_attachment;
struct seq_file;

/* What can be done wrong; misuse.c has the words for it. */
enum dmabuf_misuse {
	DMABUF_BAD_EXPORT,
	DMABUF_BAD_ARGUMENT,
	DMABUF_BAD_DIRECTION,
	DMABUF_MAP_DETACHED,
	DMABUF_UNMAP_UNMAPPED,
	DMABUF_UNMAP_DIRECTION,
	DMABUF_PAGE_TOUCHED,
	DMABUF_DETACH_MAPPED,
	DMABUF_DETACH_PINNED,
	DMABUF_DETACH_TWICE,
	DMABUF_PIN_STATIC,
	DMABUF_PIN_BUSY,
	DMABUF_UNPIN_UNPINNED,
	DMABUF_VMAP_NOTHING,
	DMABUF_VUNMAP_UNMAPPED,
	DMABUF_END_UNBEGUN,
	DMABUF_NOT_LOCKED,
	DMABUF_RELEASE_ATTACHED,
	DMABUF_RELEASE_MAPPED,
	DMABUF_RELEASE_VMAPPED,
	DMABUF_RELEASE_CPU_ACCESS,
	DMABUF_MISUSE_COUNT
};

DECLARE_STATIC_KEY_MAYBE(CONFIG_DMABUF_DEBUG, dmabuf_strict);

/**
 * dmabuf_is_strict - is misuse that costs something to find looked for?
 *
 * Strict, an importer gets scatterlists with decoys for pages, detached
 * attachments are kept for a while, and mappings of exporters that hold a buffer
 * are not reused. Set in debugfs; from the start where DMABUF_DEBUG is set.
 *
 * Return: true or false; may change at any time.
 */
#define dmabuf_is_strict() \
	static_branch_maybe(CONFIG_DMABUF_DEBUG, &dmabuf_strict)

/**
 * dmabuf_misuse - report misuse
 * @what: what was done
 * @dmabuf: the buffer, or NULL
 * @attach: the attachment, or NULL; still there
 * @caller: who did it, an address in code
 *
 * The first report of the same misuse, exporter, device and caller is printed,
 * every one counted. Callable in any context but NMI; with CONFIG_PREEMPT_RT not in
 * hard interrupts, nor under a raw spinlock.
 */
void dmabuf_misuse(enum dmabuf_misuse what, struct dma_buf *dmabuf,
		   struct dma_buf_attachment *attach, unsigned long caller);

/**
 * dmabuf_misuse_by_program - report what a program did wrong
 * @what: what was done
 * @dmabuf: the buffer
 *
 * As dmabuf_misuse() for the current process, but not printed: programs must
 * not be able to fill the log. Nor to keep others waiting: only the first of its
 * kind takes a lock. Process context.
 */
void dmabuf_misuse_by_program(enum dmabuf_misuse what, struct dma_buf *dmabuf);

/**
 * dmabuf_misuse_total - how often something was done
 * @what: what
 *
 * Return: the number since boot or load.
 */
u64 dmabuf_misuse_total(enum dmabuf_misuse what);

/**
 * dmabuf_misuse_show - print totals and the distinct reports
 * @m: where to
 */
void dmabuf_misuse_show(struct seq_file *m);

/**
 * dmabuf_set_strict - look harder, or stop it
 * @strict: which
 */
void dmabuf_set_strict(bool strict);

#endif
