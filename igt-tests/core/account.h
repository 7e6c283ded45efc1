/* SPDX-License-Identifier: MIT */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * Skips unless the project's own core runs: it alone keeps accounts. To be called
 * first: it also removes the rules that a failed subtest has left.
 */
void require_own_core(void);

/**
 * struct record - a line of the core's files for programs: a kind, then key=value
 * @text: the line; values as they are in it, escaped
 */
struct record {
	char text[1024];
};

/* The value of a key in a record; asserts that it is there. */
const char *record_text(const struct record *record, const char *key, char *value, size_t size);
long long record_number(const struct record *record, const char *key);

/*
 * The lines of /sys/kernel/debug/dma_buf/@file that begin with @kind and hold
 * "@key=@value": how many there are; the first goes to @record.
 */
unsigned int records_find(const char *file, const char *kind, const char *key,
			  const char *value, struct record *record);

/* The buffer itself, which has to be there; how many attachments it has. */
struct record buffer_record(ino_t inode);
unsigned int attachment_record(ino_t inode, struct record *record);
bool buffer_exists(ino_t inode);

/* How often a misuse was counted, by the words of the core's book. */
long long misuse_total(const char *what);

/* Writes one line to the core's fault file: 0 or an errno. */
int fault_write(const char *rule);

#endif
