/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The core's files in debugfs.
 */
#ifndef DMABUF_DEBUGFS_H
#define DMABUF_DEBUGFS_H

struct dentry;
struct seq_file;

/**
 * dmabuf_bufinfo_show - the stock core's list of buffers
 * @m: where to
 * @unused: nothing
 *
 * Return: 0 or -EINTR.
 */
int dmabuf_bufinfo_show(struct seq_file *m, void *unused);

/**
 * dmabuf_debugfs_add - add the files that the stock core has not
 * @directory: dma_buf/
 */
void dmabuf_debugfs_add(struct dentry *directory);

/**
 * dmabuf_debugfs_remove - remove them again
 * @directory: dma_buf/
 */
void dmabuf_debugfs_remove(struct dentry *directory);

#endif
