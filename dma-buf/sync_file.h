/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fences between a buffer and sync files.
 */
#ifndef DMABUF_SYNC_FILE_H
#define DMABUF_SYNC_FILE_H

#include <linux/compiler_types.h>

struct dma_buf;
struct dma_resv;

/**
 * dmabuf_pending_fences - how many fences of a buffer are not signalled
 * @resv: its reservation object, locked
 *
 * Return: the number, of whatever usage.
 */
unsigned int dmabuf_pending_fences(struct dma_resv *resv);

/**
 * dmabuf_export_sync_file - DMA_BUF_IOCTL_EXPORT_SYNC_FILE
 * @dmabuf: the buffer
 * @argument: &struct dma_buf_export_sync_file of the program
 *
 * Return: 0, -EFAULT, -EINVAL for unknown or no flags, -EMFILE, or -ENOMEM.
 */
long dmabuf_export_sync_file(struct dma_buf *dmabuf, void __user *argument);

/**
 * dmabuf_import_sync_file - DMA_BUF_IOCTL_IMPORT_SYNC_FILE
 * @dmabuf: the buffer
 * @argument: &struct dma_buf_import_sync_file of the program
 *
 * Return: 0, -EFAULT, -EINVAL for unknown or no flags or an fd that is no sync
 * file, -ENOSPC if too many fences would be pending, or -ENOMEM.
 */
long dmabuf_import_sync_file(struct dma_buf *dmabuf, const void __user *argument);

#endif
