// SPDX-License-Identifier: MIT
/*
 * Reads what the project's own core tells programs of its buffers. Keys that are
 * not known are left alone, as a later core may have more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read_debugfs.h"
#include "text.h"

/* The value's place in the line, or NULL; keys are preceded by a tab. */
static const char *find_value(const char *line, const char *key)
{
	size_t length = strlen(key);

	for (const char *tab = strchr(line, '\t'); tab; tab = strchr(tab + 1, '\t'))
		if (!strncmp(tab + 1, key, length) && tab[1 + length] == '=')
			return tab + length + 2;
	return NULL;
}

static bool get_number(const char *line, const char *key, uint64_t *number)
{
	const char *value = find_value(line, key);

	*number = value ? strtoull(value, NULL, 10) : 0;
	return value;
}

static unsigned int number_of(const char *line, const char *key)
{
	uint64_t number;

	get_number(line, key, &number);
	return number;
}

static void get_text(const char *line, const char *key, char *text)
{
	const char *value = find_value(line, key);
	char escaped[4 * TEXT_LEN] = "";

	if (value)
		snprintf(escaped, sizeof(escaped), "%.*s", (int)strcspn(value, "\t\n"), value);
	text_unescape(escaped);
	snprintf(text, TEXT_LEN, "%.*s", TEXT_LEN - 1, escaped);
}

static void read_buffer(struct snapshot *snapshot, const char *line, uint64_t inode)
{
	struct buffer *buffer = snapshot_add(snapshot, inode);
	uint64_t number;

	get_number(line, "size", &buffer->size);
	get_number(line, "refs", &number);
	buffer->refs = number;
	get_text(line, "exporter", buffer->exporter);
	get_text(line, "name", buffer->name);
	buffer->accounted = true;
	buffer->vmaps = number_of(line, "vmaps");
	buffer->fences = number_of(line, "fences");
	buffer->revoked = number_of(line, "revoked");
	buffer->cpu_access = number_of(line, "cpu_access");
	/* One that another core made before this one was loaded has no creator. */
	buffer->created = get_number(line, "pid", &number);
	buffer->pid = number;
	get_number(line, "cgroup", &buffer->cgroup);
	get_number(line, "age_ms", &buffer->age_ms);
	get_text(line, "comm", buffer->comm);
}

static void read_attachment(struct snapshot *snapshot, const char *line, uint64_t inode)
{
	struct buffer *buffer = snapshot_find(snapshot, inode);
	struct attachment *attachment;

	if (!buffer)
		return;
	attachment = buffer_add_attachment(buffer);
	get_text(line, "device", attachment->device);
	get_text(line, "driver", attachment->driver);
	get_text(line, "caller", attachment->caller);
	attachment->counted = find_value(line, "maps") && !number_of(line, "adopted");
	attachment->dynamic = number_of(line, "dynamic");
	attachment->maps = number_of(line, "maps");
	attachment->mappings = number_of(line, "mappings");
	attachment->pins = number_of(line, "pins");
}

bool read_buffers(struct snapshot *snapshot)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/buffers", "re");
	char *line = NULL;
	size_t size = 0;
	uint64_t inode;

	if (!file)
		return false;
	while (getline(&line, &size, file) > 0) {
		if (!get_number(line, "ino", &inode))
			continue;
		if (!strncmp(line, "buffer\t", 7))
			read_buffer(snapshot, line, inode);
		else if (!strncmp(line, "attachment\t", 11))
			read_attachment(snapshot, line, inode);
	}
	free(line);
	fclose(file);
	return true;
}
