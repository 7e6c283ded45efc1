/* SPDX-License-Identifier: MIT */
#ifndef PNG_FILE_H
#define PNG_FILE_H

#include "kms_fb.h"

/*
 * Writes a mapped XRGB8888 framebuffer. Returns 0 or a negative errno, and has
 * said on stderr what went wrong.
 */
int png_file_write(const char *path, const struct kms_fb *fb);

#endif
