/* SPDX-License-Identifier: MIT */
#ifndef GEM_BUFFER_H
#define GEM_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/ioctl.h>

#include <drm/vprime_drm.h>

#include "lib/dumb.h"

#define PAGE_BYTES 4096u

/* Handles of vprime's own ioctl. All assert. */
uint32_t gem_new(int card, uint64_t size, uint32_t flags);
struct drm_vprime_gem_info gem_info(int card, uint32_t handle);

/* Shared, of the whole of a handle, by the card's file; munmap() is the caller's. */
void *gem_map(int card, uint32_t handle, size_t size, int protection);

/* The same, or MAP_FAILED and errno. */
void *__gem_map(int card, uint32_t handle, size_t size, int protection);

/* Fills with pattern_noise(), compares with it. */
void gem_fill(int card, uint32_t handle, size_t size, uint32_t seed);
void gem_assert_noise(int card, uint32_t handle, size_t size, uint32_t seed);

/*
 * Moves the buffer of that dma-buf, of the @index-th vprime: 0 or an errno. 0 in
 * the place of @dmabuf: all buffers of the card.
 */
int gem_move(unsigned int index, int dmabuf);

/* Who uses the native buffer of that dma-buf, as the @index-th vprime counts them. */
unsigned int gem_users(unsigned int index, int dmabuf);

/*
 * A framebuffer that was removed lets its buffers go in a worker of the kernel:
 * waits until nothing pins the native buffer.
 */
void gem_wait_unpinned(int card, uint32_t handle);

/* A file of the @index-th slot in configfs: writes it, 0 or an errno; reads its number. */
int slot_set(unsigned int index, const char *file, unsigned long long value);
unsigned long long slot_get(unsigned int index, const char *file);

/* Has the driver bound to the device in the @index-th slot, or unbound: 0 or an errno. */
int slot_bind_driver(unsigned int index, bool bind);

/* Waits for the node of the card that was plugged into the slot, and opens it. */
int slot_open_card(unsigned int index);

/* Both slots as they were when the module was loaded. */
void limits_reset(void);

#endif
