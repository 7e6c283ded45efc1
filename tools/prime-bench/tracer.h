/* SPDX-License-Identifier: MIT */
/*
 * Durations and counts of functions of the kernel, by tracefs. Whatever fails ends
 * the program with a message.
 */
#ifndef TRACER_H
#define TRACER_H

/**
 * struct tracer_sum - what was seen of a function
 * @calls: how often it was called
 * @ns: how long it took, all calls together
 */
struct tracer_sum {
	unsigned int calls;
	double ns;
};

/**
 * tracer_start - trace functions from now on, and nothing else
 * @functions: their names, separated by blanks
 */
void tracer_start(const char *functions);

/**
 * tracer_take - say what was seen since the last call, and forget it
 * @function: one of those that are traced; the others' calls are forgotten too
 *	unless @keep
 * @keep: leave what was seen for another call
 *
 * Return: its calls.
 */
struct tracer_sum tracer_take(const char *function, int keep);

/**
 * tracer_stop - trace nothing any more
 */
void tracer_stop(void);

#endif
