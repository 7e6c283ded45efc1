/* SPDX-License-Identifier: MIT */
/*
 * What the programs *-bench have in common: their clock, and the options that say how
 * often, what alone, and in which form.
 */
#ifndef BENCH_H
#define BENCH_H

#include <argp.h>
#include <stdbool.h>
#include <time.h>

/**
 * struct bench - what the common options say
 * @repetitions: how often everything is measured; set before to what is usual
 * @only: the name of what is to be measured alone, or NULL
 * @json: print JSON
 */
struct bench {
	unsigned int repetitions;
	const char *only;
	bool json;
};

/* The common options, for &argp.children; the input is a struct bench. */
extern const struct argp bench_argp;

/**
 * bench_parse_count - read the number of an option, or end with a message
 * @state: of the parser that has the option
 * @text: what was given
 * @max: the largest that makes sense
 *
 * Return: a number from 1 to @max.
 */
unsigned int bench_parse_count(struct argp_state *state, const char *text, unsigned int max);

/**
 * bench_wants - ask whether something is to be measured
 * @bench: what the options say
 * @name: its name
 *
 * Return: true if it is.
 */
bool bench_wants(const struct bench *bench, const char *name);

/**
 * bench_print - print the results, as the options say
 * @bench: what the options say
 */
void bench_print(const struct bench *bench);

/* Nanoseconds of a clock that goes on; only differences mean something. */
static inline double bench_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

#endif
