// SPDX-License-Identifier: GPL-2.0-only
/*
 * The book of misuse. Each function of the core writes in it, debugfs shows
 * it. It knows nothing of what the misuse is about: it keeps who, where and
 * how often. There is room for a fixed number of distinct reports; later ones
 * are only counted by kind. Programs can have it written in as often as they like, so
 * what is in it already is counted without a lock.
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
#include "text.h"

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
 *
 * All but @count is written before report_count tells of it, and stays.
 */
struct report {
	enum dmabuf_misuse what;
	unsigned long caller;
	char exporter[NAME_MAX_LEN];
	char device[NAME_MAX_LEN];
	char comm[TASK_COMM_LEN];
	pid_t pid;
	atomic64_t count;
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
/* Taken to add a report, so at most as often as there is room. */
static DEFINE_SPINLOCK(reports_lock);
static struct report reports[REPORTS];
static unsigned int report_count;

static bool same(const struct report *a, const struct report *b)
{
	return a->what == b->what && a->caller == b->caller &&
	       !strcmp(a->exporter, b->exporter) && !strcmp(a->device, b->device);
}

/* Count it where it stands among the first reports. False if it does not. */
static bool count_known(const struct report *report, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (!same(&reports[i], report))
			continue;
		atomic64_inc(&reports[i].count);
		return true;
	}
	return false;
}

/* Somebody else may have been quicker. True if not, and if there was room. */
static bool add_report(const struct report *report)
{
	unsigned long flags;
	bool new;

	spin_lock_irqsave(&reports_lock, flags);
	new = report_count < REPORTS && !count_known(report, report_count);
	if (new) {
		reports[report_count] = *report;
		atomic64_set(&reports[report_count].count, 1);
		/* Pairs with those who look at the book. */
		smp_store_release(&report_count, report_count + 1);
	}
	spin_unlock_irqrestore(&reports_lock, flags);
	return new;
}

/* Enter it in the book. True if it is new. */
static bool enter(const struct report *report)
{
	/* Pairs with add_report(). */
	unsigned int count = smp_load_acquire(&report_count);

	if (count_known(report, count) || count == REPORTS)
		return false;
	return add_report(report);
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
	pr_warn("dma-buf: %s: exporter %s, device %s, process %d (%*pE), by %pS\n",
		words[what], report.exporter[0] ? report.exporter : "-",
		report.device[0] ? report.device : "-", report.pid,
		(int)strlen(report.comm), report.comm, (void *)caller);
}

void dmabuf_misuse_by_program(enum dmabuf_misuse what, struct dma_buf *dmabuf)
{
	struct report report = { .what = what };

	atomic64_inc(&totals[what]);
	describe(&report, dmabuf, NULL);
	enter(&report);
	pr_debug("dma-buf: %s: exporter %s, process %d (%*pE)\n", words[what],
		 report.exporter, report.pid, (int)strlen(report.comm), report.comm);
}

u64 dmabuf_misuse_total(enum dmabuf_misuse what)
{
	return atomic64_read(&totals[what]);
}

static void show_report(struct seq_file *m, struct report *report)
{
	seq_printf(m, "report\tcount=%lld", atomic64_read(&report->count));
	dmabuf_show_field(m, "exporter", report->exporter);
	dmabuf_show_field(m, "device", report->device);
	seq_printf(m, "\tpid=%d", report->pid);
	dmabuf_show_field(m, "comm", report->comm);
	if (report->caller)
		seq_printf(m, "\tcaller=%pS", (void *)report->caller);
	seq_printf(m, "\twhat=%s\n", words[report->what]);
}

void dmabuf_misuse_show(struct seq_file *m)
{
	/* Pairs with add_report(). */
	unsigned int count = smp_load_acquire(&report_count);
	unsigned int i;

	for (i = 0; i < DMABUF_MISUSE_COUNT; i++)
		seq_printf(m, "total\tcount=%llu\twhat=%s\n",
			   dmabuf_misuse_total(i), words[i]);
	for (i = 0; i < count; i++)
		show_report(m, &reports[i]);
}

void dmabuf_set_strict(bool strict)
{
	if (strict)
		static_branch_enable(&dmabuf_strict);
	else
		static_branch_disable(&dmabuf_strict);
}
