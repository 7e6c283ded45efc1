// SPDX-License-Identifier: MIT
/*
 * Keeps repetitions, in the order in which each kind of work came first. Knows
 * nothing of how they were measured.
 */
#include "results.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

#define MAX_RESULTS 32
#define MAX_SAMPLES 1000

static struct result {
	const char *name;
	unsigned int count;
	double ns[MAX_SAMPLES];
} results[MAX_RESULTS];

static unsigned int num_results;

static struct result *find(const char *name)
{
	for (unsigned int i = 0; i < num_results; i++)
		if (!strcmp(results[i].name, name))
			return &results[i];
	if (num_results == MAX_RESULTS)
		errx(EXIT_FAILURE, "too many results");
	results[num_results].name = name;
	return &results[num_results++];
}

void results_add(const char *name, double ns)
{
	struct result *result = find(name);

	if (result->count == MAX_SAMPLES)
		errx(EXIT_FAILURE, "too many repetitions");
	result->ns[result->count++] = ns;
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static void sort(struct result *result)
{
	qsort(result->ns, result->count, sizeof(*result->ns), compare);
}

/* Of a sorted result. */
static double median(const struct result *result)
{
	return (result->ns[result->count / 2] + result->ns[(result->count - 1) / 2]) / 2;
}

void results_print(FILE *out)
{
	fprintf(out, "%-24s %12s %12s %12s %6s\n", "ns a turn", "median", "min", "max", "times");
	for (struct result *result = results; result < results + num_results; result++) {
		sort(result);
		fprintf(out, "%-24s %12.1f %12.1f %12.1f %6u\n", result->name, median(result),
			result->ns[0], result->ns[result->count - 1], result->count);
	}
}

void results_print_json(FILE *out)
{
	fprintf(out, "{");
	for (struct result *result = results; result < results + num_results; result++) {
		sort(result);
		fprintf(out, "%s\n  \"%s\": {\"median\": %.1f, \"min\": %.1f, ",
			result == results ? "" : ",", result->name, median(result), result->ns[0]);
		fprintf(out, "\"max\": %.1f, \"count\": %u}", result->ns[result->count - 1],
			result->count);
	}
	fprintf(out, "\n}\n");
}
