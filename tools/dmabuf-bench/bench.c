// SPDX-License-Identifier: MIT
/*
 * The options that the programs *-bench have in common. Knows nothing of what they
 * measure.
 */
#include "bench.h"

#include <stdio.h>
#include <string.h>

#include "results.h"

#define MAX_REPETITIONS 1000

enum {
	KEY_JSON = 256,
};

static const struct argp_option options[] = {
	{ "repetitions", 'r', "N", 0, "Measure everything so often (default 5)", 0 },
	{ "only", 'o', "NAME", 0, "Measure that alone", 0 },
	{ "json", KEY_JSON, NULL, 0, "Print JSON", 0 },
	{ 0 }
};

unsigned int bench_parse_count(struct argp_state *state, const char *text, unsigned int max)
{
	unsigned int count;
	char end;

	if (sscanf(text, "%u%c", &count, &end) != 1 || !count || count > max)
		argp_error(state, "'%s' is no number from 1 to %u", text, max);
	return count;
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct bench *bench = state->input;

	switch (key) {
	case 'r':
		bench->repetitions = bench_parse_count(state, text, MAX_REPETITIONS);
		return 0;
	case 'o':
		bench->only = text;
		return 0;
	case KEY_JSON:
		bench->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp bench_argp = {
	.options = options,
	.parser = parse_option,
};

bool bench_wants(const struct bench *bench, const char *name)
{
	return !bench->only || !strcmp(bench->only, name);
}

void bench_print(const struct bench *bench)
{
	if (bench->json)
		results_print_json(stdout);
	else
		results_print(stdout);
}
