/* SPDX-License-Identifier: MIT */
#ifndef TEXT_H
#define TEXT_H

#include <stdint.h>

/* Writes @text at once to a file that is there; gives what write() gave, or -1. */
int64_t text_put(const char *path, const char *text);

/* Reads a file to its end; gives how long it is, or -1. */
int64_t text_read(const char *path);

#endif
