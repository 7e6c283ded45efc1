/* SPDX-License-Identifier: MIT */
#ifndef COPIED_H
#define COPIED_H

#include <stdint.h>

#include "screen.h"

/**
 * struct copied - bytes that vprime's CPU work touched, as the card's debugfs has them
 * @read: of buffers that planes show
 * @written: of composed pictures
 * @moved: of buffers that got other memory
 */
struct copied {
	int64_t read;
	int64_t written;
	int64_t moved;
};

/* So far; asserts that it is told. */
struct copied copied_bytes(const struct screen *screen);

/* Since then. */
struct copied copied_since(const struct screen *screen, struct copied before);

int64_t copied_sum(struct copied copied);

#endif
