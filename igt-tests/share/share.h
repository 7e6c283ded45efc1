/* SPDX-License-Identifier: MIT */
#ifndef SHARE_H
#define SHARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/screen.h"
#include "video.h"

/* The picture that goes over: the whole screen, XRGB8888. */
#define SHARE_WIDTH 640
#define SHARE_HEIGHT 480
#define SHARE_PIXELS (SHARE_WIDTH * SHARE_HEIGHT)
#define SHARE_SIZE (SHARE_PIXELS * 4)

/* The driver under test: VPRIME_DRIVER, IGT_FORCE_DRIVER or vprime. */
const char *share_driver(void);

/**
 * struct source - a buffer and the device it is of
 * @exporter: who made it
 * @device: the open device, or the memfd; -1 when it is closed
 * @handle: GEM handle
 * @video: the camera, for one
 * @map: the buffer by its exporter's own door; NULL when that is closed
 * @fd: the dma-buf, open for reading and writing; -1 when it is closed
 */
struct source {
	const struct exporter *exporter;
	int device;
	uint32_t handle;
	struct video video;
	uint32_t *map;
	int fd;
};

/**
 * struct exporter - a row of the matrix
 * @name: as the names of cells have it
 * @about: who it is, for the reader of the table
 * @ours: it is the driver under test
 * @driver: the card's driver, NULL for the one under test; or the name of the heap
 * @index: which of its cards
 * @kind: of the camera; of a card only whether the buffer is contiguous
 * @unmapped: the errno for memory that can't be mapped for a device; 0: EIO
 * @make: opens the device, makes a buffer of %SHARE_SIZE, and its dma-buf; skips
 *	when there is no such device
 * @fill: another picture, depending on @turn; NULL: noise through the map
 * @refuse: asserts that wrong requests for an export are refused
 * @close: drops everything but the dma-buf
 */
struct exporter {
	const char *name;
	const char *about;
	bool ours;
	const char *driver;
	unsigned int index;
	struct video_kind kind;
	int unmapped;
	void (*make)(struct source *source);
	void (*fill)(struct source *source, unsigned int turn);
	void (*refuse)(struct source *source);
	void (*close)(struct source *source);
};

/**
 * struct user - a device that a buffer is imported into
 * @importer: which
 * @device: the open device; -1 when it is closed
 * @handle: GEM handle of the import
 * @screen: the card's screen, for one that shows what it looks at
 * @shown: the import as a framebuffer
 * @video: the node that a dma-buf is queued on
 * @loop: the node that gets back what is put out
 * @map: the import, mapped
 */
struct user {
	const struct importer *importer;
	int device;
	uint32_t handle;
	struct screen screen;
	struct kms_fb *shown;
	struct video video;
	struct video loop;
	uint32_t *map;
};

/**
 * struct importer - a column of the matrix
 * @name: as the names of cells have it
 * @about: who it is, for the reader of the table
 * @ours: it is the driver under test
 * @driver: the card's driver; NULL: the one under test
 * @index: which of its cards
 * @kind: of the video device
 * @no_fd: the errno for a descriptor that is not open
 * @no_dmabuf: the errno for one that is no dma-buf
 * @too_small: the errno for a dma-buf that a picture does not fit in; 0: it takes it
 * @waits: it waits for the fences of those who write
 * @refuses: the errno for a buffer that the device can't reach; 0: there is none
 * @open: opens the device; skips when there is none
 * @import: 0 or a negative errno; the user has its own reference then
 * @look: asserts that the device sees this picture; NULL if it can't look
 * @draw: has the device make a picture depending on @turn, which it stores in @drawn,
 *	after an import; NULL if it can't draw
 * @fd: another dma-buf of the import, or -1 when it can't be exported
 * @drop: drops the import
 * @close: closes the device, with whatever it still has
 */
struct importer {
	const char *name;
	const char *about;
	bool ours;
	const char *driver;
	unsigned int index;
	struct video_kind kind;
	int no_fd;
	int no_dmabuf;
	int too_small;
	bool waits;
	int refuses;
	void (*open)(struct user *user);
	int (*import)(struct user *user, int fd);
	void (*look)(struct user *user, const uint32_t *expected);
	void (*draw)(struct user *user, unsigned int turn, uint32_t *drawn);
	int (*fd)(struct user *user);
	void (*drop)(struct user *user);
	void (*close)(struct user *user);
};

/* The doors, one file for each sort. */
void make_gem(struct source *source);
void refuse_gem(struct source *source);
void close_gem(struct source *source);
void make_udmabuf(struct source *source);
void refuse_udmabuf(struct source *source);
void make_heap(struct source *source);
void refuse_heap(struct source *source);
void close_memory(struct source *source);
void make_camera(struct source *source);
void fill_camera(struct source *source, unsigned int turn);
void refuse_camera(struct source *source);
void close_camera(struct source *source);

extern const struct importer importer_screen, importer_second, importer_render, importer_vgem,
	importer_cpu, importer_capture, importer_capture_planar, importer_capture_contiguous,
	importer_output;

/* Pictures that look random; two turns have two. */
void share_noise(uint32_t *pixels, unsigned int turn);

/* Asserts that both are the same picture; what no format keeps is left out. */
void share_assert_same(const uint32_t *seen, const uint32_t *expected, const char *who);

#endif
