// SPDX-License-Identifier: GPL-2.0-only
/*
 * The book of misuse. Each function of the core writes in it, debugfs shows
 * it. It knows nothing of what the misuse is about: it keeps who, where and
 * how often. There is room for a fixed number of distinct reports; later ones
 * are only counted by kind.
 */

#include <linux/array_size.h>
#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/dma-buf.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "misuse.h"

#define REPORTS 64
/* A module's name fits, and all but odd devices'; what is longer is cut. */
#define NAME_MAX_LEN 64

/**
 * struct report - one distinct misuse
 * @what: what was done
 * @caller: where in code, 0 if by a program
 * @exporter: of the buffer, or empty
 * @device: of the attachment, or empty
 * @comm: name of the first process that did it
 * @pid: its number
 * @count: how often
 */
struct report {
	enum dmabuf_misuse what;
	unsigned long caller;
	char exporter[NAME_MAX_LEN];
	char device[NAME_MAX_LEN];
	char comm[TASK_COMM_LEN];
	pid_t pid;
	u64 count;
};

static const char *const words[] = {
	[DMABUF_BAD_EXPORT] = "export without what every buffer needs",
	[DMABUF_BAD_ARGUMENT] = "call without a buffer, a device or an attachment",
	[DMABUF_BAD_DIRECTION] = "mapping in a direction that is none",
	[DMABUF_MAP_DETACHED] = "map after detach",
	[DMABUF_UNMAP_UNMAPPED] = "unmap of what was not mapped",
	[DMABUF_UNMAP_DIRECTION] = "unmap in another direction than map",
	[DMABUF_PAGE_TOUCHED] = "use of a mapping's memory through its pages",
	[DMABUF_DETACH_MAPPED] = "detach while mapped",
	[DMABUF_DETACH_PINNED] = "detach while pinned",
	[DMABUF_DETACH_TWICE] = "detach of what is not attached",
	[DMABUF_PIN_STATIC] = "pin by an importer that is not dynamic",
	[DMABUF_PIN_BUSY] = "static importer kept out by the exporter's own pin",
	[DMABUF_UNPIN_UNPINNED] = "unpin without pin",
	[DMABUF_VMAP_NOTHING] = "exporter's vmap gave no address",
	[DMABUF_VUNMAP_UNMAPPED] = "vunmap of what was not vmapped",
	[DMABUF_END_UNBEGUN] = "end of CPU access that was not begun",
	[DMABUF_NOT_LOCKED] = "call without the reservation lock",
	[DMABUF_RELEASE_ATTACHED] = "last reference dropped while attached",
	[DMABUF_RELEASE_MAPPED] = "last reference dropped while mapped",
	[DMABUF_RELEASE_VMAPPED] = "last reference dropped while vmapped",
	[DMABUF_RELEASE_CPU_ACCESS] = "last reference dropped amid CPU access",
};

static_assert(ARRAY_SIZE(words) == DMABUF_MISUSE_COUNT);

DEFINE_STATIC_KEY_MAYBE(CONFIG_DMABUF_DEBUG, dmabuf_strict);

static atomic64_t totals[DMABUF_MISUSE_COUNT];
static DEFINE_SPINLOCK(reports_lock);
static struct report reports[REPORTS];
static unsigned int report_count;

static bool same(const struct report *a, const struct report *b)
{
	return a->what == b->what && a->caller == b->caller &&
	       !strcmp(a->exporter, b->exporter) && !strcmp(a->device, b->device);
}

/* Enter it in the book. True if it is new. */
static bool enter(const struct report *report)
{
	unsigned long flags;
	unsigned int i;
	bool new = false;

	spin_lock_irqsave(&reports_lock, flags);
	for (i = 0; i < report_count; i++)
		if (same(&reports[i], report))
			break;
	if (i == report_count && i < REPORTS) {
		reports[i] = *report;
		report_count++;
		new = true;
	}
	if (i < report_count)
		reports[i].count++;
	spin_unlock_irqrestore(&reports_lock, flags);
	return new;
}

static void describe(struct report *report, struct dma_buf *dmabuf,
		     struct dma_buf_attachment *attach)
{
	if (dmabuf && dmabuf->exp_name)
		strscpy(report->exporter, dmabuf->exp_name);
	if (attach && attach->dev)
		strscpy(report->device, dev_name(attach->dev));
	report->pid = task_tgid_nr(current);
	get_task_comm(report->comm, current);
}

void dmabuf_misuse(enum dmabuf_misuse what, struct dma_buf *dmabuf,
		   struct dma_buf_attachment *attach, unsigned long caller)
{
	struct report report = { .what = what, .caller = caller };

	atomic64_inc(&totals[what]);
	describe(&report, dmabuf, attach);
	if (!enter(&report))
		return;
	pr_warn("dma-buf: %s: exporter %s, device %s, process %d (%s), by %pS\n",
		words[what], report.exporter[0] ? report.exporter : "-",
		report.device[0] ? report.device : "-", report.pid, report.comm,
		(void *)caller);
}

void dmabuf_misuse_by_program(enum dmabuf_misuse what, struct dma_buf *dmabuf)
{
	struct report report = { .what = what };

	atomic64_inc(&totals[what]);
	describe(&report, dmabuf, NULL);
	enter(&report);
	pr_debug("dma-buf: %s: exporter %s, process %d (%s)\n", words[what],
		 report.exporter, report.pid, report.comm);
}

u64 dmabuf_misuse_total(enum dmabuf_misuse what)
{
	return atomic64_read(&totals[what]);
}

static void show_report(struct seq_file *m, const struct report *report)
{
	seq_printf(m, "report\tcount=%llu\texporter=%s\tdevice=%s\tpid=%d\tcomm=%s\t",
		   report->count, report->exporter, report->device, report->pid,
		   report->comm);
	if (report->caller)
		seq_printf(m, "caller=%pS\t", (void *)report->caller);
	seq_printf(m, "what=%s\n", words[report->what]);
}

void dmabuf_misuse_show(struct seq_file *m)
{
	struct report report;
	unsigned int i;

	for (i = 0; i < DMABUF_MISUSE_COUNT; i++)
		seq_printf(m, "total\tcount=%llu\twhat=%s\n",
			   dmabuf_misuse_total(i), words[i]);
	for (i = 0; i < REPORTS; i++) {
		spin_lock_irq(&reports_lock);
		report = reports[i];
		spin_unlock_irq(&reports_lock);
		if (report.count)
			show_report(m, &report);
	}
}

void dmabuf_set_strict(bool strict)
{
	if (strict)
		static_branch_enable(&dmabuf_strict);
	else
		static_branch_disable(&dmabuf_strict);
}
