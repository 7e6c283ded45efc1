/* SPDX-License-Identifier: MIT */
#ifndef DUMB_H
#define DUMB_H

#include <fcntl.h> /* DRM_CLOEXEC and DRM_RDWR are made of its flags */
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * struct dumb - a dumb buffer of any card
 * @card: the open card
 * @handle: GEM handle on it
 * @size: bytes
 * @map: mapped by the card
 */
struct dumb {
	int card;
	uint32_t handle;
	size_t size;
	uint8_t *map;
};

/* All of them assert. */
struct dumb dumb_new(int card, size_t size);
void dumb_free(struct dumb *dumb);

/* PRIME, either way; the caller closes what comes back. */
int prime_export(int card, uint32_t handle, uint32_t flags);
uint32_t prime_import(int card, int dmabuf);
void gem_close(int card, uint32_t handle);

/* Two descriptors lead to the same buffer exactly when this is equal. */
ino_t dmabuf_inode(int dmabuf);

/* The inode of the dma-buf that the card exports for the handle. */
ino_t handle_inode(int card, uint32_t handle);

/* Bytes of the buffer through its dma-buf are those of pattern_noise(@seed). */
void dmabuf_assert_noise(int dmabuf, size_t size, uint32_t seed);

/* Makes them so; the dma-buf must be writable. */
void dmabuf_fill_noise(int dmabuf, size_t size, uint32_t seed);

#endif
