// SPDX-License-Identifier: MIT
/*
 * A process of a round: it makes programs, or takes some that reached something new and
 * changes them, and runs them one after the other. Which rights and how much memory it
 * has goes by its number. The parent judges.
 */
#include "worker.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "shared.h"
#include "text.h"

#define NOBODY 65534

/* What one process in four has: enough for a screen or two. */
#define CGROUP "/sys/fs/cgroup/vprime_fuzz"
#define MEMORY "48M"

bool worker_is_root(const struct fuzz_options *options, unsigned int index)
{
	return options->mode != MODE_RENDER && index % 2 == 0;
}

static void set_up(const struct worker *worker)
{
	struct rlimit files = { .rlim_cur = 1024, .rlim_max = 1024 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_NOFILE, &files);
	/* No cgroup: the process has all memory. */
	if (!worker->program && (worker->round + worker->index) % 4 == 3)
		text_put(CGROUP "/cgroup.procs", "0");
}

static void drop_rights(void)
{
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		_exit(2);
	prctl(PR_SET_DUMPABLE, 1);
}

static void make(struct program *program, struct random *random, const struct worker *worker)
{
	const struct fuzz_options *options = worker->options;
	unsigned int mode = options->mode;
	const struct program *kept;

	/* Only an administrator unplugs. */
	if (mode == MODE_UNPLUG && !worker_is_root(options, worker->index))
		mode = MODE_CARD;
	kept = options->guided && worker->shared ? shared_kept(worker->shared, random) : NULL;
	if (kept && random_chance(random, 60)) {
		program_copy(program, kept);
		/* It may be half another one. */
		if (!program_is_whole(program))
			program->count = 0;
		program_mutate(program, random, mode, options->threads);
	} else {
		program_generate(program, random, mode, options->threads);
	}
}

static void run(struct runner *runner, const struct program *program,
		const struct worker *worker)
{
	struct box *box = &worker->shared->boxes[worker->index];
	unsigned int news = 0;
	uint64_t began;

	program_copy(&box->last[box->programs % 2], program);
	box->programs++;
	runner_run(runner, program);
	began = run_now();
	for (unsigned int i = 0; i < runner->num_threads; i++)
		news += kcov_collect(&runner->threads[i].kcov, worker->shared);
	shared_spend(worker->shared, SPENT_COLLECTING, began);
	if (news && !worker->program)
		shared_keep(worker->shared, program);
}

_Noreturn void worker_main(const struct worker *worker)
{
	static struct runner runner;
	struct program program;
	struct random random;
	uint64_t began = run_now(), end;

	set_up(worker);
	runner_init(&runner, worker->shared, &worker->shared->boxes[worker->index],
		    worker->options->threads, worker->mailbox, worker->canary);
	if (!worker_is_root(worker->options, worker->index))
		drop_rights();
	random_seed(&random, worker->options->seed, worker->round, worker->index);
	end = shared_spend(worker->shared, SPENT_STARTING, began) +
	      WORKER_SECONDS * 1000000000ull;
	if (worker->until && worker->until < end)
		end = worker->until;
	if (worker->program)
		for (unsigned int i = 0; i < worker->times; i++)
			run(&runner, worker->program, worker);
	else
		for (unsigned int i = 0; i < WORKER_PROGRAMS && run_now() < end; i++) {
			began = run_now();
			make(&program, &random, worker);
			shared_spend(worker->shared, SPENT_MAKING, began);
			run(&runner, &program, worker);
		}
	_exit(0);
}

void worker_print(const struct fuzz_options *options, unsigned int index, unsigned int round)
{
	struct worker worker = { .options = options, .index = index };
	struct program program;
	struct random random;

	random_seed(&random, options->seed, round, index);
	for (unsigned int i = 0; i < WORKER_PROGRAMS; i++) {
		make(&program, &random, &worker);
		printf("# seed %llu round %u process %u program %u\n",
		       (unsigned long long)options->seed, round, index, i);
		program_print(&program, stdout);
		printf("\n");
	}
}
