/* SPDX-License-Identifier: MIT */
#ifndef KCOV_H
#define KCOV_H

#include <stdbool.h>
#include <stdint.h>

struct shared;

/**
 * struct kcov - what one thread reaches in the kernel
 * @area: counter and program counters, shared with the kernel; NULL: there is no KCOV
 * @fd: of KCOV
 */
struct kcov {
	volatile uint64_t *area;
	int fd;
};

/* For the calling thread; of the device's workers too if nobody else has that. */
void kcov_open(struct kcov *kcov);
void kcov_reset(struct kcov *kcov);

/* Adds to what was reached; gives how much of it is new. */
unsigned int kcov_collect(struct kcov *kcov, struct shared *shared);

#endif
