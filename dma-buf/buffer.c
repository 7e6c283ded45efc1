// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a buffer: exporters make it, files and importers refer to it,
 * the last reference gives it back. The reference count is the file's. Nothing
 * here knows what devices do with a buffer.
 */

#include <linux/cgroup.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "attachment.h"
#include "buffer.h"
#include "cpu_access.h"
#include "fault.h"
#include "form.h"
#include "hold.h"
#include "misuse.h"
#include "poll.h"
#include "registry.h"
#include "state.h"
#include "stock_trace.h"
#include "user_mapping.h"

bool dmabuf_is_file(const struct file *file)
{
	return file->f_op == dmabuf_form_fops();
}

static struct inode *make_inode(size_t size)
{
	static atomic64_t number;
	struct inode *inode = alloc_anon_inode(dmabuf_form_mount()->mnt_sb);

	if (IS_ERR(inode))
		return inode;
	inode->i_size = size;
	inode_set_bytes(inode, size);
	inode->i_ino = dmabuf_form_first_ino() + atomic64_inc_return(&number);
	return inode;
}

static void note_creator(struct dmabuf_state *state)
{
	state->created = get_jiffies_64();
	state->pid = task_tgid_nr(current);
	memcpy(state->comm, current->comm, sizeof(state->comm));
	state->comm[sizeof(state->comm) - 1] = 0;
#ifdef CONFIG_CGROUPS
	rcu_read_lock();
	state->cgroup = cgroup_id(task_dfl_cgroup(current));
	rcu_read_unlock();
#else
	state->cgroup = 0;
#endif
}

static struct dma_buf *make_buffer(const struct dma_buf_export_info *info,
				   struct inode *inode)
{
	struct dmabuf_buffer *buffer = dmabuf_form_buffer(inode);
	struct dma_buf *dmabuf;

	if (!buffer)
		return NULL;
	dmabuf = &buffer->base;
	dmabuf->priv = info->priv;
	dmabuf->ops = info->ops;
	dmabuf->size = info->size;
	dmabuf->exp_name = info->exp_name;
	dmabuf->owner = info->owner;
	dmabuf->resv = info->resv;
	spin_lock_init(&dmabuf->name_lock);
	init_waitqueue_head(&dmabuf->poll);
	/* What the stock core expects of a buffer that it is handed. */
	dmabuf->cb_in.poll = &dmabuf->poll;
	dmabuf->cb_out.poll = &dmabuf->poll;
	INIT_LIST_HEAD(&dmabuf->attachments);
	INIT_LIST_HEAD(&buffer->state.waiters);
	if (!dmabuf->resv) {
		dmabuf->resv = &buffer->resv;
		dma_resv_init(dmabuf->resv);
	}
	dmabuf_hold_init(&buffer->state);
	note_creator(&buffer->state);
	return dmabuf;
}

static void unmake_buffer(struct dma_buf *dmabuf)
{
	if (dmabuf->resv == (struct dma_resv *)&dmabuf[1])
		dma_resv_fini(dmabuf->resv);
	dmabuf_form_free(container_of(dmabuf, struct dmabuf_buffer, base));
}

/* The buffer with its file; nothing of it is known to anyone yet. */
static struct dma_buf *make(const struct dma_buf_export_info *info)
{
	struct inode *inode = make_inode(info->size);
	struct dma_buf *dmabuf;
	struct file *file;

	if (IS_ERR(inode))
		return ERR_CAST(inode);
	dmabuf = make_buffer(info, inode);
	if (!dmabuf) {
		iput(inode);
		return ERR_PTR(-ENOMEM);
	}
	file = alloc_file_pseudo(inode, dmabuf_form_mount(), "dmabuf",
				 info->flags & (O_ACCMODE | O_NONBLOCK),
				 dmabuf_form_fops());
	if (IS_ERR(file)) {
		iput(inode);
		unmake_buffer(dmabuf);
		return ERR_CAST(file);
	}
	file->private_data = dmabuf;
	file->f_path.dentry->d_fsdata = dmabuf;
	dmabuf->file = file;
	return dmabuf;
}

static bool is_complete(const struct dma_buf_export_info *info)
{
	return info->priv && info->ops && info->ops->map_dma_buf &&
	       info->ops->unmap_dma_buf && info->ops->release &&
	       !info->ops->pin == !info->ops->unpin;
}

/**
 * dma_buf_export - make a buffer that can be shared
 * @exp_info: what the exporter says of it; copied. Where it brings no
 *	reservation object the buffer gets one
 *
 * Must not be called with the reservation lock held. The exporter's module is
 * held until the buffer is released. &dma_buf_ops.release is called for every
 * buffer that was made, once, after its last reference is gone; not when this
 * fails.
 *
 * Return: the buffer with one reference, for dma_buf_put() or an fd, or
 * -EINVAL if what a buffer needs is missing, -ENOENT if the exporter's module
 * is being unloaded, -ENOMEM, or -ENFILE.
 */
struct dma_buf *dma_buf_export(const struct dma_buf_export_info *exp_info)
{
	struct dma_buf *dmabuf;
	int ret;

	if (!is_complete(exp_info)) {
		dmabuf_misuse(DMABUF_BAD_EXPORT, NULL, NULL, _RET_IP_);
		return ERR_PTR(-EINVAL);
	}
	ret = dmabuf_fault(DMABUF_FAULT_EXPORT, exp_info->exp_name, NULL);
	if (ret)
		return ERR_PTR(ret);
	if (!try_module_get(exp_info->owner))
		return ERR_PTR(-ENOENT);

	dmabuf = make(exp_info);
	if (IS_ERR(dmabuf)) {
		module_put(exp_info->owner);
		return dmabuf;
	}
	dmabuf_registry_add(dmabuf);
	dmabuf_form_exported(dmabuf);
	trace_dma_buf_export(dmabuf);
	return dmabuf;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_export, "DMA_BUF");

/**
 * dma_buf_fd - make an fd for a buffer
 * @dmabuf: the buffer; the caller's reference goes to the fd, unless this fails
 * @flags: O_CLOEXEC or 0
 *
 * As soon as it returns, a program can close the fd and drop the reference.
 *
 * Return: the fd, or -EINVAL without a buffer, -EMFILE, or -ENOMEM.
 */
int dma_buf_fd(struct dma_buf *dmabuf, int flags)
{
	int fd;

	if (!dmabuf || !dmabuf->file) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return -EINVAL;
	}
	fd = dmabuf_fault(DMABUF_FAULT_FD, dmabuf->exp_name, NULL);
	if (!fd)
		fd = get_unused_fd_flags(flags);
	if (fd < 0)
		return fd;

	dma_buf_fd_install(dmabuf, fd);
	return fd;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_fd, "DMA_BUF");

/**
 * dma_buf_fd_install - let a reserved fd stand for a buffer
 * @dmabuf: the buffer; the caller's reference goes to the fd
 * @fd: from get_unused_fd_flags()
 *
 * The last step of making an fd: it can't fail and can't be undone.
 */
void dma_buf_fd_install(struct dma_buf *dmabuf, int fd)
{
	trace_dma_buf_fd(dmabuf, fd);
	fd_install(fd, dmabuf->file);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_fd_install, "DMA_BUF");

/* Out of line, and last: without events get and put keep nothing for them. */
static noinline struct dma_buf *trace_get(struct dma_buf *dmabuf, int fd)
{
	trace_dma_buf_get(dmabuf, fd);
	return dmabuf;
}

static noinline void trace_put(struct dma_buf *dmabuf)
{
	trace_dma_buf_put(dmabuf);
	fput(dmabuf->file);
}

/**
 * dma_buf_get - the buffer behind an fd
 * @fd: an fd of the current process
 *
 * Return: the buffer with a reference, or -EBADF if the fd is not open, -EINVAL
 * if it is no buffer's.
 */
struct dma_buf *dma_buf_get(int fd)
{
	struct file *file = fget(fd);
	struct dma_buf *dmabuf;

	if (!file)
		return ERR_PTR(-EBADF);
	if (!dmabuf_is_file(file)) {
		fput(file);
		return ERR_PTR(-EINVAL);
	}
	dmabuf = file->private_data;
	return trace_dma_buf_get_enabled() ? trace_get(dmabuf, fd) : dmabuf;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_get, "DMA_BUF");

/**
 * dma_buf_put - drop a reference
 * @dmabuf: the buffer; it may be gone afterwards
 *
 * Must not be called with the reservation lock held.
 */
void dma_buf_put(struct dma_buf *dmabuf)
{
	if (!dmabuf || !dmabuf->file) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return;
	}
	if (trace_dma_buf_put_enabled())
		trace_put(dmabuf);
	else
		fput(dmabuf->file);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_put, "DMA_BUF");

int dmabuf_file_release(struct inode *inode, struct file *file)
{
	struct dma_buf *dmabuf = file->private_data;

	if (!dmabuf_is_file(file))
		return -EINVAL;
	/* A buffer that never came to be has a file but no private data. */
	if (dmabuf) {
		/* First: the live form ends the polls of all that are listed. */
		dmabuf_poll_end(dmabuf, dmabuf_state(dmabuf));
		dmabuf_registry_remove(dmabuf);
	}
	return 0;
}

/* What nobody can take back any more. Nobody else knows the buffer by now. */
static void report_leftovers(struct dma_buf *dmabuf, struct dmabuf_state *state)
{
	unsigned long exporter = (unsigned long)dmabuf->ops->release;

	if (dmabuf->vmapping_counter)
		dmabuf_misuse(DMABUF_RELEASE_VMAPPED, dmabuf, NULL, exporter);
	if (state && !state->adopted && dmabuf_cpu_accesses(state))
		dmabuf_misuse_by_program(DMABUF_RELEASE_CPU_ACCESS, dmabuf);
}

static void free_buffer(struct dma_buf *dmabuf)
{
	dmabuf_form_released(dmabuf);
	unmake_buffer(dmabuf);
}

void dmabuf_dentry_release(struct dentry *dentry)
{
	struct dma_buf *dmabuf = dentry->d_fsdata;
	const struct dma_buf_ops *ops;
	struct dmabuf_state *state, *own;

	if (!dmabuf)
		return;
	ops = dmabuf->ops;
	state = dmabuf_state(dmabuf);
	own = dmabuf_own_state(dmabuf);
	report_leftovers(dmabuf, state);
	dmabuf_calls_end(own);
	if (!list_empty(&dmabuf->attachments))
		dmabuf_attachments_orphan(dmabuf, own);

	ops->release(dmabuf);
	module_put(dmabuf->owner);
	kfree(dmabuf->name);
	dmabuf->name = NULL;
	if (state && state->guard)
		dmabuf_guard_free(state->guard);
	if (own)
		dmabuf_drop(dmabuf, own);
	else
		free_buffer(dmabuf);
}

void dmabuf_drop(struct dma_buf *dmabuf, struct dmabuf_state *own)
{
	bool orphaned;

	if (!own || !atomic_dec_and_test(&own->holds))
		return;
	WARN_ON_ONCE(!list_empty(&dmabuf->attachments));
	orphaned = own->orphaned;
	free_buffer(dmabuf);
	if (orphaned)
		module_put(THIS_MODULE);
}
