// SPDX-License-Identifier: MIT
/*
 * dmabuf-top: who has which dma-bufs.
 *
 * The program's command line. What it looks at is in snapshot.c, the file to read
 * first; each way to show it has a file of its own.
 */
#include <argp.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "graph.h"
#include "json.h"
#include "leaks.h"
#include "live.h"
#include "order.h"
#include "snapshot.h"
#include "table.h"

#define LEAK_AGE_MS 60000
#define FOUND_LEAKS 2

enum form {
	FORM_DEFAULT,
	FORM_TABLE,
	FORM_JSON,
	FORM_GRAPH,
};

struct arguments {
	enum form form;
	enum order order;
	bool reverse;
	bool leaks;
	unsigned int leak_age_ms;
	unsigned int delay_ms;
};

static const struct argp_option argp_options[] = {
	{ "once", '1', NULL, 0, "Print the table once (default when not on a terminal)", 0 },
	{ "json", 'j', NULL, 0, "Print everything as one JSON object", 0 },
	{ "graph", 'g', NULL, 0, "Print exporters, buffers and importers for dot(1)", 0 },
	{ "leaks", 'l', "AGE", OPTION_ARG_OPTIONAL,
	  "Only buffers older than AGE (default 60s) that nobody reads", 0 },
	{ "sort", 's', "KEY", 0,
	  "By size (default), age, refs, fds, maps, devices, exporter, creator, name or inode", 1 },
	{ "reverse", 'r', NULL, 0, "The other way round", 1 },
	{ "delay", 'd', "TIME", 0, "Between two looks of the live view (default 1s)", 1 },
	{ 0 }
};

/* "500ms", "10s", "5m", "2h"; without a unit seconds. */
static unsigned int parse_time(struct argp_state *state, const char *text)
{
	static const struct {
		const char *unit;
		unsigned int ms;
	} units[] = { { "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 } };
	char unit[3] = "", more;
	unsigned int number;
	int fields = sscanf(text, "%6u%2[a-z]%c", &number, unit, &more);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (fields >= 1 && fields <= 2 && *text != '-' && !strcmp(unit, units[i].unit) &&
		    number && number <= 2000000000 / units[i].ms)
			return number * units[i].ms;
	argp_error(state, "'%s' is no time: write it as 500ms, 10s, 5m or 2h", text);
	return 0;
}

static void set_form(struct argp_state *state, enum form form)
{
	struct arguments *arguments = state->input;

	if (arguments->form != FORM_DEFAULT && arguments->form != form)
		argp_error(state, "only one of --once, --json and --graph");
	arguments->form = form;
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case '1':
		set_form(state, FORM_TABLE);
		return 0;
	case 'j':
		set_form(state, FORM_JSON);
		return 0;
	case 'g':
		set_form(state, FORM_GRAPH);
		return 0;
	case 'l':
		arguments->leaks = true;
		if (text)
			arguments->leak_age_ms = parse_time(state, text);
		return 0;
	case 's':
		arguments->order = order_by_word(text);
		if (arguments->order == ORDER_COUNT)
			argp_error(state, "can't sort by '%s'", text);
		return 0;
	case 'r':
		arguments->reverse = true;
		return 0;
	case 'd':
		arguments->delay_ms = parse_time(state, text);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int print_once(const struct arguments *arguments)
{
	struct snapshot snapshot;
	int status = EXIT_SUCCESS;

	if (arguments->leaks)
		leaks_take(&snapshot, arguments->leak_age_ms);
	else
		snapshot_take(&snapshot);
	if (arguments->form == FORM_JSON)
		json_print(stdout, &snapshot, arguments->order, arguments->reverse);
	else if (arguments->form == FORM_GRAPH)
		graph_print(stdout, &snapshot);
	else
		table_print(stdout, &snapshot, arguments->order, arguments->reverse);
	if (arguments->leaks && snapshot.num_buffers)
		status = FOUND_LEAKS;
	snapshot_free(&snapshot);
	if (fflush(stdout))
		err(EXIT_FAILURE, "writing");
	return status;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.doc = "Show which dma-bufs there are, and who has them.",
	};
	struct arguments arguments = {
		.order = ORDER_SIZE,
		.leak_age_ms = LEAK_AGE_MS,
		.delay_ms = 1000,
	};
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (arguments.form != FORM_DEFAULT || arguments.leaks || !isatty(STDOUT_FILENO))
		return print_once(&arguments);
	ret = live_run(arguments.order, arguments.reverse, arguments.delay_ms);
	if (ret)
		errx(EXIT_FAILURE, "no live view: standard input: %s", strerror(-ret));
	return EXIT_SUCCESS;
}
