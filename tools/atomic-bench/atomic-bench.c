// SPDX-License-Identifier: MIT
/*
 * What an atomic operation costs on the machine that it runs on, in nanoseconds: where
 * instructions are counted it is one of them. lab/bench runs it on the host.
 */
#define _GNU_SOURCE
#include <err.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "results.h"

#define TURNS 2000000
#define REPETITIONS 15

struct counter {
	_Alignas(128) uint64_t value;
};

static struct counter counter;
static pthread_barrier_t barrier;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

/* Through memory each time, as a count in a structure is. */
static void add_plain(void)
{
	for (unsigned int i = 0; i < TURNS; i++)
		__asm__ volatile("addq $1, %0" : "+m"(counter.value));
}

static void add_atomic(void)
{
	for (unsigned int i = 0; i < TURNS; i++)
		__atomic_fetch_add(&counter.value, 1, __ATOMIC_SEQ_CST);
}

static double turn(void (*add)(void))
{
	double began = now();

	add();
	return (now() - began) / TURNS;
}

static void stay_on(long cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(EXIT_FAILURE, "no processor %ld", cpu);
}

static void *other(void *unused)
{
	(void)unused;
	stay_on(1);
	pthread_barrier_wait(&barrier);
	add_atomic();
	return NULL;
}

/* Two processors and one line of cache. */
static double turn_shared(void)
{
	pthread_t thread;
	double ns;

	pthread_barrier_init(&barrier, NULL, 2);
	if (pthread_create(&thread, NULL, other, NULL))
		errx(EXIT_FAILURE, "no thread");
	pthread_barrier_wait(&barrier);
	ns = turn(add_atomic);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&barrier);
	return ns;
}

int main(void)
{
	bool two = sysconf(_SC_NPROCESSORS_ONLN) > 1;

	stay_on(0);
	for (unsigned int i = 0; i < REPETITIONS; i++) {
		results_add("plain-add", turn(add_plain));
		results_add("atomic-add", turn(add_atomic));
		if (two)
			results_add("atomic-add-shared", turn_shared());
	}
	results_print_json(stdout);
	return 0;
}
