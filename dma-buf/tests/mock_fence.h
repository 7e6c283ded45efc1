/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fences that a test signals.
 */
#ifndef DMABUF_MOCK_FENCE_H
#define DMABUF_MOCK_FENCE_H

#include <linux/dma-fence.h>
#include <linux/dma-resv.h>

struct kunit;

/**
 * mock_fence_create - a fence that is not signalled
 * @test: ends if there is no memory
 *
 * Each is in a context of its own, so that none replaces another.
 *
 * Return: the fence with a reference.
 */
struct dma_fence *mock_fence_create(struct kunit *test);

/**
 * mock_fence_add - mock_fence_create(), and let a buffer wait for it
 * @test: ends if there is no memory
 * @resv: the buffer's, not locked
 * @usage: what the fence's device does with the buffer
 *
 * Return: the fence with a reference for the test.
 */
struct dma_fence *mock_fence_add(struct kunit *test, struct dma_resv *resv,
				 enum dma_resv_usage usage);

/**
 * mock_fence_finish - signal a fence and drop the test's reference
 * @fence: from here
 */
void mock_fence_finish(struct dma_fence *fence);

#endif
