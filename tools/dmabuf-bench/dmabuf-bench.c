// SPDX-License-Identifier: MIT
/*
 * dmabuf-bench: what calls of the running dma-buf core cost.
 *
 * The program's command line and the list of what is measured. Where every
 * nanosecond is an instruction (QEMU's -icount) the numbers repeat exactly;
 * elsewhere take many repetitions on an idle machine.
 */
#include <argp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "device.h"
#include "exports.h"
#include "results.h"

struct arguments {
	struct bench bench;
	unsigned int turns;
	unsigned int cpus;
	unsigned int alive;
};

static const struct argp_option argp_options[] = {
	{ "turns", 'n', "N", 0, "Turns of each loop (default 2000); a hundredth for maps", 0 },
	{ "alive", 'a', "N", 0, "Export among 100 and among N other buffers too", 0 },
	{ "cpus", 'c', "N", 0, "Export on one and on N CPUs at once, and nothing else", 0 },
	{ 0 }
};

/* The loops that the kernel times itself. */
static const struct loop {
	const char *name;
	enum dmabuf_bench_work work;
	unsigned int flags;
	bool maps;
} loops[] = {
	{ "nothing", DMABUF_BENCH_NOTHING, 0, false },
	{ "get-put", DMABUF_BENCH_GET_PUT, 0, false },
	{ "attach-detach", DMABUF_BENCH_ATTACH_DETACH, 0, false },
	{ "begin-end", DMABUF_BENCH_BEGIN_END, 0, false },
	{ "map-unmap-again", DMABUF_BENCH_MAP_UNMAP, 0, true },
	{ "map-unmap-dynamic", DMABUF_BENCH_MAP_UNMAP_DYNAMIC, DMABUF_BENCH_MOVABLE, true },
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->bench;
		return 0;
	case 'n':
		arguments->turns = bench_parse_count(state, text, DMABUF_BENCH_TURNS);
		return 0;
	case 'a':
		arguments->alive = bench_parse_count(state, text, 1000000);
		return 0;
	case 'c':
		arguments->cpus = bench_parse_count(state, text, 64);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void measure_loops(const struct arguments *arguments)
{
	unsigned int turns = arguments->turns;

	for (size_t i = 0; i < sizeof(loops) / sizeof(*loops); i++) {
		const struct loop *loop = &loops[i];
		unsigned int some = loop->maps ? (turns + 99) / 100 : turns;
		int fd;

		if (!bench_wants(&arguments->bench, loop->name))
			continue;
		fd = device_export(DMABUF_BENCH_PAGES, loop->flags);
		results_add(loop->name, device_loop(fd, loop->work, some));
		close(fd);
	}
}

static void measure_all(const struct arguments *arguments)
{
	exports_time(100);
	for (unsigned int i = 0; i < arguments->bench.repetitions; i++) {
		if (bench_wants(&arguments->bench, "export-fd-close"))
			results_add("export-fd-close", exports_time(arguments->turns));
		measure_loops(arguments);
	}
	if (!arguments->alive)
		return;
	exports_keep(100);
	for (unsigned int i = 0; i < arguments->bench.repetitions; i++)
		results_add("export-close-100", exports_time(arguments->turns));
	exports_keep(arguments->alive);
	for (unsigned int i = 0; i < arguments->bench.repetitions; i++)
		results_add("export-close-alive", exports_time(arguments->turns));
	exports_drop();
}

/* In turns, so that whatever else the machine does meets both. */
static void measure_cpus(const struct arguments *arguments)
{
	exports_begin_team(arguments->cpus);
	exports_team_time(arguments->cpus, 100);
	for (unsigned int i = 0; i < arguments->bench.repetitions; i++) {
		results_add("export-close-1cpu", exports_team_time(1, arguments->turns));
		results_add("export-close-cpus",
			    exports_team_time(arguments->cpus, arguments->turns));
	}
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .bench = { .repetitions = 5 }, .turns = 2000 };
	const struct argp_child children[] = { { .argp = &bench_argp }, { 0 } };
	const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.children = children,
		.doc = "Measure what calls of the running dma-buf core cost.",
	};

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	device_open();
	if (arguments.cpus)
		measure_cpus(&arguments);
	else
		measure_all(&arguments);
	bench_print(&arguments.bench);
	return EXIT_SUCCESS;
}
