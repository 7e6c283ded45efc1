// SPDX-License-Identifier: MIT
/*
 * The own core comes while there is too little memory: it keeps no account of some of the
 * buffers, or has no files, but loses none of them. Each allocation on its way fails once.
 */
#include "live_subtests.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/account.h"
#include "held.h"
#include "igt_api.h"
#include "lib/fail_nth.h"
#include "module.h"

/* More than the core allocates when every task has come to it. */
#define WALK_MAX 600

/* A load takes a quarter of a minute on a debug kernel, and a subtest has six minutes. */
#define PARTS 3

/* Loads that livepatch finished from its worker before one that it did not. */
#define TRIES 5

/*
 * Livepatch ends in the process that loads if no task has to be waited for. One that runs
 * on another processor has to, if only the idle one.
 */
static void set_processors(bool online)
{
	char file[64];

	for (int cpu = 1;; cpu++) {
		snprintf(file, sizeof(file), "/sys/devices/system/cpu/cpu%d/online", cpu);
		int fd = open(file, O_WRONLY | O_CLOEXEC);

		if (fd < 0)
			return;
		igt_assert_eq(write(fd, online ? "1" : "0", 1), 1);
		close(fd);
	}
}

/**
 * struct outcome - what became of loads
 * @loads: how many there were
 * @refused: those that livepatch refused
 * @unknown: buffers and attachments that the core had no account of
 * @blind: loads that left the core without files to read accounts from
 */
struct outcome {
	unsigned int loads, refused, unknown, blind;
};

static bool has_account(const struct record *record)
{
	return strstr(record->text, "\tadopted=");
}

static bool can_be_asked(void)
{
	return !access("/sys/kernel/debug/dma_buf/buffers", F_OK) &&
	       !access("/sys/kernel/debug/dma_buf/misuse", F_OK);
}

static void count_unknown(struct outcome *outcome)
{
	struct record record;

	for (unsigned int i = 0; i < held_count; i++) {
		record = buffer_record(held_inode(i));
		outcome->unknown += !has_account(&record);
		igt_assert(attachment_record(held_inode(i), &record) >= 1);
		outcome->unknown += !has_account(&record);
	}
}

/* What was held before is held by the core that is there now. */
static void check_loaded(struct outcome *outcome)
{
	bool can = can_be_asked();

	held_check();
	outcome->blind += !can;
	if (can)
		count_unknown(outcome);
	held_drop();
	igt_assert(!can || !held_misuse());
	live_unload();
}

/*
 * False when livepatch's worker is at it. The module's file is opened outside of the walk:
 * without memory 9p loses track of it.
 */
static bool load_failing(unsigned int nth, bool *failed, struct outcome *outcome)
{
	int fd = live_open(), ret;
	bool direct;

	hold_all();
	fail_nth_begin(nth);
	ret = __live_begin_load(fd);
	*failed = !fail_nth_end();
	direct = ret || !live_in_transition();
	close(fd);
	outcome->loads++;
	if (ret) {
		igt_assert_eq(ret, ENOMEM);
		outcome->refused++;
		held_check();
		held_drop();
		return direct;
	}
	live_wait_loaded();
	check_loaded(outcome);
	return direct;
}

/* False if there was nothing to fail any more. */
static bool fail_load(unsigned int nth, struct outcome *outcome)
{
	unsigned int tries = 0;
	bool failed;

	while (!load_failing(nth, &failed, outcome) && !failed)
		igt_assert_f(++tries < TRIES, "livepatch always waits for some task\n");
	return failed;
}

/* Each PARTS-th allocation. Buffers are adopted first, so each part comes to it. */
static void walk(unsigned int first)
{
	struct outcome outcome = {};
	unsigned int nth = first;

	fail_nth_require();
	fail_nth_within("klp_try_complete_transition");
	set_processors(false);
	while (nth < WALK_MAX && fail_load(nth, &outcome))
		nth += PARTS;
	fail_nth_require();
	igt_info("%u loads: %u refused, %u accounts missing, %u times no files\n", outcome.loads,
		 outcome.refused, outcome.unknown, outcome.blind);
	igt_assert(nth < WALK_MAX);
	igt_assert(outcome.unknown);
}

static void walk_1(void)
{
	walk(1);
}

static void walk_2(void)
{
	walk(2);
}

static void walk_3(void)
{
	walk(3);
}

static const struct live_subtest subtests[] = {
	{ "no-memory-1", "Allocations fail that the core makes when it comes.", walk_1 },
	{ "no-memory-2", "The next of each three.", walk_2 },
	{ "no-memory-3", "The last of each three.", walk_3 },
};

void memory_subtests(void)
{
	RUN_LIVE_SUBTESTS(subtests);
	igt_fixture
	{
		set_processors(true);
	}
}
