// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fences for tests. Suites that wait or poll use them.
 */

#include <kunit/test.h>

#include <linux/slab.h>
#include <linux/spinlock.h>

#include "mock_fence.h"

/**
 * struct mock_fence - a fence of its own
 * @base: the fence
 */
struct mock_fence {
	struct dma_fence base;
	/** @lock: of @base */
	spinlock_t lock;
};

static const char *mock_name(struct dma_fence *fence)
{
	return "mock";
}

static const struct dma_fence_ops mock_fence_ops = {
	.get_driver_name = mock_name,
	.get_timeline_name = mock_name,
};

struct dma_fence *mock_fence_create(struct kunit *test)
{
	struct mock_fence *fence = kzalloc_obj(*fence);

	KUNIT_ASSERT_NOT_NULL(test, fence);
	spin_lock_init(&fence->lock);
	dma_fence_init(&fence->base, &mock_fence_ops, &fence->lock,
		       dma_fence_context_alloc(1), 1);
	return &fence->base;
}

struct dma_fence *mock_fence_add(struct kunit *test, struct dma_resv *resv,
				 enum dma_resv_usage usage)
{
	struct dma_fence *fence = mock_fence_create(test);
	int ret;

	dma_resv_lock(resv, NULL);
	ret = dma_resv_reserve_fences(resv, 1);
	if (!ret)
		dma_resv_add_fence(resv, fence, usage);
	dma_resv_unlock(resv);
	KUNIT_ASSERT_EQ(test, ret, 0);
	return fence;
}

void mock_fence_finish(struct dma_fence *fence)
{
	dma_fence_signal(fence);
	dma_fence_put(fence);
}
