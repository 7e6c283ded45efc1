// SPDX-License-Identifier: MIT
/*
 * Buffers as lines of text, for a terminal or a pipe: the table, its total, and
 * the devices and processes of one buffer. What is known of terminals is that
 * a text must not steer them.
 */
#include "table.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define SAFE_LEN (4 * TEXT_LEN)

static void put(FILE *file, unsigned int width, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void put(FILE *file, unsigned int width, const char *format, ...)
{
	char line[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	fprintf(file, "%.*s", width < INT_MAX ? (int)width : INT_MAX, line);
}

void table_heading(FILE *file, unsigned int width)
{
	put(file, width, "%10s %6s %6s %5s %4s %4s %4s %5s %5s %5s  %-17s %-22s %s",
	    "INODE", "SIZE", "AGE", "REFS", "FDS", "MAPS", "DEVS", "VMAPS", "FENCE", "OTHER",
	    "EXPORTER", "CREATOR", "NAME");
}

/* A number that only some cores tell. */
static const char *number_or_dash(bool known, unsigned int number, char *out, size_t size)
{
	snprintf(out, size, known ? "%u" : "-", number);
	return out;
}

/* Who made it; if that is not told, a process that has it, in brackets. */
static void put_creator(const struct buffer *buffer, char *out, size_t size)
{
	const struct holder *holder = buffer->num_holders ? &buffer->holders[0] : NULL;
	char comm[SAFE_LEN];

	if (buffer->created)
		snprintf(out, size, "%d %s", buffer->pid,
			 text_terminal(buffer->comm, comm, sizeof(comm)));
	else if (holder)
		snprintf(out, size, "[%d %s]", holder->pid,
			 text_terminal(holder->comm, comm, sizeof(comm)));
	else
		snprintf(out, size, "-");
}

void table_row(FILE *file, const struct buffer *buffer, unsigned int width)
{
	char exporter[SAFE_LEN], name[SAFE_LEN], creator[SAFE_LEN + 16];
	char size[16], age[24] = "-", vmaps[16], fences[16];

	put_creator(buffer, creator, sizeof(creator));
	if (buffer->created)
		text_age(buffer->age_ms, age, sizeof(age));
	put(file, width, "%10llu %6s %6s %5ld %4u %4u %4zu %5s %5s %5ld  %-17.17s %-22.22s %s%s",
	    (unsigned long long)buffer->inode, text_size(buffer->size, size, sizeof(size)), age,
	    buffer->refs, buffer_fds(buffer), buffer_maps(buffer), buffer->num_attachments,
	    number_or_dash(buffer->accounted, buffer->vmaps, vmaps, sizeof(vmaps)),
	    number_or_dash(buffer->accounted, buffer->fences, fences, sizeof(fences)),
	    buffer_other_refs(buffer), text_terminal(buffer->exporter, exporter, sizeof(exporter)),
	    creator, buffer->revoked ? "(revoked) " : "",
	    text_terminal(buffer->name, name, sizeof(name)));
}

void table_total(FILE *file, const struct snapshot *snapshot, unsigned int width)
{
	static const char *const sources[] = {
		[SOURCE_BUFFERS] = "own core",
		[SOURCE_BUFINFO] = "bufinfo",
		[SOURCE_PROC] = "/proc",
	};
	uint64_t bytes = 0;
	char size[16];

	for (size_t i = 0; i < snapshot->num_buffers; i++)
		bytes += snapshot->buffers[i].size;
	text_size(bytes, size, sizeof(size));
	put(file, width, "%zu buffer%s, %s, from %s", snapshot->num_buffers,
	    snapshot->num_buffers == 1 ? "" : "s", size, sources[snapshot->source]);
}

static void put_buffer(FILE *file, const struct buffer *buffer, unsigned int width)
{
	char name[SAFE_LEN], more[80] = "";

	if (buffer->accounted)
		snprintf(more, sizeof(more), ", cgroup %llu, CPU access begun %u times",
			 (unsigned long long)buffer->cgroup, buffer->cpu_access);
	put(file, width, "buffer %llu%s%s%s", (unsigned long long)buffer->inode,
	    *buffer->name ? " " : "", text_terminal(buffer->name, name, sizeof(name)), more);
}

static void put_attachment(FILE *file, const struct attachment *attachment, unsigned int width)
{
	char device[SAFE_LEN], driver[SAFE_LEN], caller[SAFE_LEN];

	text_terminal(attachment->device, device, sizeof(device));
	if (!attachment->counted) {
		put(file, width, "device %s", device);
		return;
	}
	put(file, width, "device %s (%s): %u maps, %u mappings, %u pins, %s, attached by %s",
	    device, text_terminal(attachment->driver, driver, sizeof(driver)), attachment->maps,
	    attachment->mappings, attachment->pins, attachment->dynamic ? "dynamic" : "static",
	    text_terminal(attachment->caller, caller, sizeof(caller)));
}

static void put_holder(FILE *file, const struct holder *holder, unsigned int width)
{
	char comm[SAFE_LEN], size[16];

	put(file, width, "process %d (%s): %u fds, %u maps of %s", holder->pid,
	    text_terminal(holder->comm, comm, sizeof(comm)), holder->fds, holder->maps,
	    text_size(holder->mapped, size, sizeof(size)));
}

bool table_detail(FILE *file, const struct buffer *buffer, unsigned int number,
		  unsigned int width)
{
	if (number == 0) {
		put_buffer(file, buffer, width);
		return true;
	}
	number--;
	if (number < buffer->num_attachments) {
		put_attachment(file, &buffer->attachments[number], width);
		return true;
	}
	number -= buffer->num_attachments;
	if (number >= buffer->num_holders)
		return false;
	put_holder(file, &buffer->holders[number], width);
	return true;
}

void table_print(FILE *file, const struct snapshot *snapshot, enum order order, bool reverse)
{
	const struct buffer **sorted = order_sort(snapshot, order, reverse);
	char missing[128];

	table_heading(file, UINT_MAX);
	putc('\n', file);
	for (size_t i = 0; i < snapshot->num_buffers; i++) {
		table_row(file, sorted[i], UINT_MAX);
		putc('\n', file);
	}
	table_total(file, snapshot, UINT_MAX);
	putc('\n', file);
	for (unsigned int i = 0; snapshot_missing(snapshot, i, missing, sizeof(missing)); i++)
		fprintf(file, "not seen: %s\n", missing);
	free(sorted);
}
