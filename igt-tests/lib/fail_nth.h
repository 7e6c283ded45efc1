/* SPDX-License-Identifier: MIT */
#ifndef FAIL_NTH_H
#define FAIL_NTH_H

/*
 * The kernel's /proc/self/fail-nth: the Nth thing from here on that can be made to
 * fail in this process does, above all allocations of memory.
 */

/* Skips where the kernel has no such thing. Lets it reach all allocations. */
void fail_nth_require(void);

/*
 * From here on only what the kernel's function, or what it calls, asks for counts and fails;
 * until fail_nth_require() is called again.
 */
void fail_nth_within(const char *function);

void fail_nth_begin(unsigned int nth);

/* Fails nothing more. How many more would have come through: 0 if one failed. */
unsigned int fail_nth_end(void);

/*
 * Runs @run again and again, and each time the next of its allocations fails, until there is
 * none left. It gives 0, or -1 and ENOMEM; @undo undoes one that went well, NULL: nothing is
 * to undo. Asserts that in the end there are as many dma-bufs and descriptors as before.
 */
void fail_nth_walk(const char *what, int (*run)(void), void (*undo)(void));

#endif
