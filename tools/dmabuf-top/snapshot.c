// SPDX-License-Identifier: MIT
/*
 * All buffers at one time: the table that the readers of debugfs and /proc fill
 * and everything else looks at. Nothing is known here of files or of terminals.
 */
#include "snapshot.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read_debugfs.h"
#include "read_proc.h"

void snapshot_take(struct snapshot *snapshot)
{
	memset(snapshot, 0, sizeof(*snapshot));
	if (read_buffers(snapshot))
		snapshot->source = SOURCE_BUFFERS;
	else if (read_bufinfo(snapshot))
		snapshot->source = SOURCE_BUFINFO;
	else
		snapshot->source = SOURCE_PROC;
	read_proc(snapshot);
}

void snapshot_free(struct snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->num_buffers; i++) {
		free(snapshot->buffers[i].attachments);
		free(snapshot->buffers[i].holders);
	}
	free(snapshot->buffers);
	free(snapshot->index);
	memset(snapshot, 0, sizeof(*snapshot));
}

/* Room for one more of @count, all zero; doubles at every power of two. */
static void *grow(void *array, size_t count, size_t size)
{
	if (!(count & (count - 1)))
		array = reallocarray(array, count ? count * 2 : 1, size);
	if (!array)
		err(EXIT_FAILURE, "no memory");
	memset((char *)array + count * size, 0, size);
	return array;
}

/* The bucket of the inode, or the free one where it belongs. */
static size_t *find_bucket(const struct snapshot *snapshot, uint64_t inode)
{
	size_t i = inode * 0x9e3779b97f4a7c15ull >> 32;

	for (;; i++) {
		size_t *bucket = &snapshot->index[i & (snapshot->buckets - 1)];

		if (!*bucket || snapshot->buffers[*bucket - 1].inode == inode)
			return bucket;
	}
}

static void rebuild_index(struct snapshot *snapshot)
{
	free(snapshot->index);
	snapshot->buckets = snapshot->buckets ? 2 * snapshot->buckets : 64;
	snapshot->index = calloc(snapshot->buckets, sizeof(*snapshot->index));
	if (!snapshot->index)
		err(EXIT_FAILURE, "no memory");
	for (size_t i = 0; i < snapshot->num_buffers; i++)
		*find_bucket(snapshot, snapshot->buffers[i].inode) = i + 1;
}

struct buffer *snapshot_find(const struct snapshot *snapshot, uint64_t inode)
{
	size_t *bucket;

	if (!snapshot->buckets)
		return NULL;
	bucket = find_bucket(snapshot, inode);
	return *bucket ? &snapshot->buffers[*bucket - 1] : NULL;
}

struct buffer *snapshot_add(struct snapshot *snapshot, uint64_t inode)
{
	struct buffer *buffer = snapshot_find(snapshot, inode);

	if (buffer)
		return buffer;
	if (2 * snapshot->num_buffers >= snapshot->buckets)
		rebuild_index(snapshot);
	snapshot->buffers = grow(snapshot->buffers, snapshot->num_buffers,
				 sizeof(*snapshot->buffers));
	buffer = &snapshot->buffers[snapshot->num_buffers++];
	buffer->inode = inode;
	*find_bucket(snapshot, inode) = snapshot->num_buffers;
	return buffer;
}

struct attachment *buffer_add_attachment(struct buffer *buffer)
{
	buffer->attachments = grow(buffer->attachments, buffer->num_attachments,
				   sizeof(*buffer->attachments));
	return &buffer->attachments[buffer->num_attachments++];
}

struct holder *buffer_holder(struct buffer *buffer, pid_t pid)
{
	/* Processes are read one after the other. */
	if (buffer->num_holders && buffer->holders[buffer->num_holders - 1].pid == pid)
		return &buffer->holders[buffer->num_holders - 1];
	buffer->holders = grow(buffer->holders, buffer->num_holders, sizeof(*buffer->holders));
	buffer->holders[buffer->num_holders].pid = pid;
	return &buffer->holders[buffer->num_holders++];
}

unsigned int buffer_fds(const struct buffer *buffer)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < buffer->num_holders; i++)
		sum += buffer->holders[i].fds;
	return sum;
}

unsigned int buffer_maps(const struct buffer *buffer)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < buffer->num_holders; i++)
		sum += buffer->holders[i].maps;
	return sum;
}

long buffer_other_refs(const struct buffer *buffer)
{
	long others = buffer->refs - buffer_fds(buffer) - buffer_maps(buffer);

	return others > 0 ? others : 0;
}

bool snapshot_missing(const struct snapshot *snapshot, unsigned int number, char *text,
		      size_t size)
{
	if (snapshot->source == SOURCE_PROC && number-- == 0) {
		snprintf(text, size,
			 "debugfs can't be read: only buffers that a process holds, no devices");
		return true;
	}
	if (snapshot->denied && number-- == 0) {
		snprintf(text, size, "%u processes can't be read: who holds buffers there",
			 snapshot->denied);
		return true;
	}
	if (snapshot->source != SOURCE_BUFFERS && number-- == 0) {
		snprintf(text, size, "this core tells no creators, ages, fences, vmaps");
		return true;
	}
	return false;
}
