/* SPDX-License-Identifier: MIT */
#ifndef PROC_FILES_H
#define PROC_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/**
 * struct fdinfo - what /proc/self/fdinfo says of a dma-buf
 * @lines: lines that belong to a dma-buf
 * @ino: inode number
 * @size: bytes
 * @count: references
 * @exporter: exporter
 * @named: it has a name
 * @name: the name
 */
struct fdinfo {
	unsigned int lines;
	unsigned long long ino;
	unsigned long long size;
	long count;
	char exporter[64];
	bool named;
	char name[64];
};

/**
 * struct bufinfo - what bufinfo in debugfs says of a dma-buf
 * @size: bytes
 * @count: references
 * @exporter: exporter
 * @name: its name or "<none>"
 * @attachments: devices that were listed
 * @total: the number of them that was given
 */
struct bufinfo {
	size_t size;
	long count;
	char exporter[64];
	char name[64];
	unsigned int attachments;
	unsigned int total;
};

struct fdinfo fdinfo_read(int fd);

/* False if there is no such buffer; skips where there is no bufinfo. */
bool bufinfo_find(ino_t inode, struct bufinfo *info);

/* What /proc/self/fd says the descriptor leads to. */
void fd_link(int fd, char *link, size_t size);

#endif
