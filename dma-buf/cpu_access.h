/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPU's access to a buffer: what the buffer's file needs of it.
 */
#ifndef DMABUF_CPU_ACCESS_H
#define DMABUF_CPU_ACCESS_H

#include <linux/dma-direction.h>

struct dma_buf;
struct dmabuf_state;

/**
 * dmabuf_begin_program_access - dma_buf_begin_cpu_access() for a program
 * @dmabuf: the buffer
 * @direction: of the access
 *
 * Return: as dma_buf_begin_cpu_access().
 */
int dmabuf_begin_program_access(struct dma_buf *dmabuf,
				enum dma_data_direction direction);

/**
 * dmabuf_end_program_access - dma_buf_end_cpu_access() for a program
 * @dmabuf: the buffer
 * @direction: of the access
 *
 * An end without begin is the program's doing, so it is not printed, and in the book
 * each buffer is counted once, however often it is done.
 *
 * Return: as dma_buf_end_cpu_access().
 */
int dmabuf_end_program_access(struct dma_buf *dmabuf,
			      enum dma_data_direction direction);

/**
 * dmabuf_cpu_accesses - CPU access that has begun and not ended
 * @state: of the buffer
 *
 * Return: how many, by programs and by the kernel.
 */
unsigned int dmabuf_cpu_accesses(struct dmabuf_state *state);

#endif
