// SPDX-License-Identifier: MIT
/*
 * Two threads on one processor, one of which breaks into the other. A real-time thread
 * that wakes up is run at once, so where it sleeps for a random time it finds the other
 * anywhere. What they do is not known here.
 */
#include "ambush.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "igt_api.h"

/* Between two ambushes, nanoseconds: about what a few system calls take. */
#define SHORTEST 20000
#define LONGEST 220000

static atomic_bool stop, seen;

static void *run_intruder(void *argument)
{
	bool (*intruder)(void) = *(bool (**)(void))argument;
	unsigned int seed = 1;

	while (!stop) {
		struct timespec pause = {
			.tv_nsec = SHORTEST + rand_r(&seed) % (LONGEST - SHORTEST),
		};

		clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
		if (intruder()) {
			seen = true;
			stop = true;
		}
	}
	return NULL;
}

static pthread_t start_intruder(bool (**intruder)(void))
{
	const struct sched_param priority = { .sched_priority = 1 };
	pthread_attr_t attributes;
	pthread_t thread;
	int ret;

	pthread_attr_init(&attributes);
	pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
	pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
	pthread_attr_setschedparam(&attributes, &priority);
	ret = pthread_create(&thread, &attributes, run_intruder, intruder);
	pthread_attr_destroy(&attributes);
	igt_require_f(!ret, "no real-time thread: %s\n", strerror(ret));
	return thread;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static double seconds(void)
{
	const char *text = getenv("VPRIME_RACE_SECONDS");

	return text && atoi(text) > 0 ? atoi(text) : AMBUSH_SECONDS;
}

bool ambush(bool (*victim)(void), bool (*intruder)(void))
{
	double end = now() + seconds();
	unsigned int rounds = 0;
	cpu_set_t before, one;
	pthread_t thread;

	stop = false;
	seen = false;
	igt_assert_errno(sched_getaffinity(0, sizeof(before), &before), 0);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	igt_assert_errno(sched_setaffinity(0, sizeof(one), &one), 0);
	thread = start_intruder(&intruder);
	while (!stop && now() < end) {
		if (victim()) {
			seen = true;
			stop = true;
		}
		rounds++;
	}
	stop = true;
	pthread_join(thread, NULL);
	igt_assert_errno(sched_setaffinity(0, sizeof(before), &before), 0);
	igt_info("%u rounds\n", rounds);
	return seen;
}
