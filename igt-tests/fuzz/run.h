/* SPDX-License-Identifier: MIT */
#ifndef RUN_H
#define RUN_H

#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kcov.h"
#include "program.h"

/* The fuzzer's own descriptors are from here on; a program's calls don't get those. */
#define RUN_OWN_FDS 900

/* Names made of late, of each kind, for all processes to try. */
#define BOARD_ENTRIES 16

struct box;
struct shared;
struct runner;

/**
 * struct run_thread - who makes calls
 * @runner: whose
 * @index: 0 for the one that runs what nothing else runs beside
 * @thread: of all but that one
 * @kcov: what its calls reach
 * @fail_fd: its fail-nth, or -1
 * @place: memory for arguments: a page that is there, and none after it
 * @slow: a page that is slow to come
 * @since: when its call began, nanoseconds; 0: it is in none
 * @guarded: a fault of memory leads to @jump
 * @jump: out of a call that touches memory
 * @failing: an allocation of its call fails, be it for a page of the program
 */
struct run_thread {
	struct runner *runner;
	unsigned int index;
	pthread_t thread;
	struct kcov kcov;
	int fail_fd;
	char *place;
	char *slow;
	atomic_uint_fast64_t since;
	volatile bool guarded;
	sigjmp_buf jump;
	volatile bool failing;
};

/**
 * struct runner - runs programs in this process
 * @shared: what all processes know
 * @box: where others see what it does
 * @program: the one that runs
 * @made: its results
 * @threads: who runs it
 * @num_threads: entries of @threads; the first is the caller
 * @start: they begin, and @end: are done
 * @from: the lines that they run now
 * @to: and where those end
 * @mailbox: socket that all processes share
 * @canary: dma-buf of the parent, which may only be read
 * @child: this is a process of its own, soon to be killed
 */
struct runner {
	struct shared *shared;
	struct box *box;
	const struct program *program;
	volatile int64_t made[PROGRAM_MAX_LINES][CALL_MAX_MAKES];
	struct run_thread threads[PROGRAM_MAX_THREADS + 1];
	unsigned int num_threads;
	pthread_barrier_t start;
	pthread_barrier_t end;
	unsigned int from;
	unsigned int to;
	int mailbox[2];
	int canary;
	bool child;
};

/**
 * struct step - a call being made
 * @thread: by whom
 * @index: which line
 * @line: it
 * @idle: nothing was asked of the kernel that could harm anyone: it is not counted
 */
struct step {
	struct run_thread *thread;
	unsigned int index;
	const struct line *line;
	bool idle;
};

/* Sets up @threads threads beside the caller; everything it opens is out of the way. */
void runner_init(struct runner *runner, struct shared *shared, struct box *box,
		 unsigned int threads, const int mailbox[2], int canary);

/* Runs a program and drops what it left: descriptors, mappings, children. */
void runner_run(struct runner *runner, const struct program *program);

/* Runs one line on @thread. */
void run_line(struct run_thread *thread, unsigned int line);

/* An ioctl in the way that the line says. */
int step_ioctl(struct step *step, int fd, unsigned long command, void *argument, size_t size);

/* The same for an argument whose size the command tells. */
#define STEP_IOCTL(step, fd, command, argument) \
	step_ioctl(step, fd, command, argument, sizeof(*(argument)))

/* The same; what it gives when it worked is @value, looked at then. */
#define STEP_MAKE(step, fd, command, argument, value) \
	(STEP_IOCTL(step, fd, command, argument) ? -1 : (int64_t)(value))

/* What a call gives that went as @ret says. */
static inline int64_t step_result(int ret, int64_t value)
{
	return ret ? ret : value;
}

/* Another result of the line; @made is 1 or 2. */
void step_made(struct step *step, unsigned int made, int64_t value);

/* Opens, and moves out of the programs' way; -1 if there is none. */
int run_own_fd(int fd);

/* Touches memory; false if there was none. */
bool step_touch(struct step *step, void (*touch)(char *memory, size_t size), char *memory,
		size_t size);

uint64_t run_now(void);

#endif
