/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdint.h>
#include <stdio.h>

#include "call.h"
#include "value.h"

/* A line is referred to by a byte. */
#define PROGRAM_MAX_LINES 240
#define PROGRAM_MAX_THREADS 4

enum source {
	/* a number as it stands */
	SOURCE_NUMBER,
	/* what an earlier line of the program made */
	SOURCE_LINE,
	/* what any program made of late, of this kind */
	SOURCE_BOARD,
	/* a part of the screen */
	SOURCE_PART,
};

/**
 * struct argument - one of a line
 * @source: where the number is from
 * @kind: of the board's entry or the part
 * @index: of the line, the board's entry or the part
 * @made: which of the line's results
 * @number: SOURCE_NUMBER
 */
struct argument {
	uint8_t source;
	uint8_t kind;
	uint8_t index;
	uint8_t made;
	uint64_t number;
};

/* How a line's ioctl is made. */
/* the kernel's answer goes to memory that is slow to come */
#define HOW_SLOW 0x1
/* the answer can't be written */
#define HOW_READ_ONLY 0x2
/* the argument ends where memory does */
#define HOW_SHORT 0x4
/* as a 32-bit program would */
#define HOW_COMPAT 0x8
/* no descriptor is left */
#define HOW_FULL 0x10
/* an allocation fails */
#define HOW_FAIL 0x20

/**
 * struct line - one call of a program
 * @call: number of the call
 * @thread: 0: nothing else runs; otherwise together with the neighbours that have one
 * @how: HOW_*
 * @nth: with HOW_FAIL: which allocation
 * @args: as many as the call takes
 */
struct line {
	uint16_t call;
	uint8_t thread;
	uint8_t how;
	uint16_t nth;
	struct argument args[CALL_MAX_TAKES];
};

struct program {
	uint32_t count;
	uint32_t width;
	uint32_t height;
	struct line lines[PROGRAM_MAX_LINES];
};

/* Only the lines there are: most programs are short beside the longest. */
void program_copy(struct program *to, const struct program *from);

/* A new one; @threads run at a time at most. */
void program_generate(struct program *program, struct random *random, unsigned int mode,
		      unsigned int threads);

/* Changes some of it. */
void program_mutate(struct program *program, struct random *random, unsigned int mode,
		    unsigned int threads);

/* Whether it can be run: each line has a call, and is about lines before it. */
bool program_is_whole(const struct program *program);

/* As text: one call a line, "r3 = gem_create r0 0x1000 0x0". */
void program_print(const struct program *program, FILE *file);

/* The other way; on an error it says on stderr in which line, and gives -1. */
int program_parse(struct program *program, FILE *file, const char *name);

#endif
