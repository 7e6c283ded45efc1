/* SPDX-License-Identifier: MIT */
/*
 * What was measured: repetitions of each kind of work, told by their medians.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include <stdio.h>

/**
 * results_add - one repetition
 * @name: of the work; a string that stays, without what JSON would escape
 * @ns: nanoseconds a turn
 */
void results_add(const char *name, double ns);

/**
 * results_print - a line for each kind of work
 * @out: where to
 */
void results_print(FILE *out);

/**
 * results_print_json - one object: {"NAME": {"median", "min", "max", "count"}, ...}
 * @out: where to
 */
void results_print_json(FILE *out);

#endif
