/* SPDX-License-Identifier: MIT */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define PROGRAM_MAX_ARGUMENTS 16

/**
 * struct program - vprime-grab at work
 * @pid: its process
 * @out: what it prints, as it comes
 */
struct program {
	pid_t pid;
	FILE *out;
};

/* Both assert. @arguments is what comes after the name, with NULL at its end. */
void program_start(struct program *program, const char *const *arguments);

/* Waits and gives its exit status; what it still prints is lost. */
int program_end(struct program *program);

/* Start and end; what it prints is lost. */
int program_run(const char *const *arguments);

/* The same of one that may fail: what it says of that is lost too. */
int program_try(const char *const *arguments);

/* Ends one that a failed subtest left behind. */
void program_forget(void);

/* The next line it prints is that of a frame: gives its sequence number. */
uint64_t program_frame(struct program *program, char *line, size_t size);

#endif
