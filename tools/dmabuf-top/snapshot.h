/* SPDX-License-Identifier: MIT */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TEXT_LEN 64

/**
 * struct attachment - a device that has a buffer
 * @device: its name
 * @driver: its driver, empty if not known
 * @caller: the function that attached it, empty if not known
 * @counted: the four that follow are known
 * @dynamic: the importer follows when the buffer moves
 * @maps: mappings in use
 * @mappings: these and those kept for reuse
 * @pins: pins
 */
struct attachment {
	char device[TEXT_LEN];
	char driver[TEXT_LEN];
	char caller[TEXT_LEN];
	bool counted;
	bool dynamic;
	unsigned int maps;
	unsigned int mappings;
	unsigned int pins;
};

/**
 * struct holder - a process that has a buffer
 * @pid: its number
 * @comm: its name
 * @fds: descriptors
 * @maps: mappings of the buffer's file
 * @mapped: bytes in them
 */
struct holder {
	pid_t pid;
	char comm[TEXT_LEN];
	unsigned int fds;
	unsigned int maps;
	uint64_t mapped;
};

/**
 * struct buffer - a dma-buf, with texts as the kernel has them: not for a terminal
 * @inode: which one it is, never used again
 * @size: bytes
 * @refs: references to its file
 * @exporter: who made it
 * @name: what programs call it, empty if nothing
 * @accounted: the core keeps accounts, so the numbers that follow are known
 * @revoked: the exporter took it back
 * @vmaps: mappings into the kernel
 * @fences: pending ones
 * @cpu_access: begins of CPU access without their end
 * @created: the creator is known
 * @pid: the creator
 * @comm: its name
 * @cgroup: its control group
 * @age_ms: since then
 * @attachments: the devices
 * @num_attachments: how many
 * @holders: the processes
 * @num_holders: how many
 */
struct buffer {
	uint64_t inode;
	uint64_t size;
	long refs;
	char exporter[TEXT_LEN];
	char name[TEXT_LEN];
	bool accounted;
	bool revoked;
	unsigned int vmaps;
	unsigned int fences;
	unsigned int cpu_access;
	bool created;
	pid_t pid;
	char comm[TEXT_LEN];
	uint64_t cgroup;
	uint64_t age_ms;
	struct attachment *attachments;
	size_t num_attachments;
	struct holder *holders;
	size_t num_holders;
};

/* Where the buffers were found, the best first. */
enum source {
	SOURCE_BUFFERS, /* the project's own core tells programs */
	SOURCE_BUFINFO, /* any core tells people */
	SOURCE_PROC, /* only what processes hold can be seen */
};

/**
 * struct snapshot - all buffers at one time
 * @source: where they were found
 * @denied: processes whose descriptors may not be read
 * @buffers: the buffers
 * @num_buffers: how many
 * @index: buckets of @buckets entries, each an index into @buffers plus 1
 * @buckets: a power of two
 */
struct snapshot {
	enum source source;
	unsigned int denied;
	struct buffer *buffers;
	size_t num_buffers;
	size_t *index;
	size_t buckets;
};

/* Looks at everything that can be seen. To be freed; out of memory ends the program. */
void snapshot_take(struct snapshot *snapshot);
void snapshot_free(struct snapshot *snapshot);

/* NULL if it is not there. Valid until a buffer is added. */
struct buffer *snapshot_find(const struct snapshot *snapshot, uint64_t inode);
struct buffer *snapshot_add(struct snapshot *snapshot, uint64_t inode);

struct attachment *buffer_add_attachment(struct buffer *buffer);

/* The one of that process, made if it is not there. */
struct holder *buffer_holder(struct buffer *buffer, pid_t pid);

/* Sums over what holds the buffer. */
unsigned int buffer_fds(const struct buffer *buffer);
unsigned int buffer_maps(const struct buffer *buffer);

/*
 * References that no descriptor and no mapping of a process explains: drivers',
 * or descriptors that are on their way through a socket.
 */
long buffer_other_refs(const struct buffer *buffer);

/* Why there may be more than the snapshot has; false after the last. */
bool snapshot_missing(const struct snapshot *snapshot, unsigned int number, char *text,
		      size_t size);

#endif
