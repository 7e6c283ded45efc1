// SPDX-License-Identifier: MIT
/*
 * The end of a timeline while its points expire. It is made slow: a thread that nobody
 * is waiting for destroys it, on a processor that others use, so the first points are
 * long freed when the timers of the last ones run. What a kernel without checkers makes of
 * freed memory is chance; KASAN reports it.
 */
#include "fence_subtests.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/subtests.h"
#include "software.h"

/* Points that wait for ever, and those after them that expire one by one. */
#define LASTING 3000
#define EXPIRING 1000
#define EXPIRING_MS 1500
#define ROUNDS 2
#define HOGS 2

static struct {
	int card;
	uint32_t timeline;
} stage;

static atomic_bool stop;

static void fill_timeline(void)
{
	stage.card = drm_open_card("vprime", 0);
	stage.timeline = timeline_new(stage.card);
	for (int i = 1; i <= LASTING; i++)
		close(timeline_sync_file(stage.card, stage.timeline, i, 0));
	/* Points far from any number that freed memory is filled with. */
	for (int i = 1; i <= EXPIRING; i++)
		close(timeline_sync_file(stage.card, stage.timeline, UINT64_MAX - EXPIRING + i,
					 100 + i * EXPIRING_MS / EXPIRING));
}

static void *hog(void *unused)
{
	(void)unused;
	while (!stop)
		;
	return NULL;
}

static void *destroy(void *unused)
{
	const struct sched_param none = {};

	(void)unused;
	pthread_setschedparam(pthread_self(), SCHED_IDLE, &none);
	__timeline_destroy(stage.card, stage.timeline);
	return NULL;
}

/* As destroy(), by the end of the process. */
static void *leave(void *unused)
{
	const struct sched_param none = {};
	pid_t child = fork();

	(void)unused;
	if (!child) {
		sched_setscheduler(0, SCHED_IDLE, &none);
		close(stage.card);
		_exit(0);
	}
	close(stage.card);
	waitpid(child, NULL, 0);
	return NULL;
}

static void end_slowly(void *(*end)(void *))
{
	pthread_t hogs[HOGS], ender;
	cpu_set_t before, one;

	igt_assert_errno(sched_getaffinity(0, sizeof(before), &before), 0);
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	igt_assert_errno(sched_setaffinity(0, sizeof(one), &one), 0);
	stop = false;
	for (int i = 0; i < HOGS; i++)
		igt_assert_eq(pthread_create(&hogs[i], NULL, hog, NULL), 0);
	igt_assert_eq(pthread_create(&ender, NULL, end, NULL), 0);
	igt_assert_errno(sched_setaffinity(0, sizeof(before), &before), 0);
	usleep((EXPIRING_MS + 500) * 1000);
	stop = true;
	for (int i = 0; i < HOGS; i++)
		pthread_join(hogs[i], NULL);
	pthread_join(ender, NULL);
}

static void destroyed(struct screen *screen)
{
	(void)screen;
	for (int i = 0; i < ROUNDS; i++) {
		fill_timeline();
		end_slowly(destroy);
		igt_assert_errno(__timeline_destroy(stage.card, stage.timeline), ENOENT);
		close(stage.card);
	}
}

static void closed(struct screen *screen)
{
	(void)screen;
	for (int i = 0; i < ROUNDS; i++) {
		fill_timeline();
		end_slowly(leave);
	}
}

static const struct subtest subtests[] = {
	{ "timeline-destroyed-late", "Points expire while their timeline is destroyed.",
	  destroyed },
	{ "timeline-closed-late", "Points expire while their file is closed.", closed },
};

void timeline_end_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
