// SPDX-License-Identifier: MIT
/*
 * What a run has to tell: a table for a person, JSON for a program.
 *
 * Filled by the main loop; knows no device.
 */
#include "report.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The key in JSON is the name in the table: one word, or words with "_". */
static const char *const step_names[STEP_COUNT] = {
	[STEP_DEQUEUE] = "dequeue",
	[STEP_IMPORT] = "import",
	[STEP_FLIP] = "commit_to_flip",
	[STEP_READ_BACK] = "commit_to_readback",
};

void report_init(struct report *report)
{
	memset(report, 0, sizeof(*report));
	for (int i = 0; i < STEP_COUNT; i++)
		report->steps[i].name = step_names[i];
}

static bool is_shared(const struct shared_buffer *buffer)
{
	return buffer->exporter_inode == buffer->importer_inode;
}

bool report_is_shared(const struct report *report)
{
	for (unsigned int i = 0; i < report->num_buffers; i++)
		if (!is_shared(&report->buffers[i]))
			return false;
	return report->num_buffers > 0;
}

static void print_buffers(const struct report *report)
{
	printf("\n%-12s %15s %15s\n", "buffer", "exporter inode", "importer inode");
	for (unsigned int i = 0; i < report->num_buffers; i++) {
		const struct shared_buffer *buffer = &report->buffers[i];

		printf("%s %-*u %15ju %15ju  %s\n", buffer->exporter,
		       11 - (int)strlen(buffer->exporter), buffer->index,
		       (uintmax_t)buffer->exporter_inode, (uintmax_t)buffer->importer_inode,
		       is_shared(buffer) ? "one buffer" : "TWO BUFFERS");
	}
}

void report_print(struct report *report)
{
	printf("frames       %u handed over, %u dropped\n", report->handed_over, report->dropped);
	printf("camera       %s %ux%u", report->camera_format, report->camera_width,
	       report->camera_height);
	if (report->color.encoding)
		printf(", %s, %s", report->color.encoding, report->color.range);
	printf("\nbackdrop     %s %ux%u\n", report->backdrop_format, report->screen_width,
	       report->screen_height);
	printf("screen       %s %ux%u\n", report->importer, report->screen_width,
	       report->screen_height);
	print_buffers(report);

	printf("\n%-20s %8s %8s %8s %6s\n", "milliseconds", "min", "median", "max", "times");
	for (int i = 0; i < STEP_COUNT; i++) {
		struct samples *step = &report->steps[i];

		samples_sort(step);
		printf("%-20s %8.2f %8.2f %8.2f %6zu\n", step->name, samples_min(step),
		       samples_median(step), samples_max(step), step->count);
	}
}

static void json_buffers(FILE *out, const struct report *report)
{
	fprintf(out, "  \"buffers\": [");
	for (unsigned int i = 0; i < report->num_buffers; i++) {
		const struct shared_buffer *buffer = &report->buffers[i];

		fprintf(out, "%s\n    {\"exporter\": \"%s\", \"index\": %u, ", i ? "," : "",
			buffer->exporter, buffer->index);
		fprintf(out, "\"exporter_inode\": %ju, \"importer_inode\": %ju, \"same\": %s}",
			(uintmax_t)buffer->exporter_inode, (uintmax_t)buffer->importer_inode,
			is_shared(buffer) ? "true" : "false");
	}
	fprintf(out, "\n  ],\n");
}

static void json_steps(FILE *out, struct report *report)
{
	fprintf(out, "  \"milliseconds\": {");
	for (int i = 0; i < STEP_COUNT; i++) {
		struct samples *step = &report->steps[i];

		samples_sort(step);
		fprintf(out, "%s\n    \"%s\": {\"count\": %zu, ", i ? "," : "", step->name,
			step->count);
		fprintf(out, "\"min\": %.3f, \"median\": %.3f, \"max\": %.3f}",
			samples_min(step), samples_median(step), samples_max(step));
	}
	fprintf(out, "\n  }\n");
}

/* No string here ever holds a character that JSON wants escaped. */
static void json_all(FILE *out, struct report *report)
{
	fprintf(out, "{\n  \"frames\": {\"handed_over\": %u, \"dropped\": %u},\n",
		report->handed_over, report->dropped);
	fprintf(out, "  \"camera\": {\"format\": \"%s\", \"width\": %u, \"height\": %u",
		report->camera_format, report->camera_width, report->camera_height);
	if (report->color.encoding)
		fprintf(out, ", \"encoding\": \"%s\", \"range\": \"%s\"",
			report->color.encoding, report->color.range);
	fprintf(out, "},\n  \"backdrop\": {\"format\": \"%s\", \"width\": %u, \"height\": %u},\n",
		report->backdrop_format, report->screen_width, report->screen_height);
	fprintf(out, "  \"screen\": {\"driver\": \"%s\", \"width\": %u, \"height\": %u},\n",
		report->importer, report->screen_width, report->screen_height);
	json_buffers(out, report);
	json_steps(out, report);
	fprintf(out, "}\n");
}

int report_write_json(struct report *report, const char *path)
{
	FILE *out = fopen(path, "w");
	int ret = 0;

	if (!out) {
		ret = -errno;
		warn("%s", path);
		return ret;
	}
	json_all(out, report);
	if (fclose(out)) {
		ret = -errno;
		warn("%s", path);
	}
	return ret;
}
