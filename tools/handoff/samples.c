// SPDX-License-Identifier: MIT
/*
 * Times of the steps: taken by the relay while it works, read by the report when
 * it is done. Knows nothing of what is timed.
 */
#include "samples.h"

#include <stdlib.h>
#include <time.h>

double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

void samples_add_since(struct samples *samples, double start)
{
	if (samples->count < SAMPLES_MAX)
		samples->ms[samples->count++] = now_ms() - start;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void samples_sort(struct samples *samples)
{
	qsort(samples->ms, samples->count, sizeof(samples->ms[0]), compare);
}

double samples_min(const struct samples *samples)
{
	return samples->count ? samples->ms[0] : 0;
}

double samples_median(const struct samples *samples)
{
	size_t middle = samples->count / 2;

	if (!samples->count)
		return 0;
	if (samples->count % 2)
		return samples->ms[middle];
	return (samples->ms[middle - 1] + samples->ms[middle]) / 2;
}

double samples_max(const struct samples *samples)
{
	return samples->count ? samples->ms[samples->count - 1] : 0;
}
