/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A buffer's file, as programs meet it: one function for each operation.
 */
#ifndef DMABUF_FILE_H
#define DMABUF_FILE_H

#include <linux/types.h>

struct dentry;
struct file;
struct seq_file;
struct vm_area_struct;

/**
 * dmabuf_file_mmap - mmap() of a buffer's fd
 * @file: the buffer's file
 * @vma: where to
 *
 * Return: 0, -EINVAL if it is no buffer, can't be mapped or is smaller, -ENODEV
 * if it was revoked, or what the exporter says.
 */
int dmabuf_file_mmap(struct file *file, struct vm_area_struct *vma);

/**
 * dmabuf_file_llseek - lseek() of a buffer's fd, to ask for its size
 * @file: the buffer's file
 * @offset: 0
 * @whence: SEEK_END, or SEEK_SET to undo it
 *
 * Return: the size or 0, -EBADF if it is no buffer, or -EINVAL.
 */
loff_t dmabuf_file_llseek(struct file *file, loff_t offset, int whence);

/**
 * dmabuf_file_ioctl - ioctl() of a buffer's fd
 * @file: the buffer's file
 * @command: which
 * @argument: its argument
 *
 * Return: 0, -ENOTTY for an unknown one, -EFAULT, -EINVAL for what it does not
 * allow, or what the operation says.
 */
long dmabuf_file_ioctl(struct file *file, unsigned int command,
		       unsigned long argument);

/**
 * dmabuf_file_show - what /proc/PID/fdinfo says of a buffer
 * @m: where to
 * @file: the buffer's file
 */
void dmabuf_file_show(struct seq_file *m, struct file *file);

/**
 * dmabuf_file_name - the name that /proc/PID/fd and maps show, built-in form
 * @dentry: of the buffer's file
 * @buffer: where to
 * @length: its size
 *
 * Return: the start of the name in @buffer, or an ERR_PTR.
 */
char *dmabuf_file_name(struct dentry *dentry, char *buffer, int length);

#endif
