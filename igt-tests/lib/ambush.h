/* SPDX-License-Identifier: MIT */
#ifndef AMBUSH_H
#define AMBUSH_H

#include <stdbool.h>

/* What a race gets, unless VPRIME_RACE_SECONDS says otherwise. */
#define AMBUSH_SECONDS 4

/*
 * Runs @victim again and again, and @intruder in the middle of it, on the same processor
 * and at moments that nobody chose: wherever the kernel lets itself be preempted. So a
 * window of a few instructions is hit within seconds, also where there is one processor
 * only. Ends when one of them returns true, which it does when it saw what must not be, or
 * when the time is over. Neither may assert, for they are threads.
 *
 * Returns whether it was seen. Skips for who may not have a real-time thread.
 */
bool ambush(bool (*victim)(void), bool (*intruder)(void));

#endif
