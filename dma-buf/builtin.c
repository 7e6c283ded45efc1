// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core built into a kernel: the file system that buffers' files live in,
 * the table of their operations, the stock core's trace events, and the start.
 * The live form has live.c in its place.
 */

#include <linux/atomic.h>
#include <linux/dcache.h>
#include <linux/debugfs.h>
#include <linux/dma-buf.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pagemap.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include <uapi/linux/dma-buf.h>
#include <uapi/linux/magic.h>

#include "buffer.h"
#include "debugfs.h"
#include "file.h"
#include "form.h"
#include "misuse.h"
#include "poll.h"
#include "reclaim.h"
#include "registry.h"
#include "state.h"

#define CREATE_TRACE_POINTS
#include <trace/events/dma_buf.h>

struct vfsmount *dmabuf_builtin_mount __ro_after_init;
static struct kmem_cache *cache __ro_after_init;

const struct file_operations dmabuf_builtin_fops = {
	.release = dmabuf_file_release,
	.mmap = dmabuf_file_mmap,
	.llseek = dmabuf_file_llseek,
	.poll = dmabuf_poll,
	.unlocked_ioctl = dmabuf_file_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = dmabuf_file_show,
};

static const struct dentry_operations dentry_operations = {
	.d_dname = dmabuf_file_name,
	.d_release = dmabuf_dentry_release,
};

/* Here, as dynamic_dname() is not for modules; the live form keeps the stock's. */
char *dmabuf_file_name(struct dentry *dentry, char *buffer, int length)
{
	struct dma_buf *dmabuf = dentry->d_fsdata;
	char name[DMA_BUF_NAME_LEN] = "";

	spin_lock(&dmabuf->name_lock);
	if (dmabuf->name)
		strscpy(name, dmabuf->name);
	spin_unlock(&dmabuf->name_lock);
	return dynamic_dname(buffer, length, "/%s:%s", dentry->d_name.name, name);
}

/**
 * struct inode_and_buffer - made with one allocation
 * @inode: of the buffer's file
 * @parts: how many of the two are in use: whichever ends last frees both
 * @spare_taken: @spare is an attachment. Zero again when the buffer ends
 * @buffer: the buffer
 * @spare: for the first who attaches; most buffers have one importer
 */
struct inode_and_buffer {
	struct inode inode;
	atomic_t parts;
	atomic_t spare_taken;
	struct dmabuf_buffer buffer;
	struct dmabuf_attachment spare;
};

static void construct(void *object)
{
	struct inode_and_buffer *both = object;

	inode_init_once(&both->inode);
	atomic_set(&both->spare_taken, 0);
}

static struct inode *take_inode(struct super_block *sb)
{
	struct inode_and_buffer *both = alloc_inode_sb(sb, cache, GFP_KERNEL);

	if (!both)
		return NULL;
	atomic_set(&both->parts, 1);
	return &both->inode;
}

static void end_part(struct inode_and_buffer *both)
{
	if (atomic_dec_and_test(&both->parts))
		kmem_cache_free(cache, both);
}

/* At once, not by RCU, as those of pipes: Documentation/core.rst says why. */
static void give_inode(struct inode *inode)
{
	end_part(container_of(inode, struct inode_and_buffer, inode));
}

struct dmabuf_buffer *dmabuf_form_buffer(struct inode *inode)
{
	struct inode_and_buffer *both;

	both = container_of(inode, struct inode_and_buffer, inode);
	atomic_set(&both->parts, 2);
	memset(&both->buffer, 0, offsetof(struct dmabuf_buffer, state.created));
	return &both->buffer;
}

void dmabuf_form_free(struct dmabuf_buffer *buffer)
{
	end_part(container_of(buffer, struct inode_and_buffer, buffer));
}

static struct inode_and_buffer *whole(struct dma_buf *dmabuf)
{
	return container_of(dmabuf, struct inode_and_buffer, buffer.base);
}

/* Strict, everyone gets memory that can be kept, and poisoned, when it is freed. */
struct dmabuf_attachment *dmabuf_form_attachment(struct dma_buf *dmabuf)
{
	struct inode_and_buffer *both = whole(dmabuf);

	if (dmabuf_is_strict() || atomic_xchg_acquire(&both->spare_taken, 1))
		return kzalloc_obj(struct dmabuf_attachment);
	memset(&both->spare, 0, sizeof(both->spare));
	both->spare.state.spare = true;
	return &both->spare;
}

void dmabuf_form_free_attachment(struct dma_buf_attachment *attach)
{
	struct dmabuf_attach_state *state = dmabuf_attach_state(attach);

	if (!state->spare) {
		kfree(attach);
		return;
	}
	state->detached = true;
	atomic_set_release(&whole(attach->dmabuf)->spare_taken, 0);
}

/*
 * There are no pages to truncate: a buffer's are its exporter's. One on a list or
 * with pages could be met by those who only hold the RCU read lock.
 */
static void evict_inode(struct inode *inode)
{
	WARN_ON_ONCE(!inode_unhashed(inode) || !list_empty(&inode->i_sb_list));
	if (WARN_ON_ONCE(!mapping_empty(&inode->i_data)))
		truncate_inode_pages_final(&inode->i_data);
	clear_inode(inode);
}

static const struct super_operations super_operations = {
	.alloc_inode = take_inode,
	.destroy_inode = give_inode,
	.evict_inode = evict_inode,
	.statfs = simple_statfs,
};

static int init_context(struct fs_context *fc)
{
	struct pseudo_fs_context *context = init_pseudo(fc, DMA_BUF_MAGIC);

	if (!context)
		return -ENOMEM;
	context->ops = &super_operations;
	context->dops = &dentry_operations;
	return 0;
}

static struct file_system_type file_system = {
	.name = "dmabuf",
	.init_fs_context = init_context,
	.kill_sb = kill_anon_super,
};

DEFINE_SHOW_ATTRIBUTE(dmabuf_bufinfo);

static int __init dmabuf_start(void)
{
	struct dentry *directory;

	dmabuf_registry_init();
	cache = kmem_cache_create("dmabuf", sizeof(struct inode_and_buffer), 0,
				  SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT, construct);
	if (!cache)
		return -ENOMEM;
	dmabuf_builtin_mount = kern_mount(&file_system);
	if (IS_ERR(dmabuf_builtin_mount))
		return PTR_ERR(dmabuf_builtin_mount);
	/* Nothing in the core depends on these two. */
	dmabuf_reclaim_init();
	directory = debugfs_create_dir("dma_buf", NULL);
	debugfs_create_file("bufinfo", 0444, directory, NULL, &dmabuf_bufinfo_fops);
	dmabuf_debugfs_add(directory);
	return 0;
}
subsys_initcall(dmabuf_start);
