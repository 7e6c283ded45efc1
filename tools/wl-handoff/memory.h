/* SPDX-License-Identifier: MIT */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdint.h>

/*
 * A new dma-buf of @height lines of @pitch bytes, a multiple of 4. Each returns its
 * descriptor or a negative errno, and has said on stderr what went wrong.
 */
int memory_vgem(uint32_t pitch, uint32_t height);
int memory_udmabuf(uint32_t pitch, uint32_t height);
int memory_heap(uint32_t pitch, uint32_t height);
int memory_render(uint32_t pitch, uint32_t height);

/* Opens the first render node of vprime's. Returns as those above. */
int memory_open_render(void);

#endif
