// SPDX-License-Identifier: MIT
/*
 * Runs a table of subtests, those that want it once for each exporter. Every
 * file of subtests ends with such a table and calls this; what a subtest does is
 * not known here.
 */
#include "core_subtests.h"

#include "igt_api.h"

static void run_each(void (*each)(const struct exporter *exporter))
{
	for (size_t i = 0; i < exporter_count; i++) {
		igt_dynamic(exporters[i].name)
		{
			each(&exporters[i]);
		}
	}
}

void run_core_subtests(const struct core_subtest *subtests, size_t count)
{
	for (const struct core_subtest *subtest = subtests; subtest < subtests + count; subtest++) {
		igt_describe(subtest->about);
		if (subtest->each) {
			igt_subtest_with_dynamic(subtest->name)
			{
				run_each(subtest->each);
			}
			continue;
		}
		igt_subtest(subtest->name)
		{
			subtest->run();
		}
	}
}
