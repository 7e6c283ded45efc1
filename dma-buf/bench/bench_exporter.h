/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buffers that are measured.
 */
#ifndef BENCH_EXPORTER_H
#define BENCH_EXPORTER_H

#include <linux/types.h>

/**
 * bench_exporter_init - get the memory that all buffers share
 *
 * Return: 0 or -ENOMEM.
 */
int bench_exporter_init(void);

/**
 * bench_exporter_exit - give it back, when there is no buffer left
 */
void bench_exporter_exit(void);

/**
 * bench_export - make a buffer and an fd for it
 * @pages: 1 to DMABUF_BENCH_PAGES
 * @movable: does the exporter have pin and unpin?
 * @flags: O_CLOEXEC or 0
 *
 * Return: the fd or a negative errno.
 */
int bench_export(unsigned int pages, bool movable, int flags);

#endif
