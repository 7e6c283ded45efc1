/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The importer that behaves badly.
 */
#ifndef BENCH_MISUSE_H
#define BENCH_MISUSE_H

struct device;
struct dmabuf_bench_misuse;

/**
 * bench_misuse - do what importers should not
 * @misuse: what, and with which buffer
 * @dev: the device that attaches
 *
 * Return: 0, -EINVAL for what it can't be asked for, -EBUSY if it is attached already,
 * -EINTR, or what the core says.
 */
int bench_misuse(const struct dmabuf_bench_misuse *misuse, struct device *dev);

/**
 * bench_misuse_exit - end what is still attached
 */
void bench_misuse_exit(void);

#endif
