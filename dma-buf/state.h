/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core keeps of buffers and attachments beside the stock structures,
 * which exporters and importers see and whose layout is not ours to change.
 */
#ifndef DMABUF_STATE_H
#define DMABUF_STATE_H

#include <linux/atomic.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/workqueue_types.h>

struct dmabuf_guard;

/**
 * struct dmabuf_programs - CPU access to a buffer by programs
 * @begun: begins without their end, whatever for
 * @reads: begins to read, or both, without such an end
 * @writes: begins to write, or both, without such an end
 * @unbegun: ends that none of these had a begin for
 */
struct dmabuf_programs {
	atomic_t begun;
	atomic_t reads;
	atomic_t writes;
	atomic_t unbegun;
};

/**
 * struct dmabuf_state - what is kept of a buffer
 * @adopted: made by the stock core, so what happened before is not known
 * @revoked: the exporter took the buffer back; set under dma_resv, never reset
 * @orphaned: released while devices were attached, and cut off from its exporter
 * @holds: who keeps the memory: the file, until its release is over, and each
 *	attachment
 * @calls: who keeps the exporter: the file, and each call by an attachment that
 *	is under way. Once it is zero it stays so
 * @cpu_access: begins of CPU access by the kernel without their end
 * @programs: begins of CPU access by programs, counted apart: what a program does
 *	wrong shall not look like a driver's doing
 * @waiters: callbacks on fences that pollers wait for. Under &dma_buf.poll's lock
 * @guard: before the exporter's faults, once the buffer was mmapped
 * @polled: @waiters was used, so somebody may be at it
 * @polls_ended: nobody shall wait by @waiters any more. Under &dma_buf.poll's lock
 * @created: when, in jiffies. From here on nothing is zero at first: all is written
 *	when a buffer is made
 * @ino: number of the buffer's inode, for those who can't look at that
 * @cgroup: id of the creator's control group
 * @pid: the creator's process
 * @comm: the creator's name
 * @shard: the registry's list the buffer is on
 * @rest: of the release, made when a call is under way as that begins
 */
struct dmabuf_state {
	bool adopted;
	bool revoked;
	bool orphaned;
	atomic_t holds;
	atomic_t calls;
	atomic_t cpu_access;
	struct dmabuf_programs programs;
	struct list_head waiters;
	struct dmabuf_guard *guard;
	bool polled;
	bool polls_ended;
	u64 created;
	u64 ino;
	u64 cgroup;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	unsigned int shard;
	struct work_struct rest;
};

/**
 * struct dmabuf_buffer - a buffer that this core made
 * @base: what everybody knows; first, so that kfree() of it frees all
 * @resv: used unless the exporter brings one. Right behind @base, where the
 *	stock core looks for it when it has to release a buffer of ours
 * @state: what only the core knows
 */
struct dmabuf_buffer {
	struct dma_buf base;
	struct dma_resv resv;
	struct dmabuf_state state;
};

static_assert(offsetof(struct dmabuf_buffer, base) == 0);
static_assert(offsetof(struct dmabuf_buffer, resv) == sizeof(struct dma_buf));

/**
 * struct dmabuf_attach_state - what is kept of an attachment
 * @adopted: made by the stock core, so older mappings are not known
 * @detached: detached; seen only while the memory is in quarantine, or is a spare
 *	that was not given out again
 * @spare: the memory is the buffer's
 * @mappings: in use and idle ones. Under dma_resv
 * @maps: how many of @mappings are in use
 * @pins: pins without their unpin. Under dma_resv
 * @caller: who attached
 */
struct dmabuf_attach_state {
	bool adopted;
	bool detached;
	bool spare;
	struct list_head mappings;
	unsigned int maps;
	unsigned int pins;
	unsigned long caller;
};

/**
 * struct dmabuf_attachment - an attachment that this core made
 * @base: what everybody knows; first, so that kfree() of it frees all
 * @state: what only the core knows
 */
struct dmabuf_attachment {
	struct dma_buf_attachment base;
	struct dmabuf_attach_state state;
};

static_assert(offsetof(struct dmabuf_attachment, base) == 0);

#endif
