// SPDX-License-Identifier: MIT
/*
 * The function graph tracer of tracefs, as a stop watch for single functions. Knows
 * nothing of what they do.
 */
#include "tracer.h"

#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRACEFS "/sys/kernel/tracing/"

static void put(const char *file, const char *text)
{
	FILE *stream = fopen(file, "w");

	if (!stream || fputs(text, stream) < 0 || fclose(stream))
		err(EXIT_FAILURE, "'%s' to %s", text, file);
}

void tracer_start(const char *functions)
{
	put(TRACEFS "set_ftrace_filter", functions);
	put(TRACEFS "current_tracer", "function_graph");
	put(TRACEFS "options/funcgraph-tail", "1");
	put(TRACEFS "tracing_on", "1");
	put(TRACEFS "trace", "");
}

/*
 * " 0)   0.512 us    |  name();" or, when others that are traced were called in it,
 * " 0) ! 12.34 us    |  } / * name * /"; the line on which it begins has no duration.
 */
static int is_of(const char *line, const char *function)
{
	const char *name = strstr(line, function);
	char before = name && name > line ? name[-1] : 'x';
	char behind = name ? name[strlen(function)] : 'x';

	return name && before == ' ' && (behind == '(' || behind == ' ');
}

static double duration(const char *line)
{
	const char *unit = strstr(line, " us "), *number = strchr(line, ')');

	if (!unit || !number || number > unit)
		return -1;
	while (number < unit && !isdigit((unsigned char)*number))
		number++;
	return strtod(number, NULL) * 1000;
}

struct tracer_sum tracer_take(const char *function, int keep)
{
	struct tracer_sum sum = { 0 };
	FILE *stream = fopen(TRACEFS "trace", "r");
	char line[512];

	if (!stream)
		err(EXIT_FAILURE, "what was traced");
	while (fgets(line, sizeof(line), stream)) {
		double ns = duration(line);

		if (ns < 0 || !is_of(line, function))
			continue;
		sum.calls++;
		sum.ns += ns;
	}
	fclose(stream);
	if (!keep)
		put(TRACEFS "trace", "");
	return sum;
}

void tracer_stop(void)
{
	put(TRACEFS "current_tracer", "nop");
	put(TRACEFS "set_ftrace_filter", "");
	put(TRACEFS "options/funcgraph-tail", "0");
}
