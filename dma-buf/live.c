// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live form: a livepatch that leads every entry point of the stock core to
 * ours, and what has to be done before and after. builtin.c is its counterpart.
 * Livepatch calls the four callbacks; while tasks are between the two cores
 * (before post_patch, after pre_unpatch) ours keeps no states, so each core can
 * go on with whatever the other began.
 */

#include <linux/debugfs.h>
#include <linux/file_ref.h>
#include <linux/fs.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/panic.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "buffer.h"
#include "debugfs.h"
#include "fault.h"
#include "file.h"
#include "form.h"
#include "live_force.h"
#include "live_others.h"
#include "live_state.h"
#include "live_stock.h"
#include "mapping.h"
#include "poll.h"
#include "reclaim.h"
#include "state.h"
#include "trace.h"

/* The stock core numbers from 1; with ours any number still fits in 32 bits. */
#define FIRST_INO 0x80000000u

#define REPLACE(old, new) { .old_name = #old, .new_func = (new) }
#define EXPORTED(function) REPLACE(function, function)

static struct klp_func funcs[] = {
	EXPORTED(dma_buf_export),
	EXPORTED(dma_buf_fd),
	EXPORTED(dma_buf_fd_install),
	EXPORTED(dma_buf_get),
	EXPORTED(dma_buf_put),
	EXPORTED(dma_buf_dynamic_attach),
	EXPORTED(dma_buf_attach),
	EXPORTED(dma_buf_detach),
	EXPORTED(dma_buf_pin),
	EXPORTED(dma_buf_unpin),
	EXPORTED(dma_buf_map_attachment),
	EXPORTED(dma_buf_map_attachment_unlocked),
	EXPORTED(dma_buf_unmap_attachment),
	EXPORTED(dma_buf_unmap_attachment_unlocked),
	EXPORTED(dma_buf_attach_revocable),
	EXPORTED(dma_buf_invalidate_mappings),
	EXPORTED(dma_buf_begin_cpu_access),
	EXPORTED(dma_buf_end_cpu_access),
	EXPORTED(dma_buf_mmap),
	EXPORTED(dma_buf_vmap),
	EXPORTED(dma_buf_vmap_unlocked),
	EXPORTED(dma_buf_vunmap),
	EXPORTED(dma_buf_vunmap_unlocked),
	EXPORTED(dma_buf_iter_begin),
	EXPORTED(dma_buf_iter_next),
	REPLACE(dma_buf_release, dmabuf_dentry_release),
	REPLACE(dma_buf_file_release, dmabuf_file_release),
	REPLACE(dma_buf_mmap_internal, dmabuf_file_mmap),
	REPLACE(dma_buf_llseek, dmabuf_file_llseek),
	REPLACE(dma_buf_poll, dmabuf_poll),
	REPLACE(dma_buf_ioctl, dmabuf_file_ioctl),
	REPLACE(dma_buf_show_fdinfo, dmabuf_file_show),
#ifdef CONFIG_DEBUG_FS
	REPLACE(dma_buf_debug_show, dmabuf_bufinfo_show),
#endif
	{}
};

static u64 first_ino = FIRST_INO;
static struct workqueue_struct *releases;

/* With more references than anyone drops. It has to be there for as long as an orphan. */
static struct inode no_inode;
static struct file no_file;

static void no_file_init(void)
{
	file_ref_init(&no_file.f_ref, FILE_REF_MAXREF / 2);
	no_file.f_inode = &no_inode;
}

struct file *dmabuf_form_no_file(void)
{
	return &no_file;
}

void dmabuf_form_queue(struct work_struct *work)
{
	queue_work(releases, work);
}

struct vfsmount *dmabuf_form_mount(void)
{
	return *dmabuf_stock.mount;
}

struct dmabuf_buffer *dmabuf_form_buffer(struct inode *inode)
{
	return kzalloc_obj(struct dmabuf_buffer, GFP_KERNEL_ACCOUNT);
}

void dmabuf_form_free(struct dmabuf_buffer *buffer)
{
	kfree(buffer);
}

const struct file_operations *dmabuf_form_fops(void)
{
	return dmabuf_stock.fops;
}

u64 dmabuf_form_first_ino(void)
{
	return first_ino;
}

/* Buffers of an earlier load may be there still. */
static void skip_numbers(void)
{
	struct dma_buf *dmabuf;

	guard(mutex)(dmabuf_stock.list_mutex);
	list_for_each_entry(dmabuf, dmabuf_stock.list, list_node)
		first_ino = max_t(u64, first_ino, file_inode(dmabuf->file)->i_ino);
}

/* Livepatch's mutex is held. */
static int before_patching(struct klp_object *object)
{
	int ret = dmabuf_others_refuse(funcs);

	if (!ret)
		skip_numbers();
	return ret;
}

/*
 * Tasks may be in the middle of stock code, and free what we would keep a state of. So
 * it stays as it is during a transition: no states, the core does what the stock one
 * would.
 */
static void keep_no_states(void)
{
	pr_warn("dma-buf: the transition was forced: the core keeps no accounts\n");
	add_taint(TAINT_USER, LOCKDEP_STILL_OK);
}

static void after_patching(struct klp_object *object)
{
	struct dentry *directory;

	if (dmabuf_was_forced()) {
		keep_no_states();
		return;
	}
	dmabuf_mappings_stop(false);
	dmabuf_live_begin();
	/* Nothing in the core depends on these two. */
	dmabuf_reclaim_init();
	directory = debugfs_lookup("dma_buf", NULL);
	if (IS_ERR_OR_NULL(directory))
		return;
	dmabuf_debugfs_add(directory);
	dput(directory);
}

static void before_unpatching(struct klp_object *object)
{
	struct dentry *directory = debugfs_lookup("dma_buf", NULL);

	if (!IS_ERR_OR_NULL(directory)) {
		dmabuf_debugfs_remove(directory);
		dput(directory);
	}
	dmabuf_reclaim_end();
	dmabuf_mappings_stop(true);
	dmabuf_live_end();
}

static void after_unpatching(struct klp_object *object)
{
	/* A task that was forced may go on in our code, which livepatch keeps. */
	if (!dmabuf_was_forced())
		dmabuf_live_free();
	dmabuf_fault_end();
}

static struct klp_object objects[] = {
	{
		.funcs = funcs,
		.callbacks = {
			.pre_patch = before_patching,
			.post_patch = after_patching,
			.pre_unpatch = before_unpatching,
			.post_unpatch = after_unpatching,
		},
	},
	{}
};

/*
 * A livepatch that replaces all others would not call our callbacks. It is
 * refused while there is a state that it does not know.
 */
static struct klp_state states[] = {
	{ .id = 0x646d6162, .version = 1 },
	{}
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
	.states = states,
};

static int __init dmabuf_live_init(void)
{
	int ret;

	if (!dmabuf_stock.list) {
		pr_err("dma-buf: dmabuf_live.ko was not finished with klp-link\n");
		return -ENOEXEC;
	}
	no_file_init();
	releases = alloc_workqueue("dmabuf_release", WQ_UNBOUND, 0);
	if (!releases)
		return -ENOMEM;
	ret = dmabuf_force_watch(&patch);
	if (ret)
		goto destroy_queue;
	ret = dmabuf_others_watch(funcs);
	if (ret)
		goto unwatch_force;
	ret = klp_enable_patch(&patch);
	if (ret)
		goto unwatch_others;
	return 0;

unwatch_others:
	dmabuf_others_unwatch();
unwatch_force:
	dmabuf_force_unwatch();
destroy_queue:
	destroy_workqueue(releases);
	return ret;
}
module_init(dmabuf_live_init);

/* Only after livepatch let go of the module, and no work is queued. */
static void __exit dmabuf_live_exit(void)
{
	dmabuf_others_unwatch();
	dmabuf_force_unwatch();
	destroy_workqueue(releases);
}
module_exit(dmabuf_live_exit);

MODULE_DESCRIPTION("dma-buf core in place of the running kernel's");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("DMA_BUF");
MODULE_INFO(livepatch, "Y");
