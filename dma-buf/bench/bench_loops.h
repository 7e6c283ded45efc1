/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loops that are timed.
 */
#ifndef BENCH_LOOPS_H
#define BENCH_LOOPS_H

struct device;
struct dmabuf_bench_loop;

/**
 * bench_loop - do what was asked for, as often
 * @loop: what; &dmabuf_bench_loop.ns is filled in
 * @dev: the device that attaches
 *
 * Return: 0, -EINVAL for what it can't be asked for, or what the core says.
 */
int bench_loop(struct dmabuf_bench_loop *loop, struct device *dev);

#endif
