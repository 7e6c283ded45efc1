// SPDX-License-Identifier: GPL-2.0-only
/*
 * A buffer's file, as programs meet it: size, name, mmap, ioctls, fdinfo. The
 * table of file operations is the form's; polling is poll.c's.
 */

#include <linux/dma-buf.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include <uapi/linux/dma-buf.h>

#include "buffer.h"
#include "cpu_access.h"
#include "file.h"
#include "form.h"
#include "stock_trace.h"
#include "sync_file.h"
#include "text.h"
#include "user_mapping.h"

int dmabuf_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct dma_buf *dmabuf = file->private_data;

	if (!dmabuf_is_file(file) || !dmabuf->ops->mmap)
		return -EINVAL;
	if (vma->vm_pgoff + vma_pages(vma) > dmabuf->size >> PAGE_SHIFT)
		return -EINVAL;
	trace_dma_buf_mmap_internal(dmabuf);
	return dmabuf_user_mmap(dmabuf, vma);
}

loff_t dmabuf_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct dma_buf *dmabuf = file->private_data;

	if (!dmabuf_is_file(file))
		return -EBADF;
	if (offset || (whence != SEEK_SET && whence != SEEK_END))
		return -EINVAL;
	return whence == SEEK_END ? dmabuf->size : 0;
}

static long set_name(struct dma_buf *dmabuf, const char __user *text)
{
	char *name = strndup_user(text, DMA_BUF_NAME_LEN);

	if (IS_ERR(name))
		return PTR_ERR(name);
	spin_lock(&dmabuf->name_lock);
	swap(name, *(char **)&dmabuf->name);
	spin_unlock(&dmabuf->name_lock);
	kfree(name);
	return 0;
}

static long sync_access(struct dma_buf *dmabuf, const void __user *argument)
{
	static const enum dma_data_direction directions[] = {
		[DMA_BUF_SYNC_READ] = DMA_FROM_DEVICE,
		[DMA_BUF_SYNC_WRITE] = DMA_TO_DEVICE,
		[DMA_BUF_SYNC_RW] = DMA_BIDIRECTIONAL,
	};
	enum dma_data_direction direction;
	struct dma_buf_sync sync;

	if (copy_from_user(&sync, argument, sizeof(sync)))
		return -EFAULT;
	if (sync.flags & ~DMA_BUF_SYNC_VALID_FLAGS_MASK ||
	    !(sync.flags & DMA_BUF_SYNC_RW))
		return -EINVAL;
	direction = directions[sync.flags & DMA_BUF_SYNC_RW];
	if (sync.flags & DMA_BUF_SYNC_END)
		return dmabuf_end_program_access(dmabuf, direction);
	return dmabuf_begin_program_access(dmabuf, direction);
}

long dmabuf_file_ioctl(struct file *file, unsigned int command,
		       unsigned long argument)
{
	struct dma_buf *dmabuf = file->private_data;
	void __user *user = (void __user *)argument;

	switch (command) {
	case DMA_BUF_IOCTL_SYNC:
		return sync_access(dmabuf, user);
	case DMA_BUF_SET_NAME_A:
	case DMA_BUF_SET_NAME_B:
		return set_name(dmabuf, user);
#if IS_ENABLED(CONFIG_SYNC_FILE)
	case DMA_BUF_IOCTL_EXPORT_SYNC_FILE:
		return dmabuf_export_sync_file(dmabuf, user);
	case DMA_BUF_IOCTL_IMPORT_SYNC_FILE:
		return dmabuf_import_sync_file(dmabuf, user);
#endif
	default:
		return -ENOTTY;
	}
}

void dmabuf_file_show(struct seq_file *m, struct file *file)
{
	struct dma_buf *dmabuf = file->private_data;

	seq_printf(m, "size:\t%zu\n", dmabuf->size);
	/* Without the reference of the one who looks. */
	seq_printf(m, "count:\t%ld\n", file_count(file) - 1);
	seq_puts(m, "exp_name:\t");
	dmabuf_show_text(m, dmabuf->exp_name);
	seq_putc(m, '\n');
	spin_lock(&dmabuf->name_lock);
	if (dmabuf->name) {
		seq_puts(m, "name:\t");
		dmabuf_show_text(m, dmabuf->name);
		seq_putc(m, '\n');
	}
	spin_unlock(&dmabuf->name_lock);
}
