/* SPDX-License-Identifier: MIT */
#ifndef SHARED_H
#define SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "program.h"
#include "run.h"

#define SHARED_MAX_CALLS 256
#define SHARED_MAX_ERRNO 134
#define SHARED_MAX_PROCESSES 8
#define SHARED_POINTS 65536
#define SHARED_CORPUS 512

/* How often a call was made, how often it worked, how long it took, and at most. */
struct tally {
	_Atomic uint64_t made;
	_Atomic uint64_t worked;
	_Atomic uint64_t total_ns;
	_Atomic uint64_t longest_ns;
};

/* What time goes to besides calls. */
enum spent {
	/* programs are made or changed */
	SPENT_MAKING,
	/* programs run */
	SPENT_RUNNING,
	/* what they left is dropped */
	SPENT_DROPPING,
	/* what they reached is looked at */
	SPENT_COLLECTING,
	/* processes begin, and are collected */
	SPENT_STARTING,
	/* the parent judges a round */
	SPENT_JUDGING,
	SPENT_COUNT,
};

/* A thread's place in a program. */
#define BOX_NOWHERE 0xffff
#define BOX_DROPPING 0xfffe

/* What a process is doing: its last two programs, and the line that each thread is in. */
struct box {
	_Atomic uint64_t programs;
	_Atomic uint16_t at[PROGRAM_MAX_THREADS + 1];
	struct program last[2];
};

/**
 * struct shared - memory of all processes of a run
 * @tallies: of each call
 * @errors: how often each errno came
 * @spent: nanoseconds of all processes, by what for
 * @board: names made of late; @board_next: where the next goes
 * @points: program counters that KCOV told, by hash; 0: free
 * @num_points: how many
 * @corpus: programs that reached something new
 * @num_corpus: how many were put there, the last SHARED_CORPUS remain
 * @boxes: what each process is doing
 * @hung: a process found that it hangs, and stays as it is
 */
struct shared {
	struct tally tallies[SHARED_MAX_CALLS];
	_Atomic uint64_t errors[SHARED_MAX_ERRNO];
	_Atomic uint64_t spent[SPENT_COUNT];
	_Atomic int64_t board[KIND_COUNT][BOARD_ENTRIES];
	_Atomic uint32_t board_next[KIND_COUNT];
	_Atomic uint64_t points[SHARED_POINTS];
	_Atomic uint32_t num_points;
	struct program corpus[SHARED_CORPUS];
	_Atomic uint32_t num_corpus;
	struct box boxes[SHARED_MAX_PROCESSES];
	_Atomic bool hung;
};

struct shared *shared_new(void);

/* Adds the time since @began, as run_now() told it, and gives what it is now. */
uint64_t shared_spend(struct shared *shared, enum spent what, uint64_t began);

uint64_t shared_calls(struct shared *shared);

/* True if nobody was there before. */
bool shared_reach(struct shared *shared, uint64_t point);
void shared_keep(struct shared *shared, const struct program *program);

/* A program that was kept, or NULL. */
const struct program *shared_kept(struct shared *shared, struct random *random);

/* What was called how often and with what luck. */
void shared_summary(struct shared *shared, bool each);

#endif
