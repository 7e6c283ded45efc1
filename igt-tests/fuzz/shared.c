// SPDX-License-Identifier: MIT
/*
 * What all processes of a run share: how often each call was made, what was reached,
 * programs that reached something new, names that others made. Without locks: a
 * process may die at any time.
 */
#include "shared.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct shared *shared_new(void)
{
	void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

uint64_t shared_calls(struct shared *shared)
{
	uint64_t calls = 0;

	for (unsigned int i = 0; i < call_count(); i++)
		calls += shared->tallies[i].made;
	return calls;
}

uint64_t shared_spend(struct shared *shared, enum spent what, uint64_t began)
{
	uint64_t now = run_now();

	shared->spent[what] += now - began;
	return now;
}

bool shared_reach(struct shared *shared, uint64_t point)
{
	uint32_t at = (point * 0x9e3779b97f4a7c15ull >> 40) % SHARED_POINTS;
	uint64_t free = 0;

	for (unsigned int tries = 0; point && tries < 64; tries++) {
		/* Nearly all are known: looking costs less than trying. */
		if (atomic_load_explicit(&shared->points[at], memory_order_relaxed) == point)
			return false;
		free = 0;
		if (atomic_compare_exchange_strong(&shared->points[at], &free, point)) {
			shared->num_points++;
			return true;
		}
		if (free == point)
			return false;
		at = (at + 1) % SHARED_POINTS;
	}
	return false;
}

void shared_keep(struct shared *shared, const struct program *program)
{
	program_copy(&shared->corpus[shared->num_corpus++ % SHARED_CORPUS], program);
}

const struct program *shared_kept(struct shared *shared, struct random *random)
{
	uint32_t kept = shared->num_corpus;

	if (kept > SHARED_CORPUS)
		kept = SHARED_CORPUS;
	return kept ? &shared->corpus[random_below(random, kept)] : NULL;
}

static void print_errors(struct shared *shared)
{
	printf("errors:");
	for (int i = 1; i < SHARED_MAX_ERRNO; i++)
		if (shared->errors[i])
			printf(" %s %" PRIu64, strerrorname_np(i) ?: "other",
			       (uint64_t)shared->errors[i]);
	printf("\n");
}

static void print_longest(struct shared *shared)
{
	uint64_t below = UINT64_MAX;

	printf("longest calls:");
	for (int n = 0; n < 5; n++) {
		unsigned int longest = 0;
		uint64_t ns = 0;

		for (unsigned int i = 0; i < call_count(); i++) {
			uint64_t own = shared->tallies[i].longest_ns;

			if (own < below && own > ns) {
				longest = i;
				ns = own;
			}
		}
		if (ns)
			printf(" %s %" PRIu64 " ms", call_at(longest)->name, ns / 1000000);
		below = ns;
	}
	printf("\n");
}

static void print_spent(struct shared *shared)
{
	static const char *const names[SPENT_COUNT] = {
		[SPENT_MAKING] = "making programs",
		[SPENT_RUNNING] = "running",
		[SPENT_DROPPING] = "dropping",
		[SPENT_COLLECTING] = "collecting",
		[SPENT_STARTING] = "starting",
		[SPENT_JUDGING] = "judging",
	};

	printf("ms of processes:");
	for (int i = 0; i < SPENT_COUNT; i++)
		printf(" %s %" PRIu64, names[i], (uint64_t)shared->spent[i] / 1000000);
	printf("\n");
}

void shared_summary(struct shared *shared, bool each)
{
	uint64_t worked = 0;

	for (unsigned int i = 0; i < call_count(); i++) {
		const struct tally *tally = &shared->tallies[i];

		worked += tally->worked;
		if (each)
			printf("%-28s %8" PRIu64 " made %8" PRIu64 " worked, %8" PRIu64
			       " ms, longest %" PRIu64 " us\n",
			       call_at(i)->name, (uint64_t)tally->made, (uint64_t)tally->worked,
			       (uint64_t)tally->total_ns / 1000000,
			       (uint64_t)tally->longest_ns / 1000);
	}
	if (each)
		print_spent(shared);
	printf("calls: %" PRIu64 " made, %" PRIu64 " worked\n", shared_calls(shared), worked);
	print_errors(shared);
	print_longest(shared);
	if (shared->num_points)
		printf("coverage: %u points, %u programs that found some\n",
		       (unsigned int)shared->num_points, (unsigned int)shared->num_corpus);
}
