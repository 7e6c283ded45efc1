// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of poll.c: what a poller is told at once, what wakes it, and what is
 * left on fences when a buffer goes.
 */

#include <kunit/test.h>

#include <linux/dma-buf.h>
#include <linux/poll.h>

#include "../state.h"
#include "mock_exporter.h"
#include "mock_fence.h"

/**
 * struct poller - somebody who polls
 * @table: as given to poll()
 * @entry: on the queue that poll() named
 * @queue: that queue
 * @wakes: how often it was woken
 * @events: what for, of all times
 */
struct poller {
	poll_table table;
	wait_queue_entry_t entry;
	wait_queue_head_t *queue;
	unsigned int wakes;
	__poll_t events;
};

static int count_wake(wait_queue_entry_t *entry, unsigned int mode, int flags,
		      void *key)
{
	struct poller *poller = container_of(entry, struct poller, entry);

	poller->wakes++;
	poller->events |= key_to_poll(key);
	return 0;
}

static void enqueue(struct file *file, wait_queue_head_t *queue, poll_table *table)
{
	struct poller *poller = container_of(table, struct poller, table);

	poller->queue = queue;
	init_waitqueue_func_entry(&poller->entry, count_wake);
	add_wait_queue(queue, &poller->entry);
}

static __poll_t poll_first(struct poller *poller, struct mock_exporter *exporter,
			   __poll_t events)
{
	*poller = (struct poller){};
	init_poll_funcptr(&poller->table, enqueue);
	poller->table._key = events;
	return vfs_poll(exporter->dmabuf->file, &poller->table);
}

static void poll_end(struct poller *poller)
{
	remove_wait_queue(poller->queue, &poller->entry);
}

/* Polls and goes away. */
static __poll_t poll_once(struct mock_exporter *exporter, __poll_t events)
{
	poll_table table = { ._key = events };

	return vfs_poll(exporter->dmabuf->file, &table);
}

static size_t count_waiters(struct mock_exporter *exporter)
{
	struct dmabuf_buffer *buffer;
	size_t count;

	buffer = container_of(exporter->dmabuf, struct dmabuf_buffer, base);
	spin_lock_irq(&exporter->dmabuf->poll.lock);
	count = list_count_nodes(&buffer->state.waiters);
	spin_unlock_irq(&exporter->dmabuf->poll.lock);
	return count;
}

static void without_fences_all_is_ready(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);

	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN), EPOLLIN);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLOUT), EPOLLOUT);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN | EPOLLOUT | EPOLLPRI),
			EPOLLIN | EPOLLOUT);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLPRI), 0);
	mock_release(test, exporter);
}

static void readers_wait_for_writers_only(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_fence *fence;

	fence = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_READ);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN | EPOLLOUT), EPOLLIN);
	mock_fence_finish(fence);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN | EPOLLOUT),
			EPOLLIN | EPOLLOUT);
	fence = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_WRITE);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN | EPOLLOUT), 0);
	mock_fence_finish(fence);
	fence = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_KERNEL);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN | EPOLLOUT), 0);
	mock_fence_finish(fence);
	fence = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_BOOKKEEP);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN | EPOLLOUT),
			EPOLLIN | EPOLLOUT);
	mock_fence_finish(fence);
	mock_release(test, exporter);
}

static void a_signal_wakes_who_waits_for_it(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct poller in, out;
	struct dma_fence *fence;

	fence = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_WRITE);
	KUNIT_EXPECT_EQ(test, poll_first(&in, exporter, EPOLLIN), 0);
	KUNIT_EXPECT_EQ(test, count_waiters(exporter), 1);
	KUNIT_EXPECT_EQ(test, poll_first(&out, exporter, EPOLLOUT), 0);
	/* One waiter for a fence, whoever waits. */
	KUNIT_EXPECT_EQ(test, count_waiters(exporter), 1);
	KUNIT_EXPECT_EQ(test, in.wakes, 0);
	dma_fence_signal(fence);
	KUNIT_EXPECT_EQ(test, in.wakes, 1);
	KUNIT_EXPECT_EQ(test, out.wakes, 1);
	KUNIT_EXPECT_EQ(test, in.events & out.events, EPOLLIN | EPOLLOUT);
	KUNIT_EXPECT_EQ(test, count_waiters(exporter), 0);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN | EPOLLOUT),
			EPOLLIN | EPOLLOUT);
	poll_end(&in);
	poll_end(&out);
	dma_fence_put(fence);
	mock_release(test, exporter);
}

static void a_poller_waits_for_one_fence_after_the_other(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_resv *resv = exporter->dmabuf->resv;
	struct dma_fence *first, *second;
	struct poller poller;

	first = mock_fence_add(test, resv, DMA_RESV_USAGE_READ);
	second = mock_fence_add(test, resv, DMA_RESV_USAGE_READ);
	KUNIT_EXPECT_EQ(test, poll_first(&poller, exporter, EPOLLOUT), 0);
	dma_fence_signal(first);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLOUT), 0);
	dma_fence_signal(second);
	KUNIT_EXPECT_GE(test, poller.wakes, 1);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLOUT), EPOLLOUT);
	KUNIT_EXPECT_EQ(test, count_waiters(exporter), 0);
	poll_end(&poller);
	dma_fence_put(first);
	dma_fence_put(second);
	mock_release(test, exporter);
}

/* Who waits for an edge has nothing else to be woken by. */
static void a_ready_poll_wakes_who_sleeps(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_fence *fence;
	struct poller sleeper;

	KUNIT_EXPECT_EQ(test, poll_first(&sleeper, exporter, EPOLLIN), EPOLLIN);
	KUNIT_EXPECT_EQ(test, sleeper.wakes, 1);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLOUT), EPOLLOUT);
	KUNIT_EXPECT_EQ(test, sleeper.wakes, 2);
	KUNIT_EXPECT_EQ(test, sleeper.events, EPOLLIN | EPOLLOUT);

	fence = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_WRITE);
	KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN), 0);
	KUNIT_EXPECT_EQ(test, sleeper.wakes, 2);
	dma_fence_signal(fence);
	KUNIT_EXPECT_EQ(test, sleeper.wakes, 3);
	poll_end(&sleeper);
	dma_fence_put(fence);
	mock_release(test, exporter);
}

static void polling_again_and_again_adds_nothing(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_fence *fence;
	unsigned int i, refs;

	fence = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_WRITE);
	poll_once(exporter, EPOLLIN);
	refs = kref_read(&fence->refcount);
	for (i = 0; i < 100; i++)
		KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN | EPOLLOUT), 0);
	KUNIT_EXPECT_EQ(test, count_waiters(exporter), 1);
	KUNIT_EXPECT_EQ(test, kref_read(&fence->refcount), refs);
	mock_fence_finish(fence);
	mock_release(test, exporter);
}

/* The fence lives on, and must not call into a buffer that does not. */
static void a_released_buffer_leaves_its_fences(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_resv *resv = exporter->dmabuf->resv;
	struct dma_fence *fences[8];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fences); i++) {
		fences[i] = mock_fence_add(test, resv, DMA_RESV_USAGE_WRITE);
		KUNIT_EXPECT_EQ(test, poll_once(exporter, EPOLLIN), 0);
	}
	KUNIT_EXPECT_GE(test, count_waiters(exporter), 1);
	mock_release(test, exporter);
	flush_delayed_fput();
	for (i = 0; i < ARRAY_SIZE(fences); i++) {
		KUNIT_EXPECT_TRUE(test, list_empty(&fences[i]->cb_list));
		dma_fence_signal(fences[i]);
		dma_fence_put(fences[i]);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(without_fences_all_is_ready),
	KUNIT_CASE(readers_wait_for_writers_only),
	KUNIT_CASE(a_signal_wakes_who_waits_for_it),
	KUNIT_CASE(a_poller_waits_for_one_fence_after_the_other),
	KUNIT_CASE(a_ready_poll_wakes_who_sleeps),
	KUNIT_CASE(polling_again_and_again_adds_nothing),
	KUNIT_CASE(a_released_buffer_leaves_its_fences),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-poll",
	.test_cases = cases,
};

kunit_test_suite(suite);
