/* SPDX-License-Identifier: MIT */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "camera.h"
#include "pixel_format.h"

#define SOURCE_MAX_PICTURES CAMERA_MAX_BUFFERS

/**
 * struct source_kind - who makes the buffers
 * @name: as it is said on the command line
 * @allocate: one of memory.h; NULL: a camera makes them, and what is in them
 */
struct source_kind {
	const char *name;
	int (*allocate)(uint32_t pitch, uint32_t height);
};

extern const struct source_kind source_kinds[];
extern const unsigned int source_kind_count;

/**
 * struct picture - one buffer
 * @dmabuf: its descriptor
 * @inode: what fstat() says of it: the same for everybody who has this dma-buf
 * @map: for the CPU to draw into; NULL for a camera's
 * @busy: it was taken and not given back
 */
struct picture {
	int dmabuf;
	uint64_t inode;
	uint8_t *map;
	bool busy;
};

/**
 * struct source - buffers with pictures, linear, all alike
 * @kind: who makes them
 * @format: of all
 * @width: pixels across
 * @height: lines
 * @layout: where the planes lie in each
 * @pictures: the buffers
 * @count: how many
 * @camera: of the kind that has one
 */
struct source {
	const struct source_kind *kind;
	const struct pixel_format *format;
	uint32_t width;
	uint32_t height;
	struct pixel_layout layout;
	struct picture pictures[SOURCE_MAX_PICTURES];
	unsigned int count;
	struct camera camera;
};

const struct source_kind *source_kind_by_name(const char *name);

/*
 * Makes @count buffers, with @kind, @format, @width and @height set. All below return
 * 0 or a negative errno, and have said on stderr what went wrong.
 */
int source_open(struct source *source, unsigned int count);
void source_close(struct source *source);

/* A picture that nobody uses, which is then busy; a camera's is filled. -EAGAIN: none. */
int source_take(struct source *source);

/* Draws the pattern of a frame into a picture that was taken; a camera did it before. */
int source_draw(struct source *source, unsigned int index, uint32_t frame);

/* The picture may be used again. */
int source_give_back(struct source *source, unsigned int index);

#endif
