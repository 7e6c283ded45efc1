/* SPDX-License-Identifier: MIT */
#ifndef CALL_H
#define CALL_H

#include <stddef.h>
#include <stdint.h>

#include "value.h"

#define CALL_MAX_TAKES 12
#define CALL_MAX_MAKES 3

/* Who may try a call. */
#define MODE_RENDER 0x1
#define MODE_CARD 0x2
#define MODE_UNPLUG 0x4
#define MODE_SCREEN (MODE_CARD | MODE_UNPLUG)
#define MODE_ALL (MODE_RENDER | MODE_CARD | MODE_UNPLUG)

/* Its first result was made before: who wants one gets another call. */
#define MODE_PASSED 0x8

/* It takes long: drawn a tenth as often as its weight says. */
#define MODE_RARE 0x10

/* What it takes last by name is gone then. */
#define MODE_ENDS 0x20

struct step;

/**
 * struct call - something that can be asked of the kernel
 * @name: in programs
 * @modes: where it is tried
 * @weight: how often, beside the others
 * @run: asks; the result is the first of @makes, or -1 and errno
 * @takes: its arguments; @run gets as many numbers
 * @makes: what comes of it; all but the first are told by step_made()
 */
struct call {
	const char *name;
	unsigned int modes;
	unsigned int weight;
	int64_t (*run)(struct step *step, const uint64_t *args);
	struct taken takes[CALL_MAX_TAKES];
	enum kind makes[CALL_MAX_MAKES];
};

/* A row of a topic's table; what is taken stands behind what is made. */
#define CALL(label, tried_in, often, function, made, ...)                \
	{                                                                \
		.name = label, .modes = tried_in, .weight = often,       \
		.run = function, .makes = made, .takes = { __VA_ARGS__ } \
	}
#define CALL_END { .name = NULL }
#define MAKES(...) { [0] = __VA_ARGS__ }
#define ANY(what) { .kind = KIND_##what }
#define MOST(what, most) { .kind = KIND_##what, .limit = most }

/* A topic's calls: a table that ends with an empty row. */
extern const struct call gem_calls[];
extern const struct call prime_calls[];
extern const struct call fence_calls[];
extern const struct call syncobj_calls[];
extern const struct call kms_calls[];
extern const struct call screen_calls[];
extern const struct call atomic_calls[];
extern const struct call consumer_calls[];
extern const struct call video_calls[];
extern const struct call memory_calls[];
extern const struct call file_calls[];
extern const struct call attack_calls[];
extern const struct call plug_calls[];

/* All of them, by number; the numbers change when a table does. */
unsigned int call_count(void);
const struct call *call_at(unsigned int index);
int call_by_name(const char *name);
unsigned int call_takes(const struct call *call);

/* A call of @mode by weight; one that makes @made unless that is KIND_NONE; or -1. */
int call_draw(struct random *random, unsigned int mode, enum kind made);

#endif
