/* SPDX-License-Identifier: MIT */
#ifndef DMABUF_COUNT_H
#define DMABUF_COUNT_H

/* How many dma-bufs there are in the system; skips where bufinfo does not say. */
int dmabuf_count(void);

/*
 * Asserts that there are @expected of them. Who drops the last reference may do so
 * in a worker, so it is waited for as long as a hung test would be.
 */
void dmabuf_assert_count(int expected);

#endif
