// SPDX-License-Identifier: MIT
/*
 * Runs subtests of the live core, each from the stock core: whatever a failed one
 * left is cleaned up first.
 */
#include "live_subtests.h"

#include "igt_api.h"
#include "module.h"
#include "traffic.h"

void run_live_subtest(void (*run)(void))
{
	traffic_kill();
	live_clean_up();
	run();
}

void run_live_subtests(const struct live_subtest *subtests, size_t count)
{
	for (const struct live_subtest *subtest = subtests; subtest < subtests + count; subtest++) {
		igt_describe(subtest->about);
		igt_subtest(subtest->name)
			run_live_subtest(subtest->run);
	}
}
