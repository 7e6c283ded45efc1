/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU's access to a buffer: what the buffer's file needs of it.
 */
#ifndef DMABUF_CPU_ACCESS_H
#define DMABUF_CPU_ACCESS_H

#include <linux/dma-direction.h>

struct dma_buf;

/**
 * dmabuf_end_program_access - dma_buf_end_cpu_access() for a program
 * @dmabuf: the buffer
 * @direction: of the access
 *
 * An end without begin is the program's doing, so it is counted, not printed.
 *
 * Return: as dma_buf_end_cpu_access().
 */
int dmabuf_end_program_access(struct dma_buf *dmabuf,
			      enum dma_data_direction direction);

#endif
