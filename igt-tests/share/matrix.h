/* SPDX-License-Identifier: MIT */
#ifndef SHARE_MATRIX_H
#define SHARE_MATRIX_H

#include <stdio.h>
#include <sys/types.h>

#include "share.h"

/**
 * struct child - a process that takes one side
 * @pid: the process, 0 when there is none
 * @socket: to it; it has the other end
 */
struct child {
	pid_t pid;
	int socket;
};

/**
 * struct hold - a fence of vgem's on a buffer of anybody's
 * @card: the open vgem; closing it signals the fence; -1 when there is none
 * @fence: the fence
 */
struct hold {
	int card;
	uint32_t fence;
};

/**
 * struct exchange - a cell of the matrix at work
 * @source: one side; its exporter is set when a check begins
 * @user: the other side; its importer is set
 * @child: the process that takes one of them
 * @hold: who holds the buffer
 * @expected: a picture, seen by children too
 * @drawn: another
 * @dmabufs: how many there were when the check began
 */
struct exchange {
	struct source source;
	struct user user;
	struct child child;
	struct hold hold;
	uint32_t *expected;
	uint32_t *drawn;
	int dmabufs;
};

/**
 * struct check - what is made sure of in every cell
 * @name: of the subtest, which has a dynamic one for each cell
 * @about: what it makes sure of
 * @run: does it
 */
struct check {
	const char *name;
	const char *about;
	void (*run)(struct exchange *exchange);
};

/* Runs the checks that were asked for, each in every cell. */
void run_checks(const struct check *checks, size_t count);

#define RUN_CHECKS(table) run_checks(table, sizeof(table) / sizeof((table)[0]))

/* Writes one line for each cell, and for each that can't be with its reason. */
void matrix_list(FILE *file);

/* The steps of a check. All of them assert. */

/* A new buffer of the exporter's; skips where it can't be. */
void exchange_make(struct exchange *exchange);

/* The exporter's process writes: begins, or has ended. */
void exchange_bracket(const struct exchange *exchange, bool begin);

/* Another picture by the exporter's door, kept in @expected. */
void exchange_fill(struct exchange *exchange, unsigned int turn);

/* The importer's device. */
void exchange_open(struct exchange *exchange);

/* Imports; skips when the device can't reach the memory, or can't have it mapped. */
void exchange_import(struct exchange *exchange);

/* Whether @ret says that the exporter has pieces longer than what the DMA API maps here. */
bool exchange_is_too_long(const struct exchange *exchange, int ret);

/* What the importer can: look for @expected, or draw. */
void exchange_use(struct exchange *exchange, unsigned int turn);

/* One side goes. */
void exchange_close_source(struct exchange *exchange);
void exchange_drop(struct exchange *exchange);
void exchange_close_user(struct exchange *exchange);

/* Opens, imports and drops, so that what has to skip does, before there are children. */
void exchange_try(struct exchange *exchange);

/*
 * A process that runs @body and exits with 0 when it returns. It has a copy of the
 * exchange and one end of a socket. What it asserts fails its parent's
 * child_join().
 */
void child_start(struct exchange *exchange, void (*body)(struct exchange *exchange, int socket));
void child_join(struct exchange *exchange);
void child_kill(struct exchange *exchange);

/* A byte, either way: "I am there". The parent asserts that it comes. */
void child_say(int socket);
void child_hear(const struct exchange *exchange);

/* Whether the child says something within the time. */
bool child_says(const struct exchange *exchange, int timeout_ms);

/* For a child: the next byte of the parent, or never. */
void child_wait(int socket);

/* Somebody reads, or writes, the buffer until hold_end(); skips without vgem. */
void hold_begin(struct exchange *exchange, int fd, bool write);
void hold_end(struct exchange *exchange);

/* The parts of vprime_share. */
void content_checks(void);
void lifetime_checks(void);
void error_checks(void);
void fence_checks(void);
void display_subtests(void);
void format_subtests(void);
void limit_subtests(void);
void race_subtests(void);

#endif
