// SPDX-License-Identifier: MIT
/*
 * The threads of a race: races.c, race_unplug.c and race_random.c say what they do.
 */
#include "race.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "igt_api.h"

/**
 * struct runner - a thread of a race
 * @action: what it does
 * @thread: the thread
 * @rounds: how often it was done
 * @wrong: the errno that it should not have got
 */
struct runner {
	const struct action *action;
	pthread_t thread;
	unsigned int rounds;
	int wrong;
};

static atomic_bool stop;

int failed(int ret)
{
	return ret ? errno : 0;
}

static bool may_get(const struct action *action, int error)
{
	for (size_t i = 0; i < sizeof(action->may) / sizeof(action->may[0]); i++)
		if (action->may[i] == error)
			return true;
	return !error;
}

static void *run(void *argument)
{
	struct runner *runner = argument;

	while (!stop && !runner->wrong) {
		int error = runner->action->run(runner->rounds);

		if (!may_get(runner->action, error))
			runner->wrong = error;
		runner->rounds++;
	}
	return NULL;
}

static const struct action *action_of(const struct action *table, unsigned int count,
				      const char *name)
{
	for (unsigned int i = 0; i < count; i++)
		if (!strcmp(table[i].name, name))
			return &table[i];
	igt_assert_f(false, "no action %s\n", name);
	return NULL;
}

static unsigned int race_seconds(void)
{
	const char *seconds = getenv("VPRIME_RACE_SECONDS");

	return seconds && atoi(seconds) > 0 ? atoi(seconds) : 5;
}

void race_run(const struct action *table, unsigned int count,
	      const char *const names[RACE_THREADS])
{
	struct runner runners[RACE_THREADS] = {};

	stop = false;
	for (int i = 0; i < RACE_THREADS; i++)
		runners[i].action = action_of(table, count, names[i]);
	for (int i = 0; i < RACE_THREADS; i++)
		igt_assert_eq(pthread_create(&runners[i].thread, NULL, run, &runners[i]), 0);
	sleep(race_seconds());
	stop = true;
	for (int i = 0; i < RACE_THREADS; i++)
		pthread_join(runners[i].thread, NULL);
	for (int i = 0; i < RACE_THREADS; i++) {
		igt_info("%s: %u rounds\n", names[i], runners[i].rounds);
		igt_assert_f(!runners[i].wrong, "%s: %s\n", names[i], strerror(runners[i].wrong));
		igt_assert_f(runners[i].rounds, "%s never came to its end\n", names[i]);
	}
}
