/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a buffer: what other files of the core need of it.
 */
#ifndef DMABUF_BUFFER_H
#define DMABUF_BUFFER_H

#include <linux/types.h>

struct dentry;
struct dma_buf;
struct dmabuf_state;
struct file;
struct inode;

/**
 * dmabuf_is_file - is it the file of a buffer?
 * @file: any file
 *
 * Return: true if &file.private_data is a &struct dma_buf.
 */
bool dmabuf_is_file(const struct file *file);

/**
 * dmabuf_file_release - the last reference to a buffer is gone
 * @inode: its inode
 * @file: its file
 *
 * &file_operations.release of a buffer: nobody finds it any more, but what
 * belongs to the exporter lives until dmabuf_dentry_release().
 *
 * Return: 0, or -EINVAL if it is no buffer's file.
 */
int dmabuf_file_release(struct inode *inode, struct file *file);

/**
 * dmabuf_dentry_release - give a buffer back to its exporter and free it
 * @dentry: its file's dentry
 *
 * &dentry_operations.d_release of a buffer. A buffer that devices are still
 * attached to stays in memory until the last of them is detached. While one of these
 * is in a call, the exporter is told later, by a worker: nothing is waited for here.
 */
void dmabuf_dentry_release(struct dentry *dentry);

/**
 * dmabuf_ino - the number of a buffer's inode, when that may be gone
 * @dmabuf: the buffer; its file may be on its way out
 *
 * Return: the number, or 0 where the core keeps no state.
 */
u64 dmabuf_ino(struct dma_buf *dmabuf);

/**
 * dmabuf_buffer_free - free what was allocated for a buffer
 * @dmabuf: a buffer that nobody knows
 */
void dmabuf_buffer_free(struct dma_buf *dmabuf);

/**
 * dmabuf_drop - let go of a buffer's memory
 * @dmabuf: the buffer; whoever lets go last frees it
 * @own: its dmabuf_own_state(); without one nobody is counted, and nothing is done
 */
void dmabuf_drop(struct dma_buf *dmabuf, struct dmabuf_state *own);

#endif
