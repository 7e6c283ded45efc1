/* SPDX-License-Identifier: MIT */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Texts that come from programs or drivers may hold anything: each of these is
 * safe where its name says.
 */

/* Printable ASCII, all else as \xNN: moves no cursor, and a byte is a column. */
const char *text_terminal(const char *text, char *out, size_t size);

/* With the quotation marks. Bytes above 127 become the characters so numbered. */
void text_json(FILE *file, const char *text);

/* For Graphviz, without the quotation marks. */
void text_dot(FILE *file, const char *text);

/* Undoes what the kernel's string_escape_mem() did, in place. */
void text_unescape(char *text);

/* "8.3M", in powers of 1024, and "3m20s"; both are short. */
const char *text_size(uint64_t bytes, char *out, size_t size);
const char *text_age(uint64_t milliseconds, char *out, size_t size);

#endif
