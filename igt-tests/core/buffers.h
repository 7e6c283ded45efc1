/* SPDX-License-Identifier: MIT */
#ifndef BUFFERS_H
#define BUFFERS_H

#include <stdbool.h>
#include <stddef.h>

#include <xf86drm.h> /* DRM_CLOEXEC, DRM_RDWR */

#include "lib/dumb.h"

/* Bytes of a buffer whose exporter makes it as large as one asks. */
#define BUFFER_SIZE (7 * 4096)

/* The cards; opened before the first subtest, -1 if it is not there. */
extern struct core_cards {
	int vgem;
	int vprime;
	int second; /* another card of vprime */
} cards;

struct buffer;

/**
 * struct exporter - a driver that makes dma-bufs
 * @name: of the driver
 * @export_name: what its dma-bufs say of where they come from
 * @ends_unbegun: its END of CPU access without a START fails, with this errno
 * @at_offset: a mapping with an offset begins there; others show the buffer from
 *	its start, whatever the offset
 * @make: fills in a new buffer's fd, and what else it keeps; skips or asserts
 */
struct exporter {
	const char *name;
	const char *export_name;
	int ends_unbegun;
	bool at_offset;
	void (*make)(struct buffer *buffer);
};

extern const struct exporter exporters[];
extern const size_t exporter_count;

/**
 * struct buffer - a dma-buf, open for reading and writing
 * @exporter: who made it
 * @fd: its descriptor, closed at exec
 * @size: bytes
 * @dumb: the GEM object that was exported; without a map when there is none
 */
struct buffer {
	const struct exporter *exporter;
	int fd;
	size_t size;
	struct dumb dumb;
};

/* A buffer of @exporter; skips when its driver is not there. */
struct buffer buffer_new(const struct exporter *exporter);

/* One of vgem's, which fences can be attached to. */
struct buffer buffer_new_vgem(void);

/* Drops what this file holds: @fd unless it is -1, and the GEM object. */
void buffer_free(struct buffer *buffer);

/* The whole of it; asserts. */
void *buffer_map(const struct buffer *buffer, int protection);

/* DMA_BUF_IOCTL_SYNC: 0 or an errno. */
int buffer_sync(int fd, uint64_t flags);

#endif
