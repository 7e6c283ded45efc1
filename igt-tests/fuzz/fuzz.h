/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stdint.h>

#include "program.h"

/**
 * struct fuzz_options - what a run is asked for
 * @mode: one of MODE_*
 * @seed: everything follows from it, but for what others do meanwhile
 * @calls: no more than about that many; 0: no limit
 * @seconds: no longer; 0: no limit
 * @round: the first
 * @rounds: no more than that many; 0: no limit
 * @threads: of a process that run at a time
 * @processes: at a time
 * @guided: goes on from programs that reached something new
 * @print: programs are printed, not run
 * @each: the summary has a line for each call
 */
struct fuzz_options {
	unsigned int mode;
	uint64_t seed;
	uint64_t calls;
	unsigned int seconds;
	unsigned int round;
	unsigned int rounds;
	unsigned int threads;
	unsigned int processes;
	bool guided;
	bool print;
	bool each;
};

struct shared;

/* Runs until a limit is reached or something is found; 0: nothing was found. */
int fuzz_run(const struct fuzz_options *options);

/* Runs one program @times times; the same. */
int fuzz_replay(const struct fuzz_options *options, const struct program *program,
		const char *name, unsigned int times);

/* Why no run is possible here, or NULL. */
const char *fuzz_unable(void);

#endif
