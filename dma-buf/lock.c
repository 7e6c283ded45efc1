// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reservation lock, for calls that want it held and are made without it. Called
 * at the start and the end of each of them; what they do is not known here.
 */

#include <linux/atomic.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/iopoll.h>
#include <linux/sched.h>
#include <linux/time64.h>

#include "lock.h"
#include "misuse.h"

/*
 * Has this task locked it? That somebody has is not enough, and lockdep, which knows,
 * is seldom there. The lowest bits of a mutex's owner are flags.
 */
static bool is_locked_here(struct dma_resv *resv)
{
#ifdef CONFIG_PREEMPT_RT
	return rt_mutex_owner(&resv->lock.base.rtmutex) == current;
#else
	unsigned long owner = atomic_long_read(&resv->lock.base.owner);

	return (owner & ~(sizeof(long) - 1)) == (unsigned long)current;
#endif
}

bool dmabuf_lock_forgotten(struct dma_buf *dmabuf,
			   struct dma_buf_attachment *attach, unsigned long caller)
{
	if (likely(is_locked_here(dmabuf->resv)))
		return false;
	dmabuf_misuse(DMABUF_NOT_LOCKED, dmabuf, attach, caller);
	dma_resv_lock(dmabuf->resv, NULL);
	return true;
}

bool dmabuf_trylock_forgotten(struct dma_buf *dmabuf, unsigned long caller)
{
	bool taken;

	if (likely(is_locked_here(dmabuf->resv)))
		return false;
	dmabuf_misuse(DMABUF_NOT_LOCKED, dmabuf, NULL, caller);
	read_poll_timeout(dma_resv_trylock, taken, taken, USEC_PER_MSEC, USEC_PER_SEC,
			  false, dmabuf->resv);
	return taken;
}

void dmabuf_unlock_forgotten(struct dma_buf *dmabuf, bool taken)
{
	if (unlikely(taken))
		dma_resv_unlock(dmabuf->resv);
}
