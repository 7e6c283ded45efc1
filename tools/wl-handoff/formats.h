/* SPDX-License-Identifier: MIT */
#ifndef FORMATS_H
#define FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "linux-dmabuf-v1.h"

/**
 * struct format_row - what a compositor takes
 * @format: DRM fourcc
 * @modifier: DRM modifier; DRM_FORMAT_MOD_INVALID: none is named
 * @device: for which device a buffer of it should be allocated; 0: not said
 * @scanout: a plane might take it
 */
struct format_row {
	uint32_t format;
	uint64_t modifier;
	dev_t device;
	bool scanout;
};

/**
 * struct formats - the dma-bufs that a compositor takes
 * @whose: "compositor" or "surface", for the report
 * @rows: what they may be, best first
 * @count: entries of @rows
 * @rounds: how often a feedback told all
 * @main_device: where the compositor imports them; 0: not said
 * @feedback: from version 4 on; NULL: events of version 3
 * @table: the feedback's table of formats
 * @table_size: its bytes
 * @tranche: first row of the tranche that is being told
 * @device: of the tranche that is being told
 * @scanout: of that tranche
 */
struct formats {
	const char *whose;
	struct format_row *rows;
	size_t count;
	unsigned int rounds;
	dev_t main_device;
	struct zwp_linux_dmabuf_feedback_v1 *feedback;
	const void *table;
	size_t table_size;
	size_t tranche;
	dev_t device;
	bool scanout;
};

/* Listens on a global of version 3, or on a feedback of a newer one, which it takes over. */
void formats_listen_v3(struct formats *formats, struct zwp_linux_dmabuf_v1 *dmabuf);
void formats_listen(struct formats *formats, struct zwp_linux_dmabuf_feedback_v1 *feedback);
void formats_free(struct formats *formats);

/* A row of linear buffers of a format, those named so first; NULL: none is taken. */
const struct format_row *formats_find(const struct formats *formats, uint32_t format);

/* A line of JSON on the standard output for each row. */
void formats_print(const struct formats *formats);

#endif
