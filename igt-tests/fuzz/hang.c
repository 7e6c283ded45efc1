// SPDX-License-Identifier: MIT
/*
 * Looks after the threads of a runner: a call that waits is interrupted after a while,
 * one that can't be interrupted is told as hung. A fault of memory in a call that
 * touches some ends that call.
 */
#include "hang.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "run.h"
#include "shared.h"

#define LOOK_US 10000

/* One call in so many may wait longer: for a fence's timer, or a frame. */
#define PATIENT 32
#define PATIENCE_NS 20000000ull
#define LONG_PATIENCE_NS 200000000ull

static struct runner *watched;

static struct run_thread *self(void)
{
	for (unsigned int i = 0; i < watched->num_threads; i++)
		if (pthread_equal(i ? watched->threads[i].thread : watched->threads[0].thread,
				  pthread_self()))
			return &watched->threads[i];
	return NULL;
}

/* Only to interrupt. */
static void wake(int signal)
{
	(void)signal;
}

static void fault(int signal)
{
	struct run_thread *thread = self();
	struct sigaction usual = { .sa_handler = SIG_DFL };

	if (thread && thread->guarded)
		siglongjmp(thread->jump, 1);
	/* No memory for a page of the program itself, once; it is there when asked again. */
	if (thread && signal == SIGBUS && thread->failing) {
		thread->failing = false;
		return;
	}
	sigaction(signal, &usual, NULL);
}

bool step_touch(struct step *step, void (*touch)(char *memory, size_t size), char *memory,
		size_t size)
{
	struct run_thread *thread = step->thread;
	bool done = false;

	if (!sigsetjmp(thread->jump, 1)) {
		thread->guarded = true;
		touch(memory, size);
		done = true;
	}
	thread->guarded = false;
	if (!done)
		errno = EFAULT;
	return done;
}

void hang_init(struct runner *runner)
{
	struct sigaction action = { .sa_handler = wake };

	watched = runner;
	runner->threads[0].thread = pthread_self();
	sigaction(SIGUSR1, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	action.sa_handler = fault;
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
}

static uint64_t patience(uint64_t since)
{
	return since / 64 % PATIENT ? PATIENCE_NS : LONG_PATIENCE_NS;
}

static void *watch(void *unused)
{
	for (;;) {
		usleep(LOOK_US);
		for (unsigned int i = 0; i < watched->num_threads; i++) {
			struct run_thread *thread = &watched->threads[i];
			uint64_t since = thread->since, now = run_now();

			if (!since || now < since + patience(since))
				continue;
			pthread_kill(thread->thread, SIGUSR1);
			if (now > since + HANG_SECONDS * 1000000000ull)
				watched->shared->hung = true;
		}
	}
	return unused;
}

void hang_watch(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, watch, NULL);
}
