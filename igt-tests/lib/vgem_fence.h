/* SPDX-License-Identifier: MIT */
#ifndef VGEM_FENCE_H
#define VGEM_FENCE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Fences that a program can signal: vgem's, on any buffer that an open card of
 * vgem has a handle for. Readers come together, a writer must be alone.
 */
uint32_t vgem_fence_attach(int card, uint32_t handle, bool write);
void vgem_fence_signal(int card, uint32_t fence);

/* The same, for a child: 0, or -1 with errno set. */
int __vgem_fence_signal(int card, uint32_t fence);

#endif
