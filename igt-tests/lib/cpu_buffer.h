/* SPDX-License-Identifier: MIT */
#ifndef CPU_BUFFER_H
#define CPU_BUFFER_H

#include <stddef.h>

/* Both skip when the kernel has no such exporter; the caller closes what comes back. */

/* A dma-buf of the heap /dev/dma_heap/@heap, for reading and writing. */
int heap_buffer(const char *heap, size_t size);

/* A dma-buf around the pages of a new memfd; @size is a whole number of pages. */
int udmabuf_buffer(size_t size, int *memfd);

#endif
