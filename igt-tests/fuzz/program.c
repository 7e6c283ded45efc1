// SPDX-License-Identifier: MIT
/*
 * Programs as text, as they stand in corpus/ and in reports:
 *
 *	size 640 480
 *	r0 = open_render 0x0
 *	r1 = gem_create r0 0x1000 0x0
 *	@1 slow fail=3 r2 = prime_export r0 r1 0x2
 *
 * A line's label is the name of its results: r2, r2.1, r2.2. plane[1] is a part of
 * the screen, board.fb[3] what some program made of late; all else are numbers. @1 and
 * @2 are threads that run at a time. Lines that begin with # are left alone.
 */
#include "program.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	unsigned int how;
} hows[] = {
	{ "slow", HOW_SLOW },
	{ "read-only", HOW_READ_ONLY },
	{ "short", HOW_SHORT },
	{ "compat", HOW_COMPAT },
	{ "full", HOW_FULL },
	{ "fail", HOW_FAIL },
};

#define HOWS (sizeof(hows) / sizeof(hows[0]))

void program_copy(struct program *to, const struct program *from)
{
	/* Another process may be writing it just now. */
	uint32_t count = from->count <= PROGRAM_MAX_LINES ? from->count : 0;

	to->count = count;
	to->width = from->width;
	to->height = from->height;
	memcpy(to->lines, from->lines, count * sizeof(from->lines[0]));
}

static void print_argument(const struct argument *argument, FILE *file)
{
	switch (argument->source) {
	case SOURCE_LINE:
		fprintf(file, argument->made ? " r%u.%u" : " r%u", argument->index,
			argument->made);
		break;
	case SOURCE_BOARD:
		fprintf(file, " board.%s[%u]", kind_name(argument->kind), argument->index);
		break;
	case SOURCE_PART:
		fprintf(file, " %s[%u]", kind_name(argument->kind), argument->index);
		break;
	default:
		fprintf(file, " %#llx", (unsigned long long)argument->number);
	}
}

void program_print(const struct program *program, FILE *file)
{
	fprintf(file, "size %u %u\n", program->width, program->height);
	for (unsigned int i = 0; i < program->count; i++) {
		const struct line *line = &program->lines[i];
		const struct call *call = call_at(line->call);

		if (line->thread)
			fprintf(file, "@%u ", line->thread);
		for (unsigned int j = 0; j < HOWS; j++)
			if (line->how & hows[j].how)
				fprintf(file, hows[j].how == HOW_FAIL ? "%s=%u " : "%s ",
					hows[j].name, line->nth);
		fprintf(file, "r%u = %s", i, call->name);
		for (unsigned int j = 0; j < call_takes(call); j++)
			print_argument(&line->args[j], file);
		fputc('\n', file);
	}
}

bool program_is_whole(const struct program *program)
{
	if (program->count > PROGRAM_MAX_LINES)
		return false;
	for (unsigned int i = 0; i < program->count; i++) {
		const struct line *line = &program->lines[i];

		if (line->call >= call_count() || line->thread > PROGRAM_MAX_THREADS)
			return false;
		for (unsigned int j = 0; j < CALL_MAX_TAKES; j++)
			if (line->args[j].source > SOURCE_PART ||
			    line->args[j].kind >= KIND_COUNT ||
			    line->args[j].made >= CALL_MAX_MAKES ||
			    (line->args[j].source == SOURCE_LINE && line->args[j].index >= i))
				return false;
	}
	return true;
}

/**
 * struct reader - a text on its way to a program
 * @program: what there is by now
 * @labels: of its lines
 */
struct reader {
	struct program *program;
	unsigned int labels[PROGRAM_MAX_LINES];
};

static int find_label(const struct reader *reader, unsigned int label)
{
	for (unsigned int i = 0; i < reader->program->count; i++)
		if (reader->labels[i] == label)
			return i;
	return -1;
}

/* Fills in one argument; false if it is none. */
static bool parse_argument(const struct reader *reader, const char *word,
			   struct argument *argument)
{
	unsigned int index, made = 0;
	char kind[16], *end;
	int line;

	*argument = (struct argument){};
	if (sscanf(word, "r%u.%u", &index, &made) >= 1) {
		line = find_label(reader, index);
		argument->source = SOURCE_LINE;
		argument->index = line;
		argument->made = made;
		return line >= 0 && made < CALL_MAX_MAKES;
	}
	if (sscanf(word, "board.%15[a-z_][%u]", kind, &index) == 2)
		argument->source = SOURCE_BOARD;
	else if (sscanf(word, "%15[a-z_][%u]", kind, &index) == 2)
		argument->source = SOURCE_PART;
	if (argument->source) {
		argument->kind = kind_by_name(kind);
		argument->index = index;
		return argument->kind != KIND_NONE && argument->kind <= KIND_LAST_PART;
	}
	argument->number = strtoull(word, &end, 0);
	return !*end;
}

static bool parse_how(struct line *line, const char *word)
{
	if (word[0] == '@') {
		line->thread = atoi(word + 1);
		return line->thread <= PROGRAM_MAX_THREADS;
	}
	for (unsigned int i = 0; i < HOWS; i++) {
		size_t length = strlen(hows[i].name);

		if (strncmp(word, hows[i].name, length))
			continue;
		line->how |= hows[i].how;
		if (word[length] == '=')
			line->nth = atoi(word + length + 1);
		return true;
	}
	return false;
}

static bool parse_call(struct reader *reader, char **rest, struct line *line)
{
	char *word = strtok_r(NULL, " \t\n", rest);
	const struct call *call;
	int index;

	if (!word || strcmp(word, "="))
		return false;
	word = strtok_r(NULL, " \t\n", rest);
	index = word ? call_by_name(word) : -1;
	if (index < 0)
		return false;
	line->call = index;
	call = call_at(index);
	for (unsigned int i = 0; i < call_takes(call); i++) {
		word = strtok_r(NULL, " \t\n", rest);
		if (!word || !parse_argument(reader, word, &line->args[i]))
			return false;
	}
	return !strtok_r(NULL, " \t\n", rest);
}

static bool parse_line(struct reader *reader, char *text)
{
	struct program *program = reader->program;
	struct line line = {};
	char *rest, *word = strtok_r(text, " \t\n", &rest);
	unsigned int label;

	if (!word || word[0] == '#')
		return true;
	if (!strcmp(word, "size"))
		return sscanf(rest, "%u %u", &program->width, &program->height) == 2;
	while (word && sscanf(word, "r%u", &label) != 1) {
		if (!parse_how(&line, word))
			return false;
		word = strtok_r(NULL, " \t\n", &rest);
	}
	if (!word || sscanf(word, "r%u", &label) != 1 || program->count >= PROGRAM_MAX_LINES ||
	    !parse_call(reader, &rest, &line))
		return false;
	reader->labels[program->count] = label;
	program->lines[program->count++] = line;
	return true;
}

int program_parse(struct program *program, FILE *file, const char *name)
{
	struct reader reader = { .program = program };
	unsigned int number = 0;
	char text[512], copy[512];

	*program = (struct program){ .width = 640, .height = 480 };
	while (fgets(text, sizeof(text), file)) {
		number++;
		memcpy(copy, text, sizeof(copy));
		if (parse_line(&reader, text))
			continue;
		fprintf(stderr, "%s:%u: not a call: %s", name, number, copy);
		return -1;
	}
	return 0;
}
