// SPDX-License-Identifier: MIT
/*
 * The fuzzer: random programs of calls to vprime, dma-bufs and whoever shares them. With
 * --mode or another option of its own it is a program by itself; without one a test of
 * IGT's form, whose subtests are the modes and the corpus. fuzz/ has what it is made of.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fuzz/corpus.h"
#include "fuzz/fuzz.h"
#include "igt_api.h"

IGT_TEST_DESCRIPTION("Random calls, and programs that found something once.");

static const struct {
	const char *name;
	unsigned int mode;
	const char *what;
} modes[] = {
	{ "render", MODE_RENDER, "What a program with a render node can do harms nobody." },
	{ "card", MODE_CARD, "Nor with a card, master or not." },
	{ "unplug", MODE_UNPLUG, "Nor while devices come and go." },
};

#define MODES (sizeof(modes) / sizeof(modes[0]))

enum {
	OPT_MODE = 'm',
	OPT_SEED = 's',
	OPT_CALLS = 'c',
	OPT_SECONDS = 't',
	OPT_ROUND = 'R',
	OPT_ROUNDS = 'n',
	OPT_THREADS = 'T',
	OPT_PROCESSES = 'P',
	OPT_REPLAY = 'r',
	OPT_TIMES = 'x',
	OPT_CORPUS = 'C',
	OPT_UNGUIDED = 'u',
	OPT_PRINT = 'p',
	OPT_EACH = 'e',
	OPT_LIST = 'l',
};

static const struct option long_options[] = {
	{ "mode", required_argument, NULL, OPT_MODE },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "calls", required_argument, NULL, OPT_CALLS },
	{ "seconds", required_argument, NULL, OPT_SECONDS },
	{ "round", required_argument, NULL, OPT_ROUND },
	{ "rounds", required_argument, NULL, OPT_ROUNDS },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "processes", required_argument, NULL, OPT_PROCESSES },
	{ "replay", required_argument, NULL, OPT_REPLAY },
	{ "times", required_argument, NULL, OPT_TIMES },
	{ "corpus", no_argument, NULL, OPT_CORPUS },
	{ "unguided", no_argument, NULL, OPT_UNGUIDED },
	{ "print", no_argument, NULL, OPT_PRINT },
	{ "each", no_argument, NULL, OPT_EACH },
	{ "list-calls", no_argument, NULL, OPT_LIST },
	{},
};

static const char usage[] =
	"usage: vprime_fuzz --mode render|card|unplug [OPTION...]\n"
	"       vprime_fuzz --replay FILE [--times N] [OPTION...]\n"
	"       vprime_fuzz --corpus | --list-calls\n"
	"       vprime_fuzz [IGT's options]\n"
	"  --seed N        where random numbers begin (default: the time)\n"
	"  --calls N       stop after about that many\n"
	"  --seconds N     stop after that long (default: 60)\n"
	"  --round N       begin with that round; --rounds N: stop after so many\n"
	"  --threads N     of each process (default: 2, 0: none)\n"
	"  --processes N   at a time (default: 2)\n"
	"  --unguided      don't go on from programs that reached something new: the same\n"
	"                  seed gives the same programs\n"
	"  --print         print the programs of a round instead of running them\n"
	"  --each          sum up each call\n";

static struct fuzz_options defaults(void)
{
	struct fuzz_options options = { .mode = MODE_CARD,
					.seed = time(NULL),
					.threads = 2,
					.processes = 2,
					.guided = true };
	const char *text = getenv("VPRIME_FUZZ_SEED");

	if (text)
		options.seed = strtoull(text, NULL, 0);
	text = getenv("VPRIME_FUZZ_SECONDS");
	options.seconds = text ? atoi(text) : 60;
	return options;
}

static int list_calls(void)
{
	for (unsigned int i = 0; i < call_count(); i++) {
		const struct call *call = call_at(i);

		printf("%-28s", call->name);
		for (unsigned int j = 0; j < call_takes(call); j++)
			printf(" %s", kind_name(call->takes[j].kind));
		if (call->makes[0])
			printf(" ->");
		for (unsigned int j = 0; j < CALL_MAX_MAKES && call->makes[j]; j++)
			printf(" %s", kind_name(call->makes[j]));
		printf("\n");
	}
	return 0;
}

static bool set_mode(struct fuzz_options *options, const char *name)
{
	for (size_t i = 0; i < MODES; i++)
		if (!strcmp(modes[i].name, name)) {
			options->mode = modes[i].mode;
			return true;
		}
	return false;
}

static bool set_option(struct fuzz_options *options, int opt, const char *text)
{
	switch (opt) {
	case OPT_MODE:
		return set_mode(options, text);
	case OPT_SEED:
		options->seed = strtoull(text, NULL, 0);
		return true;
	case OPT_CALLS:
		options->calls = strtoull(text, NULL, 0);
		options->seconds = 0;
		return true;
	case OPT_SECONDS:
		options->seconds = atoi(text);
		return true;
	case OPT_ROUND:
		options->round = atoi(text);
		return true;
	case OPT_ROUNDS:
		options->rounds = atoi(text);
		return options->rounds;
	case OPT_THREADS:
		options->threads = atoi(text);
		return options->threads <= PROGRAM_MAX_THREADS;
	case OPT_PROCESSES:
		options->processes = atoi(text);
		return options->processes && options->processes <= 8;
	case OPT_UNGUIDED:
		options->guided = false;
		return true;
	case OPT_PRINT:
		options->print = true;
		return true;
	case OPT_EACH:
		options->each = true;
		return true;
	}
	return false;
}

static int run_corpus(const struct fuzz_options *options)
{
	unsigned int programs, found = corpus_run(options, &programs);

	printf("corpus: %u programs, %u found something\n", programs, found);
	return found || !programs;
}

/* The program by itself. */
static int plain(int argc, char **argv)
{
	struct fuzz_options options = defaults();
	const char *replay = NULL;
	unsigned int times = 1;
	bool corpus = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (opt == OPT_LIST)
			return list_calls();
		if (opt == OPT_CORPUS) {
			corpus = true;
		} else if (opt == OPT_REPLAY) {
			replay = optarg;
		} else if (opt == OPT_TIMES) {
			times = atoi(optarg);
		} else if (!set_option(&options, opt, optarg)) {
			fputs(usage, stderr);
			return 2;
		}
	}
	if (!options.print && fuzz_unable()) {
		fprintf(stderr, "fuzz: %s\n", fuzz_unable());
		return 77;
	}
	if (corpus)
		return run_corpus(&options);
	return replay ? corpus_replay(&options, replay, times) : fuzz_run(&options);
}

static void igt_tests(void)
{
	igt_fixture
	{
		igt_require_f(!fuzz_unable(), "%s\n", fuzz_unable());
	}

	for (size_t i = 0; i < MODES; i++) {
		igt_describe(modes[i].what);
		igt_subtest(modes[i].name)
		{
			struct fuzz_options options = defaults();

			options.mode = modes[i].mode;
			igt_assert_eq(fuzz_run(&options), 0);
		}
	}

	igt_describe("Programs that found something once find nothing now.");
	igt_subtest("corpus")
	{
		struct fuzz_options options = defaults();

		igt_assert_eq(run_corpus(&options), 0);
	}
}

static bool is_own_option(const char *text)
{
	for (const struct option *option = long_options; option->name; option++)
		if (!strncmp(text, "--", 2) &&
		    !strncmp(text + 2, option->name, strcspn(text + 2, "=")) &&
		    strlen(option->name) == strcspn(text + 2, "="))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (is_own_option(argv[i]))
			return plain(argc, argv);
	igt_subtest_init_parse_opts(&argc, argv, NULL, NULL, NULL, NULL, NULL);
	igt_tests();
	igt_exit();
}
