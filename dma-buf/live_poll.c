// SPDX-License-Identifier: GPL-2.0-only
/*
 * Polling while the live form keeps no state of a buffer: it is being put in or
 * taken out, and the poller may wait for longer than this core is there. So what
 * is left on the fence is the stock core's callback, which wakes pollers
 * whichever core they then ask. Called by poll.c.
 */

#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>

#include "form.h"
#include "live_stock.h"

/* False if the callback for this event already waits for a fence. */
static bool claim(struct dma_buf *dmabuf, struct dma_buf_poll_cb_t *waiter,
		  __poll_t event)
{
	bool free;

	spin_lock_irq(&dmabuf->poll.lock);
	free = !waiter->active;
	if (free)
		waiter->active = event;
	spin_unlock_irq(&dmabuf->poll.lock);
	return free;
}

/* Others may have found it claimed and rely on being woken. */
static void disclaim(struct dma_buf *dmabuf, struct dma_buf_poll_cb_t *waiter)
{
	spin_lock_irq(&dmabuf->poll.lock);
	wake_up_locked_poll(&dmabuf->poll, waiter->active);
	waiter->active = 0;
	spin_unlock_irq(&dmabuf->poll.lock);
}

/* The event if all fences are signalled, else 0 and somebody will wake us. */
static __poll_t poll_event(struct dma_buf *dmabuf,
			   struct dma_buf_poll_cb_t *waiter, __poll_t event)
{
	struct dma_resv_iter cursor;
	struct dma_fence *fence;

	if (!claim(dmabuf, waiter, event))
		return 0;
	/* The callback drops both references. */
	get_file(dmabuf->file);
	dma_resv_for_each_fence(&cursor, dmabuf->resv,
				dma_resv_usage_rw(event == EPOLLOUT), fence) {
		dma_fence_get(fence);
		if (!dma_fence_add_callback(fence, &waiter->cb,
					    dmabuf_stock.poll_callback))
			return 0;
		dma_fence_put(fence);
	}
	disclaim(dmabuf, waiter);
	fput(dmabuf->file);
	return event;
}

__poll_t dmabuf_form_poll(struct dma_buf *dmabuf, __poll_t events)
{
	__poll_t ready = 0;

	if (events & EPOLLOUT)
		ready |= poll_event(dmabuf, &dmabuf->cb_out, EPOLLOUT);
	if (events & EPOLLIN)
		ready |= poll_event(dmabuf, &dmabuf->cb_in, EPOLLIN);
	return ready;
}
