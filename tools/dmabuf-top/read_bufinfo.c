// SPDX-License-Identifier: MIT
/*
 * Reads bufinfo, which every core has. It is made for people: a buffer's name
 * stands in it as a program gave it, newlines and all. But a name has 31
 * characters at most, which is too short for a buffer's first line; and the list
 * of devices is the last one that its title precedes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read_debugfs.h"

#define TITLE "\tAttached Devices:\n"

/* A number of eight digits or more and what follows it, or NULL. */
static const char *skip_number(const char *text, int base, unsigned long long *number)
{
	char *end;

	*number = strtoull(text, &end, base);
	return end - text >= 8 && *end == '\t' ? end + 1 : NULL;
}

/* size, flags, mode, count, exporter, inode, name */
static struct buffer *read_first_line(struct snapshot *snapshot, const char *line)
{
	unsigned long long size, count, inode, unused;
	const char *exporter, *rest;
	struct buffer *buffer;
	size_t length;

	rest = skip_number(line, 10, &size);
	rest = rest ? skip_number(rest, 16, &unused) : NULL;
	rest = rest ? skip_number(rest, 16, &unused) : NULL;
	exporter = rest ? skip_number(rest, 10, &count) : NULL;
	length = exporter ? strcspn(exporter, "\t") : 0;
	rest = length && exporter[length] ? skip_number(exporter + length + 1, 10, &inode) : NULL;
	if (!rest)
		return NULL;

	buffer = snapshot_add(snapshot, inode);
	buffer->size = size;
	buffer->refs = count;
	snprintf(buffer->exporter, TEXT_LEN, "%.*s", (int)length, exporter);
	if (strcmp(rest, "<none>\n"))
		snprintf(buffer->name, TEXT_LEN, "%.*s", (int)strcspn(rest, "\n"), rest);
	return buffer;
}

static void read_line(const char *line, struct buffer *buffer, bool *devices)
{
	struct attachment *attachment;

	if (!strcmp(line, TITLE)) {
		*devices = true;
		buffer->num_attachments = 0;
		free(buffer->attachments);
		buffer->attachments = NULL;
	} else if (*devices && line[0] == '\t') {
		attachment = buffer_add_attachment(buffer);
		snprintf(attachment->device, TEXT_LEN, "%.*s", (int)strcspn(line + 1, "\n"),
			 line + 1);
	}
}

bool read_bufinfo(struct snapshot *snapshot)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/bufinfo", "re");
	struct buffer *buffer = NULL, *next;
	bool devices = false;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return false;
	while (getline(&line, &size, file) > 0) {
		next = read_first_line(snapshot, line);
		if (next) {
			buffer = next;
			devices = false;
		} else if (buffer) {
			read_line(line, buffer, &devices);
		}
	}
	free(line);
	fclose(file);
	return true;
}
