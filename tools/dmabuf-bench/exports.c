// SPDX-License-Identifier: MIT
/*
 * Export and close of buffers of one page, alone, among many others, and on
 * several CPUs at once. The smallest buffers do: nothing is mapped.
 */
#define _GNU_SOURCE
#include "exports.h"

#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench.h"
#include "device.h"

#define MAX_CPUS 64

static int *kept;
static unsigned int num_kept;

/*
 * The team: its members wait for each round to begin and for each other to end
 * it, so no one exports alone when the others are done.
 */
static struct {
	pthread_barrier_t begin;
	pthread_barrier_t end;
	unsigned int size;
	unsigned int cpus;
	unsigned int turns;
	double ns[MAX_CPUS];
} team;

double exports_time(unsigned int turns)
{
	double start = bench_ns();

	for (unsigned int i = 0; i < turns; i++)
		close(device_export(1, DMABUF_BENCH_CLOEXEC));
	return (bench_ns() - start) / turns;
}

void exports_keep(unsigned int count)
{
	struct rlimit limit = { count + 64, count + 64 };

	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(EXIT_FAILURE, "%u open files", count);
	kept = realloc(kept, count * sizeof(*kept));
	if (!kept)
		err(EXIT_FAILURE, "%u buffers", count);
	while (num_kept < count)
		kept[num_kept++] = device_export(1, DMABUF_BENCH_CLOEXEC);
}

void exports_drop(void)
{
	while (num_kept)
		close(kept[--num_kept]);
}

static void pin_to(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(EXIT_FAILURE, "CPU %u", cpu);
}

static void do_part(unsigned int cpu)
{
	pthread_barrier_wait(&team.begin);
	if (cpu < team.cpus)
		team.ns[cpu] = exports_time(team.turns);
	pthread_barrier_wait(&team.end);
}

static void *member(void *cpu)
{
	pin_to((unsigned long)cpu);
	if (unshare(CLONE_FILES))
		err(EXIT_FAILURE, "a table of fds for each thread");
	for (;;)
		do_part((unsigned long)cpu);
	return NULL;
}

void exports_begin_team(unsigned int cpus)
{
	pthread_t thread;

	if (cpus < 1 || cpus > MAX_CPUS || cpus > sysconf(_SC_NPROCESSORS_ONLN))
		errx(EXIT_FAILURE, "there are no %u CPUs", cpus);
	team.size = cpus;
	pthread_barrier_init(&team.begin, NULL, cpus);
	pthread_barrier_init(&team.end, NULL, cpus);
	pin_to(0);
	for (unsigned long cpu = 1; cpu < cpus; cpu++)
		if (pthread_create(&thread, NULL, member, (void *)cpu))
			errx(EXIT_FAILURE, "no thread for CPU %lu", cpu);
}

double exports_team_time(unsigned int cpus, unsigned int turns)
{
	double sum = 0;

	team.cpus = cpus;
	team.turns = turns;
	do_part(0);
	for (unsigned int i = 0; i < cpus; i++)
		sum += team.ns[i];
	return sum / cpus;
}
