/* SPDX-License-Identifier: MIT */
#ifndef TABLE_H
#define TABLE_H

#include <stdio.h>

#include "order.h"
#include "snapshot.h"

/* One line each, cut after @width characters, with no newline; all printable. */
void table_heading(FILE *file, unsigned int width);
void table_row(FILE *file, const struct buffer *buffer, unsigned int width);
void table_total(FILE *file, const struct snapshot *snapshot, unsigned int width);

/*
 * More about one buffer: line @number of it to @file, 0 the first. False behind
 * the last.
 */
bool table_detail(FILE *file, const struct buffer *buffer, unsigned int number,
		  unsigned int width);

/* The whole table. */
void table_print(FILE *file, const struct snapshot *snapshot, enum order order, bool reverse);

#endif
