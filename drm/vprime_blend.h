/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_BLEND_H
#define VPRIME_BLEND_H

#include <linux/types.h>

struct vprime_pixel;

/**
 * enum vprime_blend - how a plane's pixel meets the screen below it
 * @VPRIME_BLEND_NONE: the pixel's alpha is ignored
 * @VPRIME_BLEND_PREMULTI: the colours are multiplied by alpha already
 * @VPRIME_BLEND_COVERAGE: the colours are not multiplied by alpha yet
 */
enum vprime_blend {
	VPRIME_BLEND_NONE,
	VPRIME_BLEND_PREMULTI,
	VPRIME_BLEND_COVERAGE,
};

void vprime_blend_clear_line(struct vprime_pixel *line, unsigned int count);
void vprime_blend_line(struct vprime_pixel *below,
		       const struct vprime_pixel *above, unsigned int count,
		       enum vprime_blend mode, u16 plane_alpha);

#endif /* VPRIME_BLEND_H */
