// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a buffer: exporters make it, files and importers refer to it. The
 * reference count is the file's; how the last reference gives the buffer back is
 * release.c's. Nothing here knows what devices do with a buffer.
 */

#include <linux/cgroup.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "buffer.h"
#include "fault.h"
#include "form.h"
#include "hold.h"
#include "misuse.h"
#include "registry.h"
#include "state.h"
#include "stock_trace.h"

bool dmabuf_is_file(const struct file *file)
{
	return file->f_op == dmabuf_form_fops();
}

u64 dmabuf_ino(struct dma_buf *dmabuf)
{
	struct dmabuf_state *state = dmabuf_state(dmabuf);

	return state ? state->ino : 0;
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

static void note_creator(struct dmabuf_state *state, const struct inode *inode)
{
	state->ino = inode->i_ino;
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
	note_creator(&buffer->state, inode);
	return dmabuf;
}

void dmabuf_buffer_free(struct dma_buf *dmabuf)
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
		dmabuf_buffer_free(dmabuf);
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

	if (!dmabuf || !dmabuf_has_file(dmabuf)) {
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
	if (!dmabuf || !dmabuf_has_file(dmabuf)) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return;
	}
	if (trace_dma_buf_put_enabled())
		trace_put(dmabuf);
	else
		fput(dmabuf->file);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_put, "DMA_BUF");
