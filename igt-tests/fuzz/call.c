// SPDX-License-Identifier: MIT
/*
 * All calls there are, from the tables of the topics, numbered. The generator draws
 * from them, the runner looks them up. Knows nothing of what they do.
 */
#include "call.h"

#include <string.h>

#define MAX_CALLS 256

static const struct call *const tables[] = {
	gem_calls,
	prime_calls,
	fence_calls,
	syncobj_calls,
	kms_calls,
	screen_calls,
	atomic_calls,
	consumer_calls,
	video_calls,
	memory_calls,
	file_calls,
	attack_calls,
	plug_calls,
};

static const struct call *calls[MAX_CALLS];
static unsigned int count;

static void number_calls(void)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct call *call = tables[i]; call->name && count < MAX_CALLS; call++)
			calls[count++] = call;
}

unsigned int call_count(void)
{
	if (!count)
		number_calls();
	return count;
}

const struct call *call_at(unsigned int index)
{
	return index < call_count() ? calls[index] : NULL;
}

int call_by_name(const char *name)
{
	for (unsigned int i = 0; i < call_count(); i++)
		if (!strcmp(calls[i]->name, name))
			return i;
	return -1;
}

unsigned int call_takes(const struct call *call)
{
	unsigned int n = 0;

	while (n < CALL_MAX_TAKES && call->takes[n].kind)
		n++;
	return n;
}

static unsigned int weight(const struct call *call, unsigned int mode, enum kind made)
{
	if (!(call->modes & mode))
		return 0;
	if (!made)
		return call->weight;
	for (unsigned int i = !!(call->modes & MODE_PASSED); i < CALL_MAX_MAKES; i++)
		if (kind_accepts(made, call->makes[i]))
			return call->weight;
	return 0;
}

static int draw(struct random *random, unsigned int mode, enum kind made)
{
	unsigned int total = 0, left;

	for (unsigned int i = 0; i < call_count(); i++)
		total += weight(calls[i], mode, made);
	if (!total)
		return -1;
	left = random_below(random, total);
	for (unsigned int i = 0; i < call_count(); i++) {
		unsigned int own = weight(calls[i], mode, made);

		if (left < own)
			return i;
		left -= own;
	}
	return -1;
}

int call_draw(struct random *random, unsigned int mode, enum kind made)
{
	int drawn = draw(random, mode, made);

	while (!made && drawn >= 0 && calls[drawn]->modes & MODE_RARE &&
	       random_chance(random, 90))
		drawn = draw(random, mode, made);
	return drawn;
}
