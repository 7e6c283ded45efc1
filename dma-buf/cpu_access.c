// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CPU's access to a buffer: brackets around it, and mappings for the kernel.
 * Importers and the buffer's file call this; devices' mappings are mapping.c's,
 * programs' are user_mapping.c's.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/minmax.h>

#include "attachment.h"
#include "cpu_access.h"
#include "fault.h"
#include "form.h"
#include "lock.h"
#include "misuse.h"
#include "state.h"
#include "trace.h"

static int wait_for_devices(struct dma_buf *dmabuf,
			    enum dma_data_direction direction)
{
	bool write = direction != DMA_FROM_DEVICE;
	long ret;

	/* Most buffers never had a fence. */
	if (!rcu_access_pointer(dmabuf->resv->fences))
		return 0;
	ret = dma_resv_wait_timeout(dmabuf->resv, dma_resv_usage_rw(write), true,
				    MAX_SCHEDULE_TIMEOUT);
	return ret < 0 ? ret : 0;
}

static int begin_untraced(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	int ret;

	if (dmabuf_is_revoked(dmabuf))
		return -ENODEV;
	ret = dmabuf_fault(DMABUF_FAULT_BEGIN_CPU_ACCESS, dmabuf->exp_name, NULL);
	if (ret)
		return ret;
	/* The exporter first: it may know a better way to wait. */
	if (dmabuf->ops->begin_cpu_access)
		ret = dmabuf->ops->begin_cpu_access(dmabuf, direction);
	if (ret)
		return ret;
	ret = wait_for_devices(dmabuf, direction);
	if (ret && dmabuf->ops->end_cpu_access)
		dmabuf->ops->end_cpu_access(dmabuf, direction);
	return ret;
}

static int begin(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	u64 start = DMABUF_START(begin_cpu_access);
	int ret;

	might_lock(&dmabuf->resv->lock.base);
	ret = begin_untraced(dmabuf, direction);
	trace_dmabuf_begin_cpu_access(dmabuf, NULL, direction, ret, start);
	return ret;
}

/**
 * dma_buf_begin_cpu_access - before the CPU touches a buffer
 * @dmabuf: the buffer; its reservation lock is not held
 * @direction: DMA_FROM_DEVICE to read, DMA_TO_DEVICE to write, or both
 *
 * Waits, interruptibly and for as long as it takes, for the fences of the
 * devices whose access the CPU's would race with, and lets the exporter see to
 * its caches. Needed around every access by vmap or mmap.
 *
 * Return: 0, then dma_buf_end_cpu_access() has to follow; -EINVAL without a
 * buffer, -ENODEV if it was revoked, -ERESTARTSYS, or what the exporter says.
 */
int dma_buf_begin_cpu_access(struct dma_buf *dmabuf,
			     enum dma_data_direction direction)
{
	struct dmabuf_state *state;
	int ret;

	if (!dmabuf) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return -EINVAL;
	}
	ret = begin(dmabuf, direction);
	state = dmabuf_state(dmabuf);
	if (!ret && state)
		atomic_inc(&state->cpu_access);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_begin_cpu_access, "DMA_BUF");

static int end(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	u64 start = DMABUF_START(end_cpu_access);
	int ret = 0;

	might_lock(&dmabuf->resv->lock.base);
	if (dmabuf->ops->end_cpu_access)
		ret = dmabuf->ops->end_cpu_access(dmabuf, direction);
	trace_dmabuf_end_cpu_access(dmabuf, NULL, direction, ret, start);
	return ret;
}

/* False if there was no begin for it. */
static bool count_end(struct dma_buf *dmabuf)
{
	struct dmabuf_state *state = dmabuf_state(dmabuf);

	/* Never below zero, where an end that is right could find it. */
	return !state || atomic_dec_if_positive(&state->cpu_access) >= 0 ||
	       state->adopted;
}

/**
 * dma_buf_end_cpu_access - after the CPU touched a buffer
 * @dmabuf: the buffer; its reservation lock is not held
 * @direction: as it was begun
 *
 * Return: 0, -EINVAL without a buffer, or what the exporter says.
 */
int dma_buf_end_cpu_access(struct dma_buf *dmabuf,
			   enum dma_data_direction direction)
{
	if (!dmabuf) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return -EINVAL;
	}
	if (!count_end(dmabuf))
		dmabuf_misuse(DMABUF_END_UNBEGUN, dmabuf, NULL, _RET_IP_);
	return end(dmabuf, direction);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_end_cpu_access, "DMA_BUF");

static void count_program_begin(struct dmabuf_programs *programs,
				enum dma_data_direction direction)
{
	if (direction != DMA_TO_DEVICE)
		atomic_inc(&programs->reads);
	if (direction != DMA_FROM_DEVICE)
		atomic_inc(&programs->writes);
	atomic_inc(&programs->begun);
}

/*
 * A program may end in two steps what it began in one, or the other way round. So an
 * end is only wrong if neither what it ends was begun, nor anything else.
 */
static bool count_program_end(struct dmabuf_programs *programs,
			      enum dma_data_direction direction)
{
	bool known = atomic_dec_if_positive(&programs->begun) >= 0;

	if (direction != DMA_TO_DEVICE)
		known |= atomic_dec_if_positive(&programs->reads) >= 0;
	if (direction != DMA_FROM_DEVICE)
		known |= atomic_dec_if_positive(&programs->writes) >= 0;
	return known;
}

int dmabuf_begin_program_access(struct dma_buf *dmabuf,
				enum dma_data_direction direction)
{
	int ret = begin(dmabuf, direction);
	struct dmabuf_state *state = dmabuf_state(dmabuf);

	if (!ret && state)
		count_program_begin(&state->programs, direction);
	return ret;
}

int dmabuf_end_program_access(struct dma_buf *dmabuf,
			      enum dma_data_direction direction)
{
	struct dmabuf_state *state = dmabuf_state(dmabuf);

	if (state && !count_program_end(&state->programs, direction) && !state->adopted &&
	    !atomic_fetch_inc(&state->programs.unbegun))
		dmabuf_misuse_by_program(DMABUF_END_UNBEGUN, dmabuf);
	return end(dmabuf, direction);
}

unsigned int dmabuf_cpu_accesses(struct dmabuf_state *state)
{
	unsigned int begun = atomic_read(&state->programs.begun);
	unsigned int reads = atomic_read(&state->programs.reads);
	unsigned int writes = atomic_read(&state->programs.writes);

	/* Balanced in one way to count is balanced. */
	return atomic_read(&state->cpu_access) + min(begun, max(reads, writes));
}

static int vmap(struct dma_buf *dmabuf, struct iosys_map *map,
		unsigned long caller)
{
	struct iosys_map address = {};
	int ret;

	if (!dmabuf->ops->vmap)
		return -EINVAL;
	if (dmabuf_is_revoked(dmabuf))
		return -ENODEV;
	ret = dmabuf_fault(DMABUF_FAULT_VMAP, dmabuf->exp_name, NULL);
	if (ret)
		return ret;
	if (!dmabuf->vmapping_counter) {
		ret = dmabuf->ops->vmap(dmabuf, &address);
		if (ret)
			return ret;
		if (iosys_map_is_null(&address)) {
			dmabuf_misuse(DMABUF_VMAP_NOTHING, dmabuf, NULL, caller);
			return -ENOMEM;
		}
		dmabuf->vmap_ptr = address;
	}
	dmabuf->vmapping_counter++;
	*map = dmabuf->vmap_ptr;
	return 0;
}

static int vmap_traced(struct dma_buf *dmabuf, struct iosys_map *map,
		       unsigned long caller)
{
	u64 start = DMABUF_START(vmap);
	int ret = vmap(dmabuf, map, caller);

	trace_dmabuf_vmap(dmabuf, NULL, dmabuf->vmapping_counter, ret, start);
	return ret;
}

/**
 * dma_buf_vmap - map a buffer into the kernel's addresses
 * @dmabuf: the buffer; its reservation lock is held
 * @map: where it is, or cleared
 *
 * All callers get the same address; the last dma_buf_vunmap() ends it. It can
 * move only when nothing is vmapped. Bracket each access with
 * dma_buf_begin_cpu_access() and dma_buf_end_cpu_access().
 *
 * Return: 0, -EINVAL without a buffer or if it can't be mapped, -ENODEV if it
 * was revoked, or what the exporter says.
 */
int dma_buf_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	bool forgotten;
	int ret;

	iosys_map_clear(map);
	if (!dmabuf) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return -EINVAL;
	}
	forgotten = dmabuf_trylock_forgotten(dmabuf, _RET_IP_);
	ret = vmap_traced(dmabuf, map, _RET_IP_);
	dmabuf_unlock_forgotten(dmabuf, forgotten);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_vmap, "DMA_BUF");

/**
 * dma_buf_vmap_unlocked - dma_buf_vmap() that takes the lock
 * @dmabuf: the buffer; its reservation lock is not held
 * @map: where it is, or cleared
 *
 * Return: as dma_buf_vmap().
 */
int dma_buf_vmap_unlocked(struct dma_buf *dmabuf, struct iosys_map *map)
{
	int ret;

	iosys_map_clear(map);
	if (!dmabuf) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return -EINVAL;
	}
	dma_resv_lock(dmabuf->resv, NULL);
	ret = vmap_traced(dmabuf, map, _RET_IP_);
	dma_resv_unlock(dmabuf->resv);
	return ret;
}
EXPORT_SYMBOL_NS_GPL(dma_buf_vmap_unlocked, "DMA_BUF");

static void vunmap_checked(struct dma_buf *dmabuf, struct iosys_map *map,
			   unsigned long caller)
{
	u64 start = DMABUF_START(vunmap);

	if (!dmabuf->vmapping_counter ||
	    !iosys_map_is_equal(&dmabuf->vmap_ptr, map)) {
		dmabuf_misuse(DMABUF_VUNMAP_UNMAPPED, dmabuf, NULL, caller);
		return;
	}
	if (!--dmabuf->vmapping_counter) {
		if (dmabuf->ops->vunmap)
			dmabuf->ops->vunmap(dmabuf, map);
		iosys_map_clear(&dmabuf->vmap_ptr);
	}
	trace_dmabuf_vunmap(dmabuf, NULL, dmabuf->vmapping_counter, 0, start);
}

/**
 * dma_buf_vunmap - give an address back
 * @dmabuf: the buffer; its reservation lock is held
 * @map: from dma_buf_vmap()
 */
void dma_buf_vunmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	bool forgotten;

	if (!dmabuf) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return;
	}
	forgotten = dmabuf_trylock_forgotten(dmabuf, _RET_IP_);
	vunmap_checked(dmabuf, map, _RET_IP_);
	dmabuf_unlock_forgotten(dmabuf, forgotten);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_vunmap, "DMA_BUF");

/**
 * dma_buf_vunmap_unlocked - dma_buf_vunmap() that takes the lock
 * @dmabuf: the buffer; its reservation lock is not held
 * @map: from dma_buf_vmap()
 */
void dma_buf_vunmap_unlocked(struct dma_buf *dmabuf, struct iosys_map *map)
{
	if (!dmabuf) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return;
	}
	dma_resv_lock(dmabuf->resv, NULL);
	vunmap_checked(dmabuf, map, _RET_IP_);
	dma_resv_unlock(dmabuf->resv);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_vunmap_unlocked, "DMA_BUF");
