/* SPDX-License-Identifier: MIT */
/*
 * The clock that everything is measured by.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <time.h>

static inline double clock_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

#endif
