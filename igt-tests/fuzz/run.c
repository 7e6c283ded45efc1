// SPDX-License-Identifier: MIT
/*
 * Runs a program: lines one after the other, neighbours that have a thread at a time.
 * A watchdog interrupts calls that wait. Afterwards all that the program had is
 * dropped. The worker calls it; what the calls do is not known here.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "hang.h"
#include "parts.h"
#include "place.h"
#include "shared.h"

uint64_t run_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

int run_own_fd(int fd)
{
	int own;

	if (fd < 0)
		return -1;
	own = fcntl(fd, F_DUPFD_CLOEXEC, RUN_OWN_FDS);
	close(fd);
	return own;
}

static int64_t resolve(struct runner *runner, const struct argument *argument)
{
	switch (argument->source) {
	case SOURCE_LINE:
		return runner->made[argument->index][argument->made];
	case SOURCE_BOARD:
		return runner->shared->board[argument->kind][argument->index % BOARD_ENTRIES];
	case SOURCE_PART:
		return parts_id(argument->kind, argument->index);
	default:
		return argument->number;
	}
}

static uint64_t argument_of(struct runner *runner, const struct line *line, unsigned int index)
{
	enum kind kind = call_at(line->call)->takes[index].kind;
	int64_t value = resolve(runner, &line->args[index]);

	if (kind <= KIND_DRM && ((uint64_t)value >= RUN_OWN_FDS || value <= STDERR_FILENO))
		return -1;
	return value;
}

static void post(struct shared *shared, enum kind kind, int64_t value)
{
	if (kind > KIND_LAST_FD && kind <= KIND_LAST_NAME && kind != KIND_MAP && value >= 0)
		shared->board[kind][shared->board_next[kind]++ % BOARD_ENTRIES] = value;
}

void step_made(struct step *step, unsigned int made, int64_t value)
{
	struct runner *runner = step->thread->runner;

	runner->made[step->index][made] = value;
	post(runner->shared, call_at(step->line->call)->makes[made], value);
}

static void count(struct shared *shared, const struct line *line, int64_t result, int error,
		  uint64_t ns)
{
	struct tally *tally = &shared->tallies[line->call];

	tally->made++;
	if (result >= 0)
		tally->worked++;
	else if (error > 0 && error < SHARED_MAX_ERRNO)
		shared->errors[error]++;
	tally->total_ns += ns;
	/* Slow memory says nothing of the call. */
	if (ns > tally->longest_ns && !(line->how & HOW_SLOW))
		tally->longest_ns = ns;
}

void run_line(struct run_thread *thread, unsigned int index)
{
	struct runner *runner = thread->runner;
	const struct line *line = &runner->program->lines[index];
	struct step step = { .thread = thread, .index = index, .line = line };
	const struct call *call = call_at(line->call);
	uint64_t args[CALL_MAX_TAKES] = {}, began;
	int64_t result;
	int error;

	for (unsigned int i = 0; i < call_takes(call); i++)
		args[i] = argument_of(runner, line, i);
	began = run_now();
	thread->since = began;
	runner->box->at[thread->index] = index;
	place_begin(&step);
	result = call->run(&step, args);
	error = errno;
	place_end(&step);
	thread->since = 0;
	runner->box->at[thread->index] = BOX_NOWHERE;
	if (result >= 0 && call->makes[0])
		step_made(&step, 0, result);
	if (!step.idle)
		count(runner->shared, line, result, error, run_now() - began);
}

static void run_lines(struct run_thread *thread)
{
	struct runner *runner = thread->runner;

	for (unsigned int i = runner->from; i < runner->to; i++)
		if (runner->program->lines[i].thread == thread->index)
			run_line(thread, i);
}

static void *thread_main(void *data)
{
	struct run_thread *thread = data;

	place_init(thread);
	kcov_open(&thread->kcov);
	pthread_barrier_wait(&thread->runner->end);
	for (;;) {
		pthread_barrier_wait(&thread->runner->start);
		run_lines(thread);
		pthread_barrier_wait(&thread->runner->end);
	}
	return NULL;
}

void runner_init(struct runner *runner, struct shared *shared, struct box *box,
		 unsigned int threads, const int mailbox[2], int canary)
{
	runner->shared = shared;
	runner->box = box;
	runner->num_threads = threads + 1;
	runner->mailbox[0] = mailbox[0];
	runner->mailbox[1] = mailbox[1];
	runner->canary = canary;
	pthread_barrier_init(&runner->start, NULL, threads + 1);
	pthread_barrier_init(&runner->end, NULL, threads + 1);
	arena_init();
	hang_init(runner);
	for (unsigned int i = 0; i <= threads; i++) {
		struct run_thread *thread = &runner->threads[i];

		thread->runner = runner;
		thread->index = i;
		if (i)
			pthread_create(&thread->thread, NULL, thread_main, thread);
		else
			place_init(thread);
	}
	kcov_open(&runner->threads[0].kcov);
	/* All have opened what they need of the rights that the process may lose now. */
	pthread_barrier_wait(&runner->end);
	hang_watch();
}

/* Lines that have a thread, up to one that has none. */
static unsigned int run_together(struct runner *runner, unsigned int from)
{
	const struct program *program = runner->program;
	unsigned int to = from;

	while (to < program->count && program->lines[to].thread)
		to++;
	runner->from = from;
	runner->to = to;
	pthread_barrier_wait(&runner->start);
	pthread_barrier_wait(&runner->end);
	return to;
}

void runner_run(struct runner *runner, const struct program *program)
{
	uint64_t began = run_now();
	unsigned int i = 0;

	runner->program = program;
	for (unsigned int j = 0; j < PROGRAM_MAX_LINES; j++)
		for (unsigned int k = 0; k < CALL_MAX_MAKES; k++)
			runner->made[j][k] = -1;
	for (unsigned int j = 0; j < runner->num_threads; j++)
		kcov_reset(&runner->threads[j].kcov);
	while (i < program->count) {
		if (program->lines[i].thread && runner->num_threads > 1)
			i = run_together(runner, i);
		else
			run_line(&runner->threads[0], i++);
	}
	began = shared_spend(runner->shared, SPENT_RUNNING, began);
	runner->threads[0].since = began;
	runner->box->at[0] = BOX_DROPPING;
	arena_clear();
	syscall(SYS_close_range, STDERR_FILENO + 1, RUN_OWN_FDS - 1, 0);
	runner->threads[0].since = 0;
	runner->box->at[0] = BOX_NOWHERE;
	shared_spend(runner->shared, SPENT_DROPPING, began);
}
