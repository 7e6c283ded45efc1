// SPDX-License-Identifier: MIT
/*
 * Runs a table of subtests, each from a clean screen. Every file of subtests
 * ends with such a table and calls this; what a subtest does is not known here.
 */
#include "subtests.h"

#include "igt_api.h"

void run_subtests(const struct subtest *subtests, size_t count, struct screen *screen)
{
	for (const struct subtest *subtest = subtests; subtest < subtests + count; subtest++) {
		igt_describe(subtest->about);
		igt_subtest(subtest->name)
		{
			screen_reset(screen);
			subtest->run(screen);
		}
	}
}
