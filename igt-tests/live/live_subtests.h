/* SPDX-License-Identifier: MIT */
#ifndef LIVE_SUBTESTS_H
#define LIVE_SUBTESTS_H

#include <stddef.h>

/**
 * struct live_subtest - a subtest that begins and ends on the stock core
 * @name: its name for igt_runner
 * @about: what it makes sure of
 * @run: does it
 */
struct live_subtest {
	const char *name;
	const char *about;
	void (*run)(void);
};

/* Within a subtest: runs it with nothing left behind by the one before. */
void run_live_subtest(void (*run)(void));

/* The same for each of a table that was asked for. */
void run_live_subtests(const struct live_subtest *subtests, size_t count);

#define RUN_LIVE_SUBTESTS(table) run_live_subtests(table, sizeof(table) / sizeof((table)[0]))

/* The parts of vprime_live. To be called from igt_main, with the cards open. */
void handover_subtests(void);
void memory_subtests(void);
void waiting_subtests(void);
void mapping_subtests(void);
void forced_subtests(void);
void stuck_subtests(void);
void other_subtests(void);
void round_subtests(void);

/* Behind all others: the module can't be loaded again. */
void last_forced_subtests(void);

#endif
