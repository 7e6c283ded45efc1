/* SPDX-License-Identifier: MIT */
#ifndef CGROUP_H
#define CGROUP_H

#include <stdbool.h>

/*
 * A control group of the tests' own, below the root, with the memory controller. Makes it
 * anew; skips where there is none. @limit: bytes of memory that it may have, 0: no limit.
 */
void cgroup_make(unsigned long limit);
void cgroup_remove(void);

/* This process goes into it. */
void cgroup_enter(void);

/* Bytes: "current", "peak" and the like; or a counter of memory.events. */
long cgroup_memory(const char *file);
long cgroup_event(const char *name);

/*
 * The kernel frees much of what was dropped a while later. Waits until less than @bytes are
 * charged, some seconds at most; returns what is charged then. Each processor may have up to
 * 256 KiB charged in advance.
 */
long cgroup_wait_below(long bytes);

#endif
