/* SPDX-License-Identifier: MIT */
#ifndef HANG_H
#define HANG_H

struct runner;

/* No call of anyone's may take longer: more than any fence, and what waits for two. */
#define HANG_SECONDS 60

/* What a signal or a fault of memory does to the process' threads. */
void hang_init(struct runner *runner);

/* Starts to look at the runner's threads. */
void hang_watch(void);

#endif
