// SPDX-License-Identifier: MIT
/*
 * The orders that buffers can be shown in. Buffers that are equal are shown by
 * their inode, the oldest first, so that a live view does not jump.
 */
#include "order.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>

const char *const order_words[ORDER_COUNT + 1] = {
	[ORDER_SIZE] = "size",
	[ORDER_AGE] = "age",
	[ORDER_REFS] = "refs",
	[ORDER_FDS] = "fds",
	[ORDER_MAPS] = "maps",
	[ORDER_DEVICES] = "devices",
	[ORDER_EXPORTER] = "exporter",
	[ORDER_CREATOR] = "creator",
	[ORDER_NAME] = "name",
	[ORDER_INODE] = "inode",
};

const char order_keys[ORDER_COUNT + 1] = "sarfmdecni";

enum order order_by_word(const char *word)
{
	int order = 0;

	while (order < ORDER_COUNT && strcmp(order_words[order], word))
		order++;
	return order;
}

static int larger_first(uint64_t a, uint64_t b)
{
	return a < b ? 1 : a > b ? -1 :
				   0;
}

static int compare(const struct buffer *a, const struct buffer *b, enum order order)
{
	switch (order) {
	case ORDER_SIZE:
		return larger_first(a->size, b->size);
	case ORDER_AGE:
		return larger_first(a->age_ms, b->age_ms);
	case ORDER_REFS:
		return larger_first(a->refs, b->refs);
	case ORDER_FDS:
		return larger_first(buffer_fds(a), buffer_fds(b));
	case ORDER_MAPS:
		return larger_first(buffer_maps(a), buffer_maps(b));
	case ORDER_DEVICES:
		return larger_first(a->num_attachments, b->num_attachments);
	case ORDER_EXPORTER:
		return strcmp(a->exporter, b->exporter);
	case ORDER_CREATOR:
		return strcmp(a->comm, b->comm) ?: a->pid - b->pid;
	case ORDER_NAME:
		return strcmp(a->name, b->name);
	default:
		return 0;
	}
}

/* qsort_r()'s last argument. */
struct sorting {
	enum order order;
	bool reverse;
};

static int compare_entries(const void *a, const void *b, void *argument)
{
	const struct buffer *one = *(const struct buffer *const *)a;
	const struct buffer *other = *(const struct buffer *const *)b;
	const struct sorting *sorting = argument;
	int ret = compare(one, other, sorting->order) ?: larger_first(other->inode, one->inode);

	return sorting->reverse ? -ret : ret;
}

const struct buffer **order_sort(const struct snapshot *snapshot, enum order order, bool reverse)
{
	struct sorting sorting = { order, reverse };
	const struct buffer **sorted = calloc(snapshot->num_buffers + 1, sizeof(*sorted));

	if (!sorted)
		err(EXIT_FAILURE, "no memory");
	for (size_t i = 0; i < snapshot->num_buffers; i++)
		sorted[i] = &snapshot->buffers[i];
	qsort_r(sorted, snapshot->num_buffers, sizeof(*sorted), compare_entries, &sorting);
	return sorted;
}
