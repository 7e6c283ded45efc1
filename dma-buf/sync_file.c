// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fences between a buffer and sync files, for programs that synchronise
 * explicitly with others that do not. Called by the ioctls of a buffer's fd.
 */

#include <linux/dma-buf.h>
#include <linux/dma-fence-unwrap.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/sync_file.h>
#include <linux/uaccess.h>

#include <uapi/linux/dma-buf.h>

#include "form.h"
#include "sync_file.h"
#include "trace.h"

/*
 * Pending fences that a buffer may have for one more to be imported. Whoever
 * has the fd can import, and each fence is the kernel's memory.
 */
#define PENDING_MAX 1024

static bool flags_valid(u32 flags)
{
	return flags && !(flags & ~DMA_BUF_SYNC_RW);
}

/* The sync file, not yet with an fd, or an ERR_PTR. */
static struct sync_file *make_sync_file(struct dma_buf *dmabuf, bool write)
{
	struct sync_file *sync_file;
	struct dma_fence *fence = NULL;
	int ret;

	ret = dma_resv_get_singleton(dmabuf->resv, dma_resv_usage_rw(write), &fence);
	if (ret)
		return ERR_PTR(ret);
	if (!fence)
		fence = dma_fence_get_stub();
	sync_file = sync_file_create(fence);
	dma_fence_put(fence);
	return sync_file ?: ERR_PTR(-ENOMEM);
}

static long export_sync_file(struct dma_buf *dmabuf,
			     struct dma_buf_export_sync_file *export,
			     void __user *argument)
{
	struct sync_file *sync_file;
	long ret;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	sync_file = make_sync_file(dmabuf, export->flags & DMA_BUF_SYNC_WRITE);
	if (IS_ERR(sync_file)) {
		ret = PTR_ERR(sync_file);
		goto put_fd;
	}
	export->fd = fd;
	if (copy_to_user(argument, export, sizeof(*export))) {
		ret = -EFAULT;
		goto put_file;
	}
	fd_install(fd, sync_file->file);
	return 0;

put_file:
	fput(sync_file->file);
put_fd:
	put_unused_fd(fd);
	return ret;
}

long dmabuf_export_sync_file(struct dma_buf *dmabuf, void __user *argument)
{
	u64 start = DMABUF_START(export_sync_file);
	struct dma_buf_export_sync_file export;
	long ret;

	if (copy_from_user(&export, argument, sizeof(export)))
		return -EFAULT;
	if (!flags_valid(export.flags))
		return -EINVAL;
	ret = export_sync_file(dmabuf, &export, argument);
	trace_dmabuf_export_sync_file(dmabuf, NULL, export.flags, ret, start);
	return ret;
}

unsigned int dmabuf_pending_fences(struct dma_resv *resv)
{
	struct dma_resv_iter cursor;
	struct dma_fence *fence;
	unsigned int count = 0;

	dma_resv_for_each_fence(&cursor, resv, DMA_RESV_USAGE_BOOKKEEP, fence)
		count += !dma_fence_is_signaled(fence);
	return count;
}

/* A fence that is signalled by now holds nobody back: it is left out. */
static int add_fences(struct dma_resv *resv, struct dma_fence *fences,
		      enum dma_resv_usage usage)
{
	struct dma_fence_unwrap cursor;
	struct dma_fence *fence;
	unsigned int count = 0;
	int ret;

	dma_fence_unwrap_for_each(fence, &cursor, fences)
		count += !dma_fence_is_signaled(fence);
	if (!count)
		return 0;
	if (dmabuf_pending_fences(resv) + count > PENDING_MAX)
		return -ENOSPC;
	ret = dma_resv_reserve_fences(resv, count);
	if (ret)
		return ret;
	dma_fence_unwrap_for_each(fence, &cursor, fences)
		if (!dma_fence_is_signaled(fence))
			dma_resv_add_fence(resv, fence, usage);
	return 0;
}

long dmabuf_import_sync_file(struct dma_buf *dmabuf, const void __user *argument)
{
	u64 start = DMABUF_START(import_sync_file);
	struct dma_buf_import_sync_file import;
	enum dma_resv_usage usage;
	struct dma_fence *fences;
	long ret;

	if (copy_from_user(&import, argument, sizeof(import)))
		return -EFAULT;
	if (!flags_valid(import.flags))
		return -EINVAL;
	fences = sync_file_get_fence(import.fd);
	if (!fences)
		return -EINVAL;

	usage = import.flags & DMA_BUF_SYNC_WRITE ? DMA_RESV_USAGE_WRITE :
						    DMA_RESV_USAGE_READ;
	dma_resv_lock(dmabuf->resv, NULL);
	ret = add_fences(dmabuf->resv, fences, usage);
	dma_resv_unlock(dmabuf->resv);
	dma_fence_put(fences);
	trace_dmabuf_import_sync_file(dmabuf, NULL, import.flags, ret, start);
	return ret;
}
