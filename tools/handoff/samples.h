/* SPDX-License-Identifier: MIT */
#ifndef SAMPLES_H
#define SAMPLES_H

#include <stddef.h>

#define SAMPLES_MAX 4096

/**
 * struct samples - how long one step took, each time
 * @name: the step
 * @count: entries of @ms
 * @ms: milliseconds
 */
struct samples {
	const char *name;
	size_t count;
	double ms[SAMPLES_MAX];
};

/* Milliseconds of a clock that never jumps. */
double now_ms(void);

/* Adds the time since @start; what does not fit is left out. */
void samples_add_since(struct samples *samples, double start);

/* Orders the samples, for the three below. They are 0 when there is none. */
void samples_sort(struct samples *samples);
double samples_min(const struct samples *samples);
double samples_median(const struct samples *samples);
double samples_max(const struct samples *samples);

#endif
