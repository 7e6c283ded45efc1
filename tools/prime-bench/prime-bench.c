// SPDX-License-Identifier: MIT
/*
 * prime-bench: what buffers cost, made, shared and shown, by vprime and by vgem.
 *
 * The program's command line and the list of what is measured. The drivers are
 * measured by turns. Where every nanosecond is an instruction (QEMU's -icount) the
 * numbers repeat nearly exactly; elsewhere take many repetitions on an idle machine.
 */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffers.h"
#include "frames.h"
#include "results.h"

struct arguments {
	unsigned int repetitions;
	const char *only;
	bool json;
};

enum {
	KEY_JSON = 256,
};

/* Buffers that are open while another one is imported. */
#define FEW 10
#define MANY 10000

static const struct argp_option argp_options[] = {
	{ "repetitions", 'r', "N", 0, "Measure everything so often (default 5)", 0 },
	{ "only", 'o', "NAME", 0, "Measure that alone", 0 },
	{ "json", KEY_JSON, NULL, 0, "Print JSON", 0 },
	{ 0 }
};

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
	struct arguments *arguments = state->input;
	char end;

	switch (key) {
	case 'r':
		if (sscanf(text, "%u%c", &arguments->repetitions, &end) != 1 ||
		    !arguments->repetitions || arguments->repetitions > 1000)
			argp_error(state, "'%s' is no number from 1 to 1000", text);
		return 0;
	case 'o':
		arguments->only = text;
		return 0;
	case KEY_JSON:
		arguments->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool is_wanted(const struct arguments *arguments, const char *name)
{
	return !arguments->only || !strcmp(arguments->only, name);
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

static void measure_all(const struct arguments *arguments)
{
	struct peer peers[2];

	peer_open(&peers[0], "vprime");
	peer_open(&peers[1], "vgem");
	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++)
		if (is_wanted(arguments, works[i].name))
			measure_work(&works[i], peers, arguments->repetitions);
	if (is_wanted(arguments, "first-frame"))
		frames_measure(&peers[1], arguments->repetitions);
	if (is_wanted(arguments, "import-10000"))
		measure_imports(peers, arguments->repetitions);
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .repetitions = 5 };
	const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.doc = "Measure what buffers cost, made, shared and shown.",
	};

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	measure_all(&arguments);
	if (arguments.json)
		results_print_json(stdout);
	else
		results_print(stdout);
	return EXIT_SUCCESS;
}
