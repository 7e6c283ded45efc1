// SPDX-License-Identifier: MIT
/*
 * prime-bench: what buffers cost, made, shared and shown, by vprime and by vgem.
 *
 * The program's command line and the list of what is measured. The drivers are
 * measured by turns. Where every nanosecond is an instruction (QEMU's -icount) the
 * numbers repeat nearly exactly; elsewhere take many repetitions on an idle machine.
 */
#include <argp.h>
#include <stdlib.h>

#include "bench.h"
#include "buffers.h"
#include "frames.h"
#include "results.h"

/* Buffers that are open while another one is imported. */
#define FEW 10
#define MANY 10000

/* What each driver does, and how its result is called, ours first. */
static const struct work {
	const char *name;
	const char *results[2];
	double (*measure)(const struct peer *peer, unsigned int turns);
	unsigned int turns;
} works[] = {
#define WORK(name, measure, turns) { name, { "vprime/" name, "vgem/" name }, measure, turns }
	WORK("dumb-touch-1080p", buffers_touch, 4),
	WORK("export-import-close", buffers_share, 200),
	WORK("export-import-close-again", buffers_share_again, 500),
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	(void)text;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

static void measure_work(const struct work *work, const struct peer peers[2],
			 unsigned int repetitions)
{
	for (unsigned int p = 0; p < 2; p++)
		work->measure(&peers[p], 1);
	for (unsigned int i = 0; i < repetitions; i++)
		for (unsigned int p = 0; p < 2; p++)
			results_add(work->results[p], work->measure(&peers[p], work->turns));
}

/*
 * Few are open before and after there are many, so that what a machine does
 * meanwhile is in both.
 */
static void measure_import(const char *const results[2], const struct peer *peer,
			   const struct peer *from, unsigned int repetitions)
{
	static const unsigned int open[] = { FEW, MANY, FEW };

	for (unsigned int n = 0; n < sizeof(open) / sizeof(*open); n++) {
		buffers_keep(peer, from, open[n]);
		for (unsigned int i = 0; i < repetitions; i++)
			results_add(results[open[n] == MANY], buffers_import(peer, from, 200));
	}
	buffers_keep(peer, from, 0);
}

static void measure_imports(const struct peer peers[2], unsigned int repetitions)
{
	static const char *const ours[] = { "vprime/import-10", "vprime/import-10000" };
	static const char *const theirs[] = { "vgem/import-10", "vgem/import-10000" };

	measure_import(ours, &peers[0], &peers[1], repetitions);
	measure_import(theirs, &peers[1], &peers[0], repetitions);
}

static void measure_all(const struct bench *bench)
{
	struct peer peers[2];

	peer_open(&peers[0], "vprime");
	peer_open(&peers[1], "vgem");
	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++)
		if (bench_wants(bench, works[i].name))
			measure_work(&works[i], peers, bench->repetitions);
	if (bench_wants(bench, "first-frame"))
		frames_measure(&peers[1], bench->repetitions);
	if (bench_wants(bench, "import-10000"))
		measure_imports(peers, bench->repetitions);
}

int main(int argc, char **argv)
{
	struct bench bench = { .repetitions = 5 };
	const struct argp_child children[] = { { .argp = &bench_argp }, { 0 } };
	const struct argp argp = {
		.parser = parse_option,
		.children = children,
		.doc = "Measure what buffers cost, made, shared and shown.",
	};

	argp_parse(&argp, argc, argv, 0, NULL, &bench);
	measure_all(&bench);
	bench_print(&bench);
	return EXIT_SUCCESS;
}
