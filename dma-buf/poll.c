// SPDX-License-Identifier: GPL-2.0-only
/*
 * Polling for a buffer's fences: poll() of its fd. For every fence that
 * somebody waits for there is one waiter; signalling the fence takes it away
 * and wakes the pollers, who look again. A waiter holds its fence, not the
 * buffer: the buffer's release takes what waiters are left off their fences.
 */

#include <linux/cleanup.h>
#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>

#include "buffer.h"
#include "form.h"
#include "poll.h"
#include "state.h"

/**
 * struct waiter - one fence that pollers wait for
 * @callback: on @fence
 * @fence: the fence, with a reference
 * @dmabuf: the buffer, valid while @node is on its list
 * @node: in &dmabuf_state.waiters. Who takes it off frees the waiter
 * @events: what the pollers hope for
 */
struct waiter {
	struct dma_fence_cb callback;
	struct dma_fence *fence;
	struct dma_buf *dmabuf;
	struct list_head node;
	__poll_t events;
};

static void free_waiter(struct waiter *waiter)
{
	dma_fence_put(waiter->fence);
	kfree(waiter);
}

/* Called with the fence's lock held, from any context. */
static void wake_pollers(struct dma_fence *fence, struct dma_fence_cb *callback)
{
	struct waiter *waiter = container_of(callback, struct waiter, callback);
	wait_queue_head_t *queue = &waiter->dmabuf->poll;
	unsigned long flags;
	bool mine;

	spin_lock_irqsave(&queue->lock, flags);
	mine = !list_empty(&waiter->node);
	list_del_init(&waiter->node);
	wake_up_locked_poll(queue, waiter->events);
	spin_unlock_irqrestore(&queue->lock, flags);
	if (mine)
		free_waiter(waiter);
}

/* Hope for more of a fence that is waited for. False if it is not. */
static bool join_waiter(struct dma_buf *dmabuf, struct dmabuf_state *state,
			struct dma_fence *fence, __poll_t events)
{
	struct waiter *waiter;
	bool found = false;

	spin_lock_irq(&dmabuf->poll.lock);
	list_for_each_entry(waiter, &state->waiters, node) {
		if (waiter->fence == fence) {
			waiter->events |= events;
			found = true;
			break;
		}
	}
	spin_unlock_irq(&dmabuf->poll.lock);
	return found;
}

static bool take_off(struct waiter *waiter)
{
	bool mine;

	spin_lock_irq(&waiter->dmabuf->poll.lock);
	mine = !list_empty(&waiter->node);
	list_del_init(&waiter->node);
	spin_unlock_irq(&waiter->dmabuf->poll.lock);
	return mine;
}

/* False if the poller shall poll again, without the state: it was woken. */
static bool list_waiter(struct waiter *waiter, struct dmabuf_state *state)
{
	wait_queue_head_t *queue = &waiter->dmabuf->poll;

	guard(spinlock_irq)(&queue->lock);
	if (state->polls_ended) {
		wake_up_locked_poll(queue, EPOLLIN | EPOLLOUT);
		return false;
	}
	list_add(&waiter->node, &state->waiters);
	state->polled = true;
	return true;
}

/* 0 if the fence is waited for, -ENOENT if it is signalled, or -ENOMEM. */
static int wait_for(struct dma_buf *dmabuf, struct dmabuf_state *state,
		    struct dma_fence *fence, __poll_t events)
{
	struct waiter *waiter;
	int ret;

	if (dma_fence_is_signaled(fence))
		return -ENOENT;
	if (join_waiter(dmabuf, state, fence, events))
		return 0;
	waiter = kzalloc_obj(*waiter, GFP_KERNEL_ACCOUNT);
	if (!waiter)
		return -ENOMEM;
	waiter->fence = dma_fence_get(fence);
	waiter->dmabuf = dmabuf;
	waiter->events = events;
	if (!list_waiter(waiter, state)) {
		free_waiter(waiter);
		return 0;
	}
	ret = dma_fence_add_callback(fence, &waiter->callback, wake_pollers);
	if (ret && take_off(waiter))
		free_waiter(waiter);
	return ret;
}

/* The events if all fences are signalled, else 0 and somebody will wake us. */
static __poll_t check_fences(struct dma_buf *dmabuf, struct dmabuf_state *state,
			     bool write, __poll_t event)
{
	struct dma_resv_iter cursor;
	struct dma_fence *fence;
	int ret;

	dma_resv_for_each_fence(&cursor, dmabuf->resv, dma_resv_usage_rw(write),
				fence) {
		ret = wait_for(dmabuf, state, fence, event);
		if (!ret)
			return 0;
		if (ret != -ENOENT)
			return EPOLLERR;
	}
	return event;
}

static __poll_t check_events(struct dma_buf *dmabuf, struct dmabuf_state *state,
			     __poll_t events)
{
	__poll_t ready = 0;

	if (events & EPOLLOUT)
		ready |= check_fences(dmabuf, state, true, EPOLLOUT);
	if (events & EPOLLIN)
		ready |= check_fences(dmabuf, state, false, EPOLLIN);
	return ready;
}

/*
 * Edge-triggered epoll looks again only when it is woken, and a program may wait for
 * the next fence of a buffer that was ready when last looked at: nobody waits for
 * that fence. So a poll that finds a buffer ready is an edge, as in the stock core.
 */
static void tell_sleepers(struct dma_buf *dmabuf, __poll_t ready)
{
	ready &= EPOLLIN | EPOLLOUT;
	/* Who comes on the queue later looks at the fences itself. */
	if (ready && waitqueue_active(&dmabuf->poll))
		wake_up_poll(&dmabuf->poll, ready);
}

__poll_t dmabuf_poll(struct file *file, poll_table *table)
{
	__poll_t events = poll_requested_events(table) & (EPOLLIN | EPOLLOUT);
	struct dma_buf *dmabuf = file->private_data;
	struct dmabuf_state *state;
	__poll_t ready;

	if (!dmabuf || !dmabuf->resv)
		return EPOLLERR;
	poll_wait(file, &dmabuf->poll, table);
	if (!events)
		return 0;

	dma_resv_lock(dmabuf->resv, NULL);
	state = dmabuf_state(dmabuf);
	ready = state ? check_events(dmabuf, state, events) :
			dmabuf_form_poll(dmabuf, events);
	dma_resv_unlock(dmabuf->resv);
	if (state)
		tell_sleepers(dmabuf, ready);
	return ready;
}

static struct waiter *take_first(struct dma_buf *dmabuf,
				 struct dmabuf_state *state)
{
	struct waiter *waiter;

	spin_lock_irq(&dmabuf->poll.lock);
	waiter = list_first_entry_or_null(&state->waiters, struct waiter, node);
	if (waiter)
		list_del_init(&waiter->node);
	spin_unlock_irq(&dmabuf->poll.lock);
	return waiter;
}

void dmabuf_poll_end(struct dma_buf *dmabuf, struct dmabuf_state *state)
{
	struct waiter *waiter;

	if (!state || !state->polled)
		return;
	while ((waiter = take_first(dmabuf, state))) {
		/* Either way, the callback has run or never will. */
		dma_fence_remove_callback(waiter->fence, &waiter->callback);
		free_waiter(waiter);
	}
}

void dmabuf_poll_forbid(struct dma_buf *dmabuf, struct dmabuf_state *state)
{
	if (!state)
		return;
	spin_lock_irq(&dmabuf->poll.lock);
	state->polls_ended = true;
	spin_unlock_irq(&dmabuf->poll.lock);
	dmabuf_poll_end(dmabuf, state);
}
