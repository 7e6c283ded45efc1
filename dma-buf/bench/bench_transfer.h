/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Devices that write to buffers.
 */
#ifndef BENCH_TRANSFER_H
#define BENCH_TRANSFER_H

#include <linux/mutex.h>

#include "dmabuf_bench.h"

struct dma_buf_attachment;

/**
 * struct bench_transfers - what the devices are attached to, for one open file
 * @attached: for each device, or NULL
 */
struct bench_transfers {
	/** @lock: protects @attached */
	struct mutex lock;
	struct dma_buf_attachment *attached[DMABUF_BENCH_DEVICES];
};

/**
 * bench_transfers_begin - for a file that is opened
 *
 * Return: it, for bench_transfers_end(), or NULL.
 */
struct bench_transfers *bench_transfers_begin(void);

/**
 * bench_transfers_end - detach the devices
 * @transfers: nobody uses it any more
 */
void bench_transfers_end(struct bench_transfers *transfers);

/**
 * bench_transfer - let a device write
 * @transfers: of the file
 * @transfer: which device, and what
 *
 * Return: 0, -EINVAL for what can't be, or what the core says.
 */
int bench_transfer(struct bench_transfers *transfers,
		   const struct dmabuf_bench_transfer *transfer);

/**
 * bench_transfer_init - make the devices
 *
 * Return: 0 or a negative errno.
 */
int bench_transfer_init(void);

/**
 * bench_transfer_exit - end them
 */
void bench_transfer_exit(void);

#endif
