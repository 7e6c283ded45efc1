// SPDX-License-Identifier: MIT
/*
 * Makes programs and changes them. A call is drawn by its weight; what it takes comes
 * from earlier lines, which are added when there are none, or is wrong on purpose.
 * Everything follows from the random numbers. Runs nothing.
 */
#include <string.h>

#include "program.h"
#include "run.h"

#define MAX_DEPTH 5

/* Small pictures mostly: what a page or a pixel shows is shown by few of them. */
static const struct {
	uint16_t width, height;
} sizes[] = {
	{ 64, 64 },
	{ 64, 64 },
	{ 64, 64 },
	{ 64, 64 },
	{ 64, 64 },
	{ 64, 64 },
	{ 64, 48 },
	{ 64, 48 },
	{ 128, 96 },
	{ 128, 96 },
	{ 160, 120 },
	{ 65, 33 },
	{ 63, 65 },
	{ 3, 1 },
	{ 640, 480 },
	{ 640, 480 },
	{ 800, 600 },
	{ 1024, 768 },
};

/**
 * struct drawing - what a line's arguments are drawn by
 * @mode: calls that make something are of it
 * @depth: how many lines wait for what this one makes; MAX_DEPTH: nothing is made
 * @end: lines before that one can be referred to
 * @wildness: how many of 100 are wrong on purpose
 */
struct drawing {
	unsigned int mode;
	unsigned int depth;
	unsigned int end;
	uint8_t wildness;
};

static int add(struct program *program, struct random *random, unsigned int mode, int call,
	       unsigned int depth, const struct argument *file);

static const struct call *call_of(const struct program *program, unsigned int line)
{
	return call_at(program->lines[line].call);
}

static bool same_argument(const struct argument *a, const struct argument *b)
{
	return a->source == b->source && a->index == b->index && a->made == b->made &&
	       a->number == b->number;
}

/* Of a call that ends something: which argument that is. */
static unsigned int ended_argument(const struct call *call)
{
	unsigned int last = 0;

	for (unsigned int i = 1; i < call_takes(call); i++)
		if (call->takes[i].kind <= KIND_LAST_NAME)
			last = i;
	return last;
}

/* Which lines made what a line before @end closed or gave back. */
static void find_ended(const struct program *program, unsigned int end, bool *ended)
{
	for (unsigned int i = 0; i < end; i++) {
		const struct call *call = call_of(program, i);
		const struct argument *argument;

		ended[i] = false;
		if (!(call->modes & MODE_ENDS))
			continue;
		argument = &program->lines[i].args[ended_argument(call)];
		if (argument->source == SOURCE_LINE)
			ended[argument->index] = true;
	}
}

/* A line before @end that makes @kind; unless @file is NULL, through that file. */
static bool find_maker(const struct program *program, struct random *random, unsigned int end,
		       const struct argument *file, enum kind kind, struct argument *argument)
{
	bool ended[PROGRAM_MAX_LINES];
	unsigned int seen = 0;

	find_ended(program, end, ended);
	for (unsigned int i = 0; i < end; i++)
		for (unsigned int made = 0; made < CALL_MAX_MAKES; made++) {
			if (!kind_accepts(kind, call_of(program, i)->makes[made]) ||
			    (file && !same_argument(file, &program->lines[i].args[0])) ||
			    (ended[i] && !random_chance(random, 10)))
				continue;
			/* Late ones are likelier than early ones. */
			if (seen++ && random_below(random, seen + 1) > 1)
				continue;
			*argument = (struct argument){ .source = SOURCE_LINE,
						       .index = i,
						       .made = made };
		}
	return seen;
}

/* A result of whatever kind, or one that is gone. */
static struct argument wrong_result(struct random *random, unsigned int line)
{
	return (struct argument){ .source = line ? SOURCE_LINE : SOURCE_NUMBER,
				  .index = line ? random_below(random, line) : 0,
				  .made = 0 };
}

static struct argument from_board(struct random *random, enum kind kind)
{
	return (struct argument){ .source = SOURCE_BOARD,
				  .kind = kind,
				  .index = random_below(random, BOARD_ENTRIES) };
}

static struct argument part(struct random *random, enum kind kind)
{
	return (struct argument){ .source = SOURCE_PART,
				  .kind = kind,
				  .index = random_below(random, kind == KIND_PROPERTY ? 64 : 6) };
}

static struct argument number(uint64_t number)
{
	return (struct argument){ .source = SOURCE_NUMBER, .number = number };
}

/* One that takes the place of a result: names are small numbers mostly. */
static struct argument draw_wrong(struct random *random, unsigned int line, enum kind kind)
{
	switch (random_below(random, 4)) {
	case 0:
		return kind > KIND_LAST_FD ? from_board(random, kind) : wrong_result(random, line);
	case 1:
		return number(random_below(random, 16));
	case 2:
		return number(value_boundary(random));
	default:
		return wrong_result(random, line);
	}
}

/* A result, which is made if need be: names by the file that the line is about. */
static struct argument draw_result(struct program *program, struct random *random,
				   const struct drawing *drawing, const struct line *line,
				   unsigned int index)
{
	enum kind kind = call_at(line->call)->takes[index].kind;
	const struct argument *file = index && kind > KIND_LAST_FD ? &line->args[0] : NULL;
	struct argument drawn;
	int maker;

	if (find_maker(program, random, drawing->end, file, kind, &drawn))
		return drawn;
	maker = drawing->depth < MAX_DEPTH ? call_draw(random, drawing->mode, kind) : -1;
	if (maker >= 0) {
		add(program, random, drawing->mode, maker, drawing->depth + 1, file);
		if (find_maker(program, random, program->count, file, kind, &drawn) ||
		    find_maker(program, random, program->count, NULL, kind, &drawn))
			return drawn;
	}
	return draw_wrong(random, drawing->end, kind);
}

static struct argument draw(struct program *program, struct random *random,
			    const struct drawing *drawing, const struct line *line,
			    unsigned int index)
{
	const struct taken *taken = &call_at(line->call)->takes[index];
	bool wrong = random_chance(random, drawing->wildness);

	if (taken->kind > KIND_LAST_PART)
		return number(wrong ? value_boundary(random) :
				      value_ordinary(random, taken, program->width,
						     program->height));
	if (wrong)
		return draw_wrong(random, drawing->end, taken->kind);
	if (taken->kind > KIND_LAST_NAME)
		return part(random, taken->kind);
	return draw_result(program, random, drawing, line, index);
}

static void draw_how(struct random *random, struct line *line)
{
	line->how = 0;
	if (random_chance(random, 85))
		return;
	line->how = 1 << random_below(random, 6);
	if (line->how == HOW_FAIL)
		line->nth = 1 + random_below(random, random_chance(random, 70) ? 12 : 60);
}

/* Most lines are in order, so that something comes of the program. */
static uint8_t draw_wildness(struct random *random, unsigned int depth)
{
	return random_chance(random, depth ? 5 : 30) ? 20 : 0;
}

/* Adds a line for @call, and before it lines that make what it takes; @file comes first. */
static int add(struct program *program, struct random *random, unsigned int mode, int call,
	       unsigned int depth, const struct argument *file)
{
	struct drawing drawing = { .mode = mode,
				   .depth = depth,
				   .wildness = draw_wildness(random, depth) };
	struct line line = { .call = call };

	if (call < 0 || program->count >= PROGRAM_MAX_LINES)
		return -1;
	for (unsigned int i = 0; i < call_takes(call_at(call)); i++) {
		drawing.end = program->count;
		if (!i && file)
			line.args[0] = *file;
		else
			line.args[i] = draw(program, random, &drawing, &line, i);
	}
	if (program->count >= PROGRAM_MAX_LINES)
		return -1;
	if (!depth)
		draw_how(random, &line);
	program->lines[program->count++] = line;
	return 0;
}

/* Some neighbours at the end run at a time. */
static void draw_threads(struct program *program, struct random *random, unsigned int threads)
{
	unsigned int from;

	for (unsigned int i = 0; i < program->count; i++)
		program->lines[i].thread = 0;
	if (threads < 2 || program->count < 4 || !random_chance(random, 40))
		return;
	from = program->count / 3 + random_below(random, program->count / 3);
	for (unsigned int i = from; i < program->count; i++)
		program->lines[i].thread = 1 + random_below(random, threads);
}

/* Long ones mostly: to open what a program is about, and to drop it, is dear. */
static unsigned int draw_length(struct random *random)
{
	unsigned int longest = random_chance(random, 25) ? 40 : PROGRAM_MAX_LINES - 30;

	return 6 + random_below(random, longest);
}

void program_generate(struct program *program, struct random *random, unsigned int mode,
		      unsigned int threads)
{
	unsigned int size = random_below(random, sizeof(sizes) / sizeof(sizes[0]));
	unsigned int wanted = draw_length(random);

	program->count = 0;
	program->width = sizes[size].width;
	program->height = sizes[size].height;
	while (program->count < wanted &&
	       !add(program, random, mode, call_draw(random, mode, KIND_NONE), 0, NULL))
		;
	draw_threads(program, random, threads);
}

/* Makes place for a line at @at, or closes it; who refers to later ones is moved along. */
static void shift(struct program *program, unsigned int at, int by)
{
	for (unsigned int i = 0; i < program->count; i++)
		for (unsigned int j = 0; j < CALL_MAX_TAKES; j++) {
			struct argument *argument = &program->lines[i].args[j];

			if (argument->source != SOURCE_LINE || argument->index < at)
				continue;
			if (by < 0 && argument->index == at)
				*argument = number(3);
			else
				argument->index += by;
		}
}

static void remove_line(struct program *program, unsigned int at)
{
	shift(program, at, -1);
	program->count--;
	memmove(&program->lines[at], &program->lines[at + 1],
		(program->count - at) * sizeof(program->lines[0]));
}

static void change(struct program *program, struct random *random, unsigned int mode)
{
	unsigned int at = random_below(random, program->count);
	struct drawing drawing = { .mode = mode, .depth = MAX_DEPTH, .end = at, .wildness = 30 };
	struct line *line = &program->lines[at];
	unsigned int takes = call_takes(call_of(program, at));
	unsigned int index;

	if (takes && random_chance(random, 80)) {
		index = random_below(random, takes);
		line->args[index] = draw(program, random, &drawing, line, index);
	} else {
		draw_how(random, line);
	}
}

void program_mutate(struct program *program, struct random *random, unsigned int mode,
		    unsigned int threads)
{
	unsigned int changes = 1 + random_below(random, 4 + program->count / 8);

	while (changes--) {
		switch (program->count ? random_below(random, 7) : 0) {
		case 0:
		case 1:
		case 2:
			add(program, random, mode, call_draw(random, mode, KIND_NONE), 0, NULL);
			break;
		case 3:
			remove_line(program, random_below(random, program->count));
			break;
		default:
			change(program, random, mode);
		}
	}
	draw_threads(program, random, threads);
}
