/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_COMPOSER_H
#define VPRIME_COMPOSER_H

#include <linux/types.h>

struct vprime_frame;
struct vprime_pixel;
struct vprime_traffic;

/**
 * struct vprime_sink - somebody who takes composed lines
 * @line: called for each line of the screen, from the top; @pixels is valid
 *	during the call. Returns how many bytes it wrote into a picture
 */
struct vprime_sink {
	size_t (*line)(struct vprime_sink *sink, int y, unsigned int count,
		       const struct vprime_pixel *pixels);
};

void vprime_compose(const struct vprime_frame *frame,
		    struct vprime_pixel *lines[2], bool cursor,
		    struct vprime_sink *const sinks[], unsigned int n_sinks,
		    struct vprime_traffic *traffic);

#endif /* VPRIME_COMPOSER_H */
