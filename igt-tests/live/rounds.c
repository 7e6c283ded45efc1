// SPDX-License-Identifier: MIT
/*
 * The core is loaded and taken out again and again while programs share buffers.
 * A hundred rounds, each a subtest, so that a runner sees them get on.
 */
#include "live_subtests.h"

#include <stdio.h>

#include "core/fences.h"
#include "igt_api.h"
#include "module.h"
#include "traffic.h"

#define ROUNDS 100

/* What bufinfo's last line says. */
static unsigned int count_buffers(void)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/bufinfo", "r");
	unsigned int count = 0, found = 0;
	char line[256];

	igt_assert(file);
	while (fgets(line, sizeof(line), file))
		found += sscanf(line, "Total %u objects", &count) == 1;
	fclose(file);
	igt_assert(found >= 1);
	return count;
}

static void exchange(void)
{
	unsigned int before = count_buffers();
	long long start, loaded, done;

	traffic_start();
	start = now_ms();
	live_load();
	loaded = now_ms();
	traffic_progress();
	live_unload();
	done = now_ms();
	traffic_progress();
	traffic_stop();
	igt_info("loading took %lld ms, the round %lld ms\n", loaded - start, done - start);
	/* Files are closed by work that may take a moment. */
	for (int i = 0; count_buffers() != before && i < 100; i++)
		poll(NULL, 0, 20);
	igt_assert_eq(count_buffers(), before);
}

void round_subtests(void)
{
	igt_describe("The core is exchanged under traffic.");
	for (int round = 1; round <= ROUNDS; round++) {
		char name[32];

		snprintf(name, sizeof(name), "round-%d", round);
		igt_subtest(name)
			run_live_subtest(exchange);
	}
}
