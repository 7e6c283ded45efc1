// SPDX-License-Identifier: MIT
/*
 * The core is loaded and taken out again and again while programs share buffers.
 * A hundred rounds, two in each subtest, so that a runner sees them get on.
 */
#include "live_subtests.h"

#include <stdio.h>

#include "core/fences.h"
#include "igt_api.h"
#include "module.h"
#include "traffic.h"

#define ALL_ROUNDS 100
#define ROUNDS 2

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

static void exchange_often(void)
{
	unsigned int before = count_buffers();
	long long start = now_ms(), load = 0, loaded, worst = 0;

	traffic_start();
	for (int i = 0; i < ROUNDS; i++) {
		start = now_ms();
		live_load();
		loaded = now_ms();
		load += loaded - start;
		traffic_progress();
		live_unload();
		traffic_progress();
		if (now_ms() - start > worst)
			worst = now_ms() - start;
	}
	traffic_stop();
	igt_info("%d rounds, loading took %lld ms on average, the longest round %lld ms\n",
		 ROUNDS, load / ROUNDS, worst);
	/* Files are closed by work that may take a moment. */
	for (int i = 0; count_buffers() != before && i < 100; i++)
		poll(NULL, 0, 20);
	igt_assert_eq(count_buffers(), before);
}

void round_subtests(void)
{
	igt_describe("The core is exchanged under traffic.");
	for (int first = 1; first <= ALL_ROUNDS; first += ROUNDS) {
		char name[32];

		snprintf(name, sizeof(name), "rounds-%d-%d", first, first + ROUNDS - 1);
		igt_subtest(name)
			run_live_subtest(exchange_often);
	}
}
