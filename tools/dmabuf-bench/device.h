/* SPDX-License-Identifier: MIT */
/*
 * /dev/dmabuf_bench, as far as this program uses it. Whatever fails ends the
 * program with a message: half a measurement is none.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "dmabuf_bench.h"

/**
 * device_open - to be called once, before anything else
 */
void device_open(void);

/**
 * device_export - make a buffer
 * @pages: its size
 * @flags: DMABUF_BENCH_*
 *
 * Return: its fd.
 */
int device_export(unsigned int pages, unsigned int flags);

/**
 * device_loop - let the kernel do some work again and again
 * @fd: the buffer's
 * @work: which
 * @turns: how often
 *
 * Return: nanoseconds a turn.
 */
double device_loop(int fd, enum dmabuf_bench_work work, unsigned int turns);

#endif
