/* SPDX-License-Identifier: MIT */
#ifndef WORKER_H
#define WORKER_H

#include "fuzz.h"
#include "program.h"
#include "run.h"

/* A round is that many programs of each process, or that long, or as the run has left. */
#define WORKER_PROGRAMS 400
#define WORKER_SECONDS 90

/**
 * struct worker - what a process starts with
 * @options: of the run
 * @shared: memory of all processes
 * @index: which process of the round
 * @round: which round
 * @until: run_now() when the run is over; 0: it has no end
 * @mailbox: socket of all processes
 * @canary: dma-buf of the parent
 * @program: what to run, or NULL for random ones
 * @times: how often to run it
 */
struct worker {
	const struct fuzz_options *options;
	struct shared *shared;
	unsigned int index;
	unsigned int round;
	uint64_t until;
	int mailbox[2];
	int canary;
	const struct program *program;
	unsigned int times;
};

/* The life of a process. */
_Noreturn void worker_main(const struct worker *worker);

/* Whether the @index-th process keeps the administrator's rights. */
bool worker_is_root(const struct fuzz_options *options, unsigned int index);

/* Prints what such a process would run, without running it. */
void worker_print(const struct fuzz_options *options, unsigned int index, unsigned int round);

#endif
