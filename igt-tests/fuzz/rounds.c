// SPDX-License-Identifier: MIT
/*
 * A run: round after round of processes, each watched, and after each a look at what
 * must be true. It stops at the first thing found, tells which programs were running,
 * and sums up. What programs do is not known here.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"
#include "kernel_log.h"
#include "oracle.h"
#include "parts.h"
#include "reach.h"
#include "settings.h"
#include "shared.h"
#include "worker.h"

#define LOOK_US 20000

/**
 * struct round - processes that run at a time
 * @worker: what each of them starts with
 * @pids: they; 0: it ended
 * @began: run_now() of the first
 */
struct round {
	struct worker worker;
	pid_t pids[SHARED_MAX_PROCESSES];
	uint64_t began;
};

const char *fuzz_unable(void)
{
	char path[64];

	if (geteuid())
		return "only root may";
	if (!parts_node(0, "card", path, sizeof(path)))
		return "no vprime card";
	return NULL;
}

/* Where the threads are, if they are somewhere. */
static void print_places(const struct box *box)
{
	for (unsigned int i = 0; i <= PROGRAM_MAX_THREADS; i++)
		if (box->at[i] == BOX_DROPPING)
			printf("# what it left is being dropped\n");
		else if (box->at[i] != BOX_NOWHERE)
			printf("# its thread %u is in r%u\n", i, (unsigned int)box->at[i]);
}

static void print_boxes(const struct round *round)
{
	const struct worker *worker = &round->worker;

	for (unsigned int i = 0; i < worker->options->processes; i++) {
		const struct box *box = &worker->shared->boxes[i];

		for (unsigned int back = 2; back > 0; back--) {
			if (box->programs < back)
				continue;
			printf("# seed %llu round %u process %u, its program %llu%s\n",
			       (unsigned long long)worker->options->seed, worker->round, i,
			       (unsigned long long)(box->programs - back),
			       back == 1 ? ", the last" : "");
			program_print(&box->last[(box->programs - back) % 2], stdout);
		}
		print_places(box);
	}
	fflush(stdout);
}

/* Where the threads of a process that hangs stand. */
static void print_stacks(pid_t pid)
{
	char command[160];

	snprintf(command, sizeof(command),
		 "for t in /proc/%d/task/*; do cat $t/comm $t/stack; done 2>/dev/null", pid);
	fflush(stdout);
	if (system(command))
		printf("no stacks of process %d\n", pid);
}

static void start(struct round *round)
{
	round->began = run_now();
	fflush(stdout);
	for (unsigned int i = 0; i < round->worker.options->processes; i++) {
		round->worker.shared->boxes[i].programs = 0;
		memset(round->worker.shared->boxes[i].at, 0xff,
		       sizeof(round->worker.shared->boxes[i].at));
		round->pids[i] = fork();
		if (round->pids[i])
			continue;
		round->worker.index = i;
		worker_main(&round->worker);
	}
}

/* One that is short of memory may be killed for it. */
static bool ended_well(const struct round *round, unsigned int index, int status)
{
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return true;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return true;
	printf("FOUND: process %u of round %u ended with status %#x\n", index, round->worker.round,
	       status);
	return false;
}

/* Collects who ended; false if one did as it must not. */
static bool collect(struct round *round, unsigned int *running)
{
	bool well = true;

	*running = 0;
	for (unsigned int i = 0; i < round->worker.options->processes; i++) {
		int status;

		if (round->pids[i] > 0 && waitpid(round->pids[i], &status, WNOHANG) > 0) {
			round->pids[i] = 0;
			well = ended_well(round, i, status) && well;
		}
		*running += round->pids[i] > 0;
	}
	return well;
}

static void stop(struct round *round)
{
	for (unsigned int i = 0; i < round->worker.options->processes; i++)
		if (round->pids[i] > 0) {
			if (round->worker.shared->hung)
				print_stacks(round->pids[i]);
			kill(round->pids[i], SIGKILL);
			if (!round->worker.shared->hung)
				waitpid(round->pids[i], NULL, 0);
		}
}

/* Descriptors that nobody took out of the box. */
static void drain(int mailbox)
{
	char byte;

	while (recv(mailbox, &byte, 1, MSG_DONTWAIT) > 0)
		;
}

/* Watches the processes until all have ended, and looks at what they left. */
static bool watch(struct round *round)
{
	unsigned int running;
	uint64_t began;
	bool well;

	do {
		usleep(LOOK_US);
		well = collect(round, &running);
		if (kernel_log_reports())
			well = false;
		if (round->worker.shared->hung) {
			printf("FOUND: a call takes longer than a minute\n");
			well = false;
		}
	} while (well && running);
	began = run_now();
	stop(round);
	drain(round->worker.mailbox[1]);
	settings_usual();
	if (well)
		well = oracle_clean() && !kernel_log_reports();
	shared_spend(round->worker.shared, SPENT_JUDGING, began);
	if (!well)
		print_boxes(round);
	return well;
}

static bool begin_run(struct round *round)
{
	struct shared *shared = shared_new();

	if (!shared || !parts_find() || !kernel_log_begin() ||
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
		       round->worker.mailbox)) {
		fprintf(stderr, "fuzz: can't begin: %s\n", strerror(errno));
		return false;
	}
	for (int i = 0; i < 2; i++)
		round->worker.mailbox[i] = run_own_fd(round->worker.mailbox[i]);
	parts_permit();
	settings_begin();
	if (!oracle_begin())
		return false;
	round->worker.shared = shared;
	round->worker.canary = run_own_fd(dup(oracle_canary()));
	return true;
}

/* A long run can be followed, and is worth something if its guest does not end well. */
static void tell_round(const struct round *round)
{
	struct shared *shared = round->worker.shared;

	printf("round %u: %llu calls by now, %u points\n", round->worker.round,
	       (unsigned long long)shared_calls(shared), (unsigned int)shared->num_points);
	fflush(stdout);
}

static void sum_up(struct round *round, uint64_t began, unsigned int rounds)
{
	const struct fuzz_options *options = round->worker.options;
	struct shared *shared = round->worker.shared;
	double seconds = (run_now() - began) / 1e9;

	printf("seed %llu, %u rounds, %.0f s, %.0f calls a second\n",
	       (unsigned long long)options->seed, rounds, seconds, shared_calls(shared) / seconds);
	shared_summary(shared, options->each);
	printf("longest stall: %u ms\n", oracle_longest_stall());
	reach_end(shared);
	fflush(stdout);
}

static void end_run(struct round *round)
{
	oracle_end();
	kernel_log_end();
	parts_forbid();
	close(round->worker.canary);
	close(round->worker.mailbox[0]);
	close(round->worker.mailbox[1]);
	munmap(round->worker.shared, sizeof(*round->worker.shared));
}

static bool is_over(const struct round *round, unsigned int rounds)
{
	const struct fuzz_options *options = round->worker.options;

	return (options->rounds && rounds >= options->rounds) ||
	       (round->worker.until && run_now() > round->worker.until) ||
	       (options->calls && shared_calls(round->worker.shared) >= options->calls);
}

int fuzz_run(const struct fuzz_options *options)
{
	struct round round = { .worker = { .options = options, .round = options->round } };
	unsigned int rounds = 0;
	bool well = true;
	uint64_t began;

	if (options->print) {
		for (unsigned int i = 0; i < options->processes; i++)
			worker_print(options, i, options->round);
		return 0;
	}
	if (!begin_run(&round))
		return 1;
	reach_begin();
	began = run_now();
	if (options->seconds)
		round.worker.until = began + options->seconds * 1000000000ull;
	while (well && !is_over(&round, rounds)) {
		start(&round);
		well = watch(&round);
		tell_round(&round);
		round.worker.round++;
		rounds++;
	}
	sum_up(&round, began, rounds);
	end_run(&round);
	return well ? 0 : 1;
}

int fuzz_replay(const struct fuzz_options *options, const struct program *program,
		const char *name, unsigned int times)
{
	struct fuzz_options single = *options;
	struct worker worker = { .options = &single, .program = program, .times = times };
	struct round round = { .worker = worker };
	bool well;

	if (!begin_run(&round))
		return 1;
	start(&round);
	well = watch(&round);
	printf("%s: %llu calls, %s\n", name, (unsigned long long)shared_calls(round.worker.shared),
	       well ? "nothing found" : "FOUND something");
	fflush(stdout);
	if (options->each)
		shared_summary(round.worker.shared, true);
	end_run(&round);
	return well ? 0 : 1;
}
