// SPDX-License-Identifier: MIT
/*
 * Which buffers look like leaks. What is not known is held in a buffer's favour:
 * a device whose mappings nobody counts may be using it, and if the creator is
 * not known, one process may be it.
 */
#include "leaks.h"

#include <stdlib.h>
#include <time.h>

static bool is_attachment_idle(const struct attachment *attachment)
{
	return attachment->counted && !attachment->maps && !attachment->pins;
}

static bool is_creators_own(const struct buffer *buffer)
{
	unsigned int others = 0;

	for (size_t i = 0; i < buffer->num_holders; i++) {
		const struct holder *holder = &buffer->holders[i];

		others += holder->fds && (!buffer->created || holder->pid != buffer->pid);
	}
	return others <= (buffer->created ? 0 : 1);
}

static bool is_unread(const struct snapshot *snapshot, const struct buffer *buffer)
{
	/* It may be one of those whose descriptors can't be seen. */
	if (snapshot->denied && buffer_other_refs(buffer))
		return false;
	for (size_t i = 0; i < buffer->num_attachments; i++)
		if (!is_attachment_idle(&buffer->attachments[i]))
			return false;
	return !buffer->vmaps && !buffer_maps(buffer) && is_creators_own(buffer);
}

/* Keeps those that are unread, and old as far as anybody can tell. */
static void keep_suspects(struct snapshot *snapshot, uint64_t age_ms, bool *unsure)
{
	struct snapshot all = *snapshot;

	*unsure = false;
	snapshot->buffers = NULL;
	snapshot->num_buffers = 0;
	snapshot->index = NULL;
	snapshot->buckets = 0;
	for (size_t i = 0; i < all.num_buffers; i++) {
		struct buffer *buffer = &all.buffers[i];

		if (!is_unread(&all, buffer) || (buffer->created && buffer->age_ms < age_ms))
			continue;
		*unsure |= !buffer->created;
		*snapshot_add(snapshot, buffer->inode) = *buffer;
		buffer->attachments = NULL;
		buffer->holders = NULL;
	}
	snapshot_free(&all);
}

static void keep_common(struct snapshot *snapshot, const struct snapshot *earlier)
{
	struct snapshot later = *snapshot;

	*snapshot = (struct snapshot){ .source = later.source, .denied = later.denied };
	for (size_t i = 0; i < later.num_buffers; i++) {
		struct buffer *buffer = &later.buffers[i];

		if (!buffer->created && !snapshot_find(earlier, buffer->inode))
			continue;
		*snapshot_add(snapshot, buffer->inode) = *buffer;
		buffer->attachments = NULL;
		buffer->holders = NULL;
	}
	snapshot_free(&later);
}

void leaks_take(struct snapshot *snapshot, uint64_t age_ms)
{
	struct timespec pause = { age_ms / 1000, age_ms % 1000 * 1000000 };
	struct snapshot earlier;
	bool unsure;

	snapshot_take(snapshot);
	keep_suspects(snapshot, age_ms, &unsure);
	if (!unsure)
		return;
	earlier = *snapshot;
	nanosleep(&pause, NULL);
	snapshot_take(snapshot);
	keep_suspects(snapshot, age_ms, &unsure);
	keep_common(snapshot, &earlier);
	snapshot_free(&earlier);
}
