/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps a buffer, and its exporter, for those who are attached, reference or
 * not: two counts. Documentation/core.rst has the argument.
 */
#ifndef DMABUF_HOLD_H
#define DMABUF_HOLD_H

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/wait_bit.h>

#include "state.h"

/**
 * dmabuf_hold_init - of a new buffer
 * @own: its state; each count is one, for the file
 */
static inline void dmabuf_hold_init(struct dmabuf_state *own)
{
	atomic_set(&own->holds, 1);
	atomic_set(&own->calls, 1);
}

/**
 * dmabuf_hold - keep a buffer's memory
 * @own: dmabuf_own_state() of a buffer with a reference; for dmabuf_drop()
 */
static inline void dmabuf_hold(struct dmabuf_state *own)
{
	if (own)
		atomic_inc(&own->holds);
}

/**
 * dmabuf_call_begin - keep the exporter, and its reservation object, for a call
 * @own: dmabuf_own_state() of a buffer that is attached to
 *
 * Return: true, for dmabuf_call_end(), or false if the exporter was told that the
 * buffer is released, or is being told.
 */
static inline bool dmabuf_call_begin(struct dmabuf_state *own)
{
	return !own || atomic_inc_not_zero(&own->calls);
}

/**
 * dmabuf_call_end - the call is over
 * @own: as it was begun with
 */
static inline void dmabuf_call_end(struct dmabuf_state *own)
{
	if (own)
		atomic_dec_and_wake_up(&own->calls);
}

/**
 * dmabuf_calls_end - let no call begin, and wait for those under way
 * @own: dmabuf_own_state() of a buffer without references
 */
static inline void dmabuf_calls_end(struct dmabuf_state *own)
{
	if (own && !atomic_dec_and_test(&own->calls))
		wait_var_event(&own->calls, !atomic_read_acquire(&own->calls));
}

/**
 * dmabuf_orphan_wait - until a released buffer is nobody's but its attachments'
 * @own: dmabuf_own_state() of one that dmabuf_call_begin() was false for, by
 *	somebody who is attached
 */
static inline void dmabuf_orphan_wait(struct dmabuf_state *own)
{
	/* Pairs with store_release_wake_up() of the release. */
	wait_var_event(&own->orphaned, smp_load_acquire(&own->orphaned));
	WARN_ON_ONCE(atomic_read(&own->calls));
}

#endif
