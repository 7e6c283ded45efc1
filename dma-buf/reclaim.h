/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Idle mappings under memory pressure.
 */
#ifndef DMABUF_RECLAIM_H
#define DMABUF_RECLAIM_H

#include <linux/limits.h>

/**
 * dmabuf_reclaim_init - from here on memory pressure ends idle mappings
 *
 * Return: 0 or -ENOMEM: then they end with their attachments.
 */
int dmabuf_reclaim_init(void);

/**
 * dmabuf_reclaim_end - undo dmabuf_reclaim_init()
 */
void dmabuf_reclaim_end(void);

/**
 * dmabuf_reclaim - end idle mappings
 * @wanted: stop after so many; ULONG_MAX for all
 *
 * Buffers whose reservation lock somebody holds are left alone.
 *
 * Return: how many were ended.
 */
unsigned long dmabuf_reclaim(unsigned long wanted);

#endif
