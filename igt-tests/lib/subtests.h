/* SPDX-License-Identifier: MIT */
#ifndef SUBTESTS_H
#define SUBTESTS_H

#include <stddef.h>

#include "screen.h"

/**
 * struct subtest - a subtest that works on one screen
 * @name: its name for igt_runner
 * @about: what it makes sure of
 * @run: does it; what it makes by screen_fb() is freed behind it
 */
struct subtest {
	const char *name;
	const char *about;
	void (*run)(struct screen *screen);
};

/* Runs those that were asked for. To be called from igt_main. */
void run_subtests(const struct subtest *subtests, size_t count, struct screen *screen);

#define RUN_SUBTESTS(table, screen) \
	run_subtests(table, sizeof(table) / sizeof((table)[0]), screen)

#endif
