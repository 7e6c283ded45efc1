/* SPDX-License-Identifier: MIT */
#ifndef LATE_H
#define LATE_H

struct screen;

/* How long whoever does all that he can may hold a commit up. */
#define LONGEST_MS 1200.0

/**
 * struct late - how often a card's commits went on without somebody, by debugfs
 * @users: of a buffer
 * @exporters: who did not answer
 * @locks: of buffers
 */
struct late {
	unsigned long users, exporters, locks;
};

/* All 0 without debugfs. */
struct late late_counts(const struct screen *screen);

double clock_ms(void);

#endif
