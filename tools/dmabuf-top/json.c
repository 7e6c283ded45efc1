// SPDX-License-Identifier: MIT
/*
 * A snapshot as JSON. The keys are an interface: dmabuf-top(1) documents them,
 * and they are there in every object. What is not known is null.
 */
#include "json.h"

#include <stdlib.h>

#include "text.h"

static void put_text(FILE *file, const char *key, const char *text)
{
	fprintf(file, ", \"%s\": ", key);
	text_json(file, text);
}

/* Texts that are empty when they are not known. */
static void put_text_or_null(FILE *file, const char *key, const char *text)
{
	if (*text)
		put_text(file, key, text);
	else
		fprintf(file, ", \"%s\": null", key);
}

static void put_number(FILE *file, const char *key, bool known, unsigned long long number)
{
	if (known)
		fprintf(file, ", \"%s\": %llu", key, number);
	else
		fprintf(file, ", \"%s\": null", key);
}

static void put_bool(FILE *file, const char *key, bool known, bool value)
{
	fprintf(file, ", \"%s\": %s", key, !known ? "null" : value ? "true" :
								     "false");
}

static void put_creator(FILE *file, const struct buffer *buffer)
{
	if (!buffer->created) {
		fputs(", \"creator\": null", file);
		return;
	}
	fprintf(file, ", \"creator\": { \"pid\": %d", buffer->pid);
	put_text(file, "comm", buffer->comm);
	put_number(file, "cgroup", true, buffer->cgroup);
	fputs(" }", file);
}

static void put_attachments(FILE *file, const struct buffer *buffer)
{
	fputs(", \"attachments\": [", file);
	for (size_t i = 0; i < buffer->num_attachments; i++) {
		const struct attachment *attachment = &buffer->attachments[i];
		bool known = attachment->counted;

		fprintf(file, "%s{ \"device\": ", i ? ", " : " ");
		text_json(file, attachment->device);
		put_text_or_null(file, "driver", attachment->driver);
		put_text_or_null(file, "caller", attachment->caller);
		put_bool(file, "dynamic", known, attachment->dynamic);
		put_number(file, "maps", known, attachment->maps);
		put_number(file, "mappings", known, attachment->mappings);
		put_number(file, "pins", known, attachment->pins);
		fputs(" }", file);
	}
	fputs(buffer->num_attachments ? " ]" : "]", file);
}

static void put_processes(FILE *file, const struct buffer *buffer)
{
	fputs(", \"processes\": [", file);
	for (size_t i = 0; i < buffer->num_holders; i++) {
		const struct holder *holder = &buffer->holders[i];

		fprintf(file, "%s{ \"pid\": %d", i ? ", " : " ", holder->pid);
		put_text(file, "comm", holder->comm);
		put_number(file, "fds", true, holder->fds);
		put_number(file, "maps", true, holder->maps);
		put_number(file, "mapped_bytes", true, holder->mapped);
		fputs(" }", file);
	}
	fputs(buffer->num_holders ? " ]" : "]", file);
}

static void put_buffer(FILE *file, const struct buffer *buffer)
{
	fprintf(file, "    { \"inode\": %llu", (unsigned long long)buffer->inode);
	put_number(file, "size", true, buffer->size);
	put_text(file, "exporter", buffer->exporter);
	put_text_or_null(file, "name", buffer->name);
	put_number(file, "references", true, buffer->refs);
	put_number(file, "other_references", true, buffer_other_refs(buffer));
	put_number(file, "fds", true, buffer_fds(buffer));
	put_number(file, "maps", true, buffer_maps(buffer));
	put_number(file, "vmaps", buffer->accounted, buffer->vmaps);
	put_number(file, "fences", buffer->accounted, buffer->fences);
	put_number(file, "cpu_access", buffer->accounted, buffer->cpu_access);
	put_bool(file, "revoked", buffer->accounted, buffer->revoked);
	put_number(file, "age_ms", buffer->created, buffer->age_ms);
	put_creator(file, buffer);
	put_attachments(file, buffer);
	put_processes(file, buffer);
	fputs(" }", file);
}

static void put_missing(FILE *file, const struct snapshot *snapshot)
{
	char text[128];

	fputs("  \"missing\": [", file);
	for (unsigned int i = 0; snapshot_missing(snapshot, i, text, sizeof(text)); i++) {
		fputs(i ? ", " : " ", file);
		text_json(file, text);
	}
	fputs(" ],\n", file);
}

void json_print(FILE *file, const struct snapshot *snapshot, enum order order, bool reverse)
{
	static const char *const sources[] = {
		[SOURCE_BUFFERS] = "buffers",
		[SOURCE_BUFINFO] = "bufinfo",
		[SOURCE_PROC] = "proc",
	};
	const struct buffer **sorted = order_sort(snapshot, order, reverse);
	unsigned long long bytes = 0;

	for (size_t i = 0; i < snapshot->num_buffers; i++)
		bytes += snapshot->buffers[i].size;
	fprintf(file, "{\n  \"source\": \"%s\",\n", sources[snapshot->source]);
	put_missing(file, snapshot);
	fprintf(file, "  \"count\": %zu,\n  \"bytes\": %llu,\n  \"buffers\": [",
		snapshot->num_buffers, bytes);
	for (size_t i = 0; i < snapshot->num_buffers; i++) {
		fputs(i ? ",\n" : "\n", file);
		put_buffer(file, sorted[i]);
	}
	fputs(snapshot->num_buffers ? "\n  ]\n}\n" : "]\n}\n", file);
	free(sorted);
}
