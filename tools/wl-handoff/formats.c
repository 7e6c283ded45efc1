// SPDX-License-Identifier: MIT
/*
 * Which dma-bufs a compositor takes, as zwp_linux_dmabuf_v1 tells it: by an event for
 * each format and modifier (version 3) or by a feedback (4 and newer), which also says
 * for which device to allocate, and what a plane might show. Knows nothing of buffers.
 */
#include "formats.h"

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <drm_fourcc.h>

/* An entry of the feedback's table. */
struct table_entry {
	uint32_t format;
	uint32_t pad;
	uint64_t modifier;
};

static void add(struct formats *formats, uint32_t format, uint64_t modifier)
{
	struct format_row *rows = realloc(formats->rows, (formats->count + 1) * sizeof(*rows));

	if (!rows)
		err(EXIT_FAILURE, "a list of formats");
	rows[formats->count++] = (struct format_row){
		.format = format,
		.modifier = modifier,
	};
	formats->rows = rows;
}

/* What a version 3 has told, too, by the other event. */
static void on_format(void *data, struct zwp_linux_dmabuf_v1 *dmabuf, uint32_t format)
{
}

static void on_modifier(void *data, struct zwp_linux_dmabuf_v1 *dmabuf, uint32_t format,
			uint32_t high, uint32_t low)
{
	add(data, format, (uint64_t)high << 32 | low);
}

static const struct zwp_linux_dmabuf_v1_listener dmabuf_listener = {
	.format = on_format,
	.modifier = on_modifier,
};

static void drop_table(struct formats *formats)
{
	if (formats->table)
		munmap((void *)formats->table, formats->table_size);
	formats->table = NULL;
}

static void on_table(void *data, struct zwp_linux_dmabuf_feedback_v1 *feedback, int32_t fd,
		     uint32_t size)
{
	struct formats *formats = data;
	void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	close(fd);
	if (map == MAP_FAILED)
		err(EXIT_FAILURE, "mapping the table of formats");
	drop_table(formats);
	formats->table = map;
	formats->table_size = size;
}

static dev_t read_device(const struct wl_array *array)
{
	dev_t device = 0;

	memcpy(&device, array->data, array->size < sizeof(device) ? array->size : sizeof(device));
	return device;
}

static void begin_tranche(struct formats *formats)
{
	formats->tranche = formats->count;
	formats->device = 0;
	formats->scanout = false;
}

static void on_main_device(void *data, struct zwp_linux_dmabuf_feedback_v1 *feedback,
			   struct wl_array *device)
{
	struct formats *formats = data;

	/* The first event of a round: all is told again. */
	formats->main_device = read_device(device);
	formats->count = 0;
	begin_tranche(formats);
}

static void on_target_device(void *data, struct zwp_linux_dmabuf_feedback_v1 *feedback,
			     struct wl_array *device)
{
	struct formats *formats = data;

	formats->device = read_device(device);
}

static void on_flags(void *data, struct zwp_linux_dmabuf_feedback_v1 *feedback, uint32_t flags)
{
	struct formats *formats = data;

	formats->scanout = flags & ZWP_LINUX_DMABUF_FEEDBACK_V1_TRANCHE_FLAGS_SCANOUT;
}

static void on_formats(void *data, struct zwp_linux_dmabuf_feedback_v1 *feedback,
		       struct wl_array *indices)
{
	struct formats *formats = data;
	const struct table_entry *table = formats->table;
	uint16_t *index;

	wl_array_for_each(index, indices) {
		if ((*index + 1u) * sizeof(*table) > formats->table_size)
			errx(EXIT_FAILURE, "the table of formats has no entry %u", *index);
		add(formats, table[*index].format, table[*index].modifier);
	}
}

/* The events of a tranche come in any order. */
static void on_tranche_done(void *data, struct zwp_linux_dmabuf_feedback_v1 *feedback)
{
	struct formats *formats = data;

	for (size_t i = formats->tranche; i < formats->count; i++) {
		formats->rows[i].device = formats->device;
		formats->rows[i].scanout = formats->scanout;
	}
	begin_tranche(formats);
}

static void on_done(void *data, struct zwp_linux_dmabuf_feedback_v1 *feedback)
{
	struct formats *formats = data;

	formats->rounds++;
}

static const struct zwp_linux_dmabuf_feedback_v1_listener feedback_listener = {
	.done = on_done,
	.format_table = on_table,
	.main_device = on_main_device,
	.tranche_done = on_tranche_done,
	.tranche_target_device = on_target_device,
	.tranche_formats = on_formats,
	.tranche_flags = on_flags,
};

void formats_listen_v3(struct formats *formats, struct zwp_linux_dmabuf_v1 *dmabuf)
{
	zwp_linux_dmabuf_v1_add_listener(dmabuf, &dmabuf_listener, formats);
}

void formats_listen(struct formats *formats, struct zwp_linux_dmabuf_feedback_v1 *feedback)
{
	formats->feedback = feedback;
	zwp_linux_dmabuf_feedback_v1_add_listener(feedback, &feedback_listener, formats);
}

void formats_free(struct formats *formats)
{
	if (formats->feedback)
		zwp_linux_dmabuf_feedback_v1_destroy(formats->feedback);
	drop_table(formats);
	free(formats->rows);
	*formats = (struct formats){ .whose = formats->whose };
}

static const struct format_row *find(const struct formats *formats, uint32_t format,
				     uint64_t modifier)
{
	for (size_t i = 0; i < formats->count; i++)
		if (formats->rows[i].format == format && formats->rows[i].modifier == modifier)
			return &formats->rows[i];
	return NULL;
}

const struct format_row *formats_find(const struct formats *formats, uint32_t format)
{
	const struct format_row *row = find(formats, format, DRM_FORMAT_MOD_LINEAR);

	return row ? row : find(formats, format, DRM_FORMAT_MOD_INVALID);
}

void formats_print(const struct formats *formats)
{
	for (size_t i = 0; i < formats->count; i++) {
		const struct format_row *row = &formats->rows[i];

		printf("{\"takes\":{\"by\":\"%s\",\"format\":\"%.4s\",\"modifier\":%" PRIu64
		       ",\"device\":\"%u:%u\",\"scanout\":%s}}\n",
		       formats->whose, (const char *)&row->format, row->modifier,
		       major(row->device), minor(row->device), row->scanout ? "true" : "false");
	}
	fflush(stdout);
}
