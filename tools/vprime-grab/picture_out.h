/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_OUT_H
#define PICTURE_OUT_H

#include <stdio.h>

#include "vprime_grab.h"

/* All take a mapped frame, return 0 or a negative errno and have said what is wrong. */

/* As a PNG file. */
int picture_png(const char *path, const struct vprime_grab_frame *frame);

/* Line by line as the format has it, XRGB8888 or NV12, without what pads a line. */
int picture_raw(FILE *file, const struct vprime_grab_frame *frame);

/* As YUV4MPEG2; the header goes before the first frame. */
int picture_y4m_header(FILE *file, const struct vprime_grab_frame *frame, unsigned int rate);
int picture_y4m(FILE *file, const struct vprime_grab_frame *frame);

#endif
