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

#include "form.h"
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
 *
 * If the buffer's release began meanwhile and this was the last, a worker goes on
 * with it.
 */
static inline void dmabuf_call_end(struct dmabuf_state *own)
{
	if (own && atomic_dec_and_test(&own->calls))
		dmabuf_form_queue(&own->rest);
}

/**
 * dmabuf_calls_end - let no call begin, if none is under way
 * @own: dmabuf_own_state() of a buffer without references, or NULL
 *
 * Return: true if none is. Else it is to be left, see dmabuf_calls_leave().
 */
static inline bool dmabuf_calls_end(struct dmabuf_state *own)
{
	return !own || atomic_cmpxchg(&own->calls, 1, 0) == 1;
}

/**
 * dmabuf_calls_leave - let no call begin, and leave the rest to the last of them
 * @own: as in dmabuf_calls_end(), which was false; &dmabuf_state.rest is made
 *
 * Whoever releases waits for nobody: it may be the one worker that drops references
 * for the whole machine, and a call is in the exporter, which may be stuck.
 *
 * Return: true if the last call's end has the work queued, or did so already; the
 * buffer is not the caller's any more. False if they are all over by now.
 */
static inline bool dmabuf_calls_leave(struct dmabuf_state *own)
{
	return !atomic_dec_and_test(&own->calls);
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
