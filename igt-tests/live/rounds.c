// SPDX-License-Identifier: MIT
/*
 * The core is loaded and taken out again and again while programs share buffers.
 * A hundred rounds, five in each subtest, so that a runner sees them get on.
 */
#include "live_subtests.h"

#include <stdio.h>

#include "core/fences.h"
#include "igt_api.h"
#include "module.h"
#include "traffic.h"

#define ROUNDS 5

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

static const struct live_subtest subtests[] = {
#define FIVE(from, to) { "rounds-" #from "-" #to, "The same, under traffic.", exchange_often }
	FIVE(1, 5),
	FIVE(6, 10),
	FIVE(11, 15),
	FIVE(16, 20),
	FIVE(21, 25),
	FIVE(26, 30),
	FIVE(31, 35),
	FIVE(36, 40),
	FIVE(41, 45),
	FIVE(46, 50),
	FIVE(51, 55),
	FIVE(56, 60),
	FIVE(61, 65),
	FIVE(66, 70),
	FIVE(71, 75),
	FIVE(76, 80),
	FIVE(81, 85),
	FIVE(86, 90),
	FIVE(91, 95),
	FIVE(96, 100),
};

void round_subtests(void)
{
	RUN_LIVE_SUBTESTS(subtests);
}
