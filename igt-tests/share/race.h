/* SPDX-License-Identifier: MIT */
/*
 * Threads that do one thing each, again and again, at the same time.
 */
#ifndef SHARE_RACE_H
#define SHARE_RACE_H

#define RACE_THREADS 8

/**
 * struct action - what a thread does again and again
 * @name: for messages
 * @run: once; 0 or an errno
 * @may: errnos it may get when another thread was faster
 */
struct action {
	const char *name;
	int (*run)(unsigned int round);
	int may[4];
};

/* @errno after a call that returned @ret, or 0. */
int failed(int ret);

/*
 * Runs the actions of @table that @names tells, for VPRIME_RACE_SECONDS (5). Asserts
 * that each came to its end at least once and got no errno that it may not get.
 */
void race_run(const struct action *table, unsigned int count,
	      const char *const names[RACE_THREADS]);

/* A subtest: a device is taken away under its users, and comes back. */
void race_unplug(void);

/* A subtest: clients that ask for whatever comes. */
void race_random(void);

#endif
