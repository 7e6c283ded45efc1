// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core in debugfs, directory dma_buf: bufinfo as the stock core has it, for
 * people; buffers, the same and more for programs; misuse; fault, the rules for
 * failing on purpose; strict. Reading holds one buffer's lock at a time, and no
 * lock while it waits for that.
 */

#include <linux/debugfs.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/jiffies.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include <uapi/linux/dma-buf.h>

#include "cpu_access.h"
#include "debugfs.h"
#include "fault.h"
#include "form.h"
#include "misuse.h"
#include "state.h"
#include "sync_file.h"
#include "text.h"

/* With room for two names of a file name's length, escaped. */
#define RULE_MAX_LEN 4096

/* Every buffer in turn, with its reservation lock. */
static int show_all(struct seq_file *m,
		    void (*show)(struct seq_file *m, struct dma_buf *dmabuf))
{
	struct dma_buf *dmabuf;
	int ret;

	for (dmabuf = dma_buf_iter_begin(); dmabuf;
	     dmabuf = dma_buf_iter_next(dmabuf)) {
		ret = dma_resv_lock_interruptible(dmabuf->resv, NULL);
		if (ret) {
			dma_buf_put(dmabuf);
			return ret;
		}
		show(m, dmabuf);
		dma_resv_unlock(dmabuf->resv);
	}
	return 0;
}

/* The total that bufinfo ends with, kept by its seq_file. */
struct total {
	int count;
	size_t size;
};

static void show_bufinfo(struct seq_file *m, struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attach;
	struct total *total = m->private;
	int count = 0;

	/* Without the reference that the list was walked with. */
	seq_printf(m, "%08zu\t%08x\t%08x\t%08ld\t", dmabuf->size,
		   dmabuf->file->f_flags, dmabuf->file->f_mode,
		   file_count(dmabuf->file) - 1);
	dmabuf_show_text(m, dmabuf->exp_name);
	seq_printf(m, "\t%08llu\t", (u64)file_inode(dmabuf->file)->i_ino);
	spin_lock(&dmabuf->name_lock);
	dmabuf_show_text(m, dmabuf->name ?: "<none>");
	spin_unlock(&dmabuf->name_lock);
	seq_putc(m, '\n');
	dma_resv_describe(dmabuf->resv, m);
	seq_puts(m, "\tAttached Devices:\n");
	list_for_each_entry(attach, &dmabuf->attachments, node) {
		seq_putc(m, '\t');
		dmabuf_show_text(m, dev_name(attach->dev));
		seq_putc(m, '\n');
		count++;
	}
	seq_printf(m, "Total %d devices attached\n\n", count);
	total->count++;
	total->size += dmabuf->size;
}

int dmabuf_bufinfo_show(struct seq_file *m, void *unused)
{
	void *private = m->private;
	struct total total = {};
	int ret;

	seq_puts(m, "\nDma-buf Objects:\n");
	seq_printf(m, "%-8s\t%-8s\t%-8s\t%-8s\texp_name\t%-8s\tname\n", "size",
		   "flags", "mode", "count", "ino");
	m->private = &total;
	ret = show_all(m, show_bufinfo);
	m->private = private;
	if (!ret)
		seq_printf(m, "\nTotal %d objects, %zu bytes\n", total.count,
			   total.size);
	return ret;
}

static void show_attachment(struct seq_file *m, struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);

	seq_printf(m, "attachment\tino=%llu", (u64)file_inode(attach->dmabuf->file)->i_ino);
	dmabuf_show_field(m, "device", dev_name(attach->dev));
	dmabuf_show_field(m, "driver", dev_driver_string(attach->dev));
	seq_printf(m, "\tdynamic=%d", !!attach->importer_ops);
	if (state)
		seq_printf(m, "\tadopted=%d\tmaps=%u\tmappings=%zu\tpins=%u\tcaller=%ps",
			   state->adopted, state->maps,
			   list_count_nodes(&state->mappings), state->pins,
			   (void *)state->caller);
	seq_putc(m, '\n');
}

static void show_creator(struct seq_file *m, struct dmabuf_state *state)
{
	u64 age = get_jiffies_64() - state->created;

	seq_printf(m, "\tadopted=%d\trevoked=%d\tcpu_access=%u\tunbegun=%u", state->adopted,
		   state->revoked, dmabuf_cpu_accesses(state),
		   (unsigned int)atomic_read(&state->programs.unbegun));
	if (state->adopted)
		return;
	seq_printf(m, "\tpid=%d\tcgroup=%llu\tage_ms=%llu", state->pid,
		   state->cgroup, jiffies64_to_msecs(age));
	dmabuf_show_field(m, "comm", state->comm);
}

static void show_buffer(struct seq_file *m, struct dma_buf *dmabuf)
{
	struct dmabuf_state *state = dmabuf_state(dmabuf);
	struct dma_buf_attachment *attach;
	char name[DMA_BUF_NAME_LEN] = "";

	spin_lock(&dmabuf->name_lock);
	if (dmabuf->name)
		strscpy(name, dmabuf->name);
	spin_unlock(&dmabuf->name_lock);

	seq_printf(m, "buffer\tino=%llu\tsize=%zu\trefs=%ld\tvmaps=%u\tfences=%u",
		   (u64)file_inode(dmabuf->file)->i_ino, dmabuf->size,
		   file_count(dmabuf->file) - 1, dmabuf->vmapping_counter,
		   dmabuf_pending_fences(dmabuf->resv));
	dmabuf_show_field(m, "exporter", dmabuf->exp_name);
	dmabuf_show_field(m, "name", name);
	if (state)
		show_creator(m, state);
	seq_putc(m, '\n');
	list_for_each_entry(attach, &dmabuf->attachments, node)
		show_attachment(m, attach);
}

static int buffers_show(struct seq_file *m, void *unused)
{
	return show_all(m, show_buffer);
}
DEFINE_SHOW_ATTRIBUTE(buffers);

static int misuse_show(struct seq_file *m, void *unused)
{
	dmabuf_misuse_show(m);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(misuse);

static int fault_show(struct seq_file *m, void *unused)
{
	dmabuf_fault_show(m);
	return 0;
}

static ssize_t fault_write(struct file *file, const char __user *user,
			   size_t length, loff_t *offset)
{
	char *text;
	int ret;

	if (length >= RULE_MAX_LEN)
		return -EINVAL;
	text = memdup_user_nul(user, length);
	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = dmabuf_fault_set(strim(text));
	kfree(text);
	return ret ?: length;
}
DEFINE_SHOW_STORE_ATTRIBUTE(fault);

static int strict_get(void *data, u64 *value)
{
	*value = dmabuf_is_strict();
	return 0;
}

static int strict_set(void *data, u64 value)
{
	dmabuf_set_strict(value);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(strict_fops, strict_get, strict_set, "%llu\n");

/* One row for each file of ours. */
static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *fops;
} files[] = {
	{ "buffers", 0400, &buffers_fops },
	{ "misuse", 0400, &misuse_fops },
	{ "fault", 0600, &fault_fops },
	{ "strict", 0600, &strict_fops },
};

void dmabuf_debugfs_add(struct dentry *directory)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_create_file(files[i].name, files[i].mode, directory,
				    NULL, files[i].fops);
}

void dmabuf_debugfs_remove(struct dentry *directory)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		debugfs_lookup_and_remove(files[i].name, directory);
}
