// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of mapping.c: importers map and unmap, and what fails on the way. The
 * mappings that are kept are mapping_cache_test.c's.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/scatterlist.h>
#include <linux/workqueue.h>

#include "../misuse.h"
#include "mock_exporter.h"
#include "mock_fence.h"
#include "mock_importer.h"
#include "mock_user.h"

static size_t dma_length(struct sg_table *table)
{
	struct scatterlist *sg;
	size_t length = 0;
	unsigned int i;

	for_each_sgtable_dma_sg(table, sg, i)
		length += sg_dma_len(sg);
	return length;
}

static void map_covers_the_buffer(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 5);
	struct mock_importer *importer;
	struct sg_table *table;

	mock_export(test, exporter);
	importer = mock_attach_static(test, exporter);
	table = mock_map(importer, DMA_BIDIRECTIONAL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	KUNIT_EXPECT_EQ(test, dma_length(table), 5 * PAGE_SIZE);
	KUNIT_EXPECT_NE(test, sg_dma_address(table->sgl), 0);
	mock_unmap(importer, table, DMA_BIDIRECTIONAL);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	mock_release(test, exporter);
}

static void the_callers_lock_is_used(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_dynamic(test, exporter);
	struct sg_table *table;

	dma_resv_lock(exporter->dmabuf->resv, NULL);
	table = dma_buf_map_attachment(importer->attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, table);
	if (!IS_ERR(table))
		dma_buf_unmap_attachment(importer->attach, table, DMA_TO_DEVICE);
	dma_resv_unlock(exporter->dmabuf->resv);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	mock_release(test, exporter);
}

/* An importer that maps twice has two tables, and gives each back. */
static void a_table_in_use_is_not_given_out_again(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct sg_table *first = mock_map(importer, DMA_TO_DEVICE);
	struct sg_table *second = mock_map(importer, DMA_TO_DEVICE);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, first);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, second);
	KUNIT_EXPECT_PTR_NE(test, first, second);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 2);
	mock_unmap(importer, first, DMA_TO_DEVICE);
	mock_unmap(importer, second, DMA_TO_DEVICE);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 2);
	mock_release(test, exporter);
}

/* The exporter remaps its one table in the direction asked for last. */
static void two_directions_of_one_table_are_told_apart(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	u64 misuse = dmabuf_misuse_total(DMABUF_UNMAP_DIRECTION);
	struct sg_table *to_device, *from_device;
	struct mock_importer *importer;

	mock_user_strict(test, false);
	mock_exporter_keep_table(exporter);
	mock_export(test, exporter);
	importer = mock_attach_static(test, exporter);
	to_device = mock_map(importer, DMA_TO_DEVICE);
	from_device = mock_map(importer, DMA_FROM_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, to_device);
	KUNIT_ASSERT_PTR_EQ(test, to_device, from_device);
	mock_unmap(importer, to_device, DMA_TO_DEVICE);
	mock_unmap(importer, from_device, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_UNMAP_DIRECTION), misuse);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 2);

	/* What the table says is the last direction's. */
	to_device = mock_map(importer, DMA_TO_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, to_device);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 3);
	mock_unmap(importer, to_device, DMA_TO_DEVICE);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void map_wants_an_attachment_and_a_direction(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct sg_table *table;

	table = dma_buf_map_attachment(NULL, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), -EINVAL);
	table = dma_buf_map_attachment_unlocked(NULL, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), -EINVAL);
	table = dma_buf_map_attachment_unlocked(ERR_PTR(-ENOMEM), DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), -EINVAL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(importer, DMA_NONE)), -EINVAL);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 0);
	dma_buf_unmap_attachment_unlocked(NULL, NULL, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void the_exporter_may_fail_to_map(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);

	mock_fail(exporter, MOCK_MAP, 1, -EIO);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(importer, DMA_TO_DEVICE)), -EIO);
	exporter->maps_null = true;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(importer, DMA_TO_DEVICE)), -ENOMEM);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_PIN], 2);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 2);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

/* As with the lock taken for one. */
static void mapping_under_the_lock_fails_the_same(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	static const struct {
		enum mock_op op;
		enum dma_data_direction direction;
		int error;
	} ways[] = {
		{ MOCK_PIN, DMA_TO_DEVICE, -EBUSY },
		{ MOCK_MAP, DMA_TO_DEVICE, -ENOMEM },
		{ MOCK_MAP, DMA_TO_DEVICE, -EIO },
		{ MOCK_UNMAP, DMA_NONE, -EINVAL },
	};
	struct sg_table *table;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		mock_fail(exporter, ways[i].op, 1, ways[i].error);
		dma_resv_lock(exporter->dmabuf->resv, NULL);
		table = dma_buf_map_attachment(importer->attach, ways[i].direction);
		dma_resv_unlock(exporter->dmabuf->resv);
		KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), ways[i].error);
	}
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void the_exporter_may_fail_to_pin(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);

	mock_fail(exporter, MOCK_PIN, 1, -EBUSY);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(importer, DMA_TO_DEVICE)), -EBUSY);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 0);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void only_static_importers_are_pinned_for(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct mock_importer *fixed, *dynamic;
	struct sg_table *table;

	mock_exporter_add_pin(exporter);
	mock_export(test, exporter);
	dynamic = mock_attach_dynamic(test, exporter);
	table = mock_map(dynamic, DMA_TO_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_PIN], 0);
	mock_unmap(dynamic, table, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 0);

	fixed = mock_attach_static(test, exporter);
	table = mock_map(fixed, DMA_TO_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_PIN], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 0);
	mock_unmap(fixed, table, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 1);
	mock_detach_importer(fixed);
	mock_detach_importer(dynamic);
	mock_release(test, exporter);
}

static void an_interrupted_wait_undoes_the_map(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct mock_importer *importer;
	struct dma_fence *fence;
	struct sg_table *table;

	mock_exporter_add_pin(exporter);
	mock_export(test, exporter);
	importer = mock_attach_static(test, exporter);
	fence = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_KERNEL);
	mock_user_signal(true);
	table = mock_map(importer, DMA_TO_DEVICE);
	mock_user_signal(false);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), -ERESTARTSYS);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 1);
	mock_fence_finish(fence);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

/* With a signal pending, whoever waits fails. */
static void others_and_other_fences_are_not_waited_for(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *fixed = mock_attach_static(test, exporter);
	struct mock_importer *dynamic = mock_attach_dynamic(test, exporter);
	struct dma_fence *kernel, *write;
	struct sg_table *table;

	write = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_WRITE);
	mock_user_signal(true);
	table = mock_map(fixed, DMA_TO_DEVICE);
	mock_user_signal(false);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	mock_unmap(fixed, table, DMA_TO_DEVICE);

	kernel = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_KERNEL);
	mock_user_signal(true);
	table = mock_map(dynamic, DMA_TO_DEVICE);
	mock_user_signal(false);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	mock_unmap(dynamic, table, DMA_TO_DEVICE);
	mock_fence_finish(kernel);
	mock_fence_finish(write);
	mock_detach_importer(fixed);
	mock_detach_importer(dynamic);
	mock_release(test, exporter);
}

struct later {
	struct delayed_work work;
	struct dma_fence *fence;
};

static void signal_later(struct work_struct *work)
{
	dma_fence_signal(container_of(work, struct later, work.work)->fence);
}

static void a_static_importer_gets_memory_that_is_there(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct sg_table *table;
	struct later later;

	later.fence = mock_fence_add(test, exporter->dmabuf->resv,
				     DMA_RESV_USAGE_KERNEL);
	INIT_DELAYED_WORK_ONSTACK(&later.work, signal_later);
	schedule_delayed_work(&later.work, HZ / 20);
	table = mock_map(importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(later.fence));
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, table);
	flush_delayed_work(&later.work);
	destroy_delayed_work_on_stack(&later.work);
	dma_fence_put(later.fence);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	mock_unmap(importer, table, DMA_TO_DEVICE);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(map_covers_the_buffer),
	KUNIT_CASE(the_callers_lock_is_used),
	KUNIT_CASE(a_table_in_use_is_not_given_out_again),
	KUNIT_CASE(two_directions_of_one_table_are_told_apart),
	KUNIT_CASE(map_wants_an_attachment_and_a_direction),
	KUNIT_CASE(the_exporter_may_fail_to_map),
	KUNIT_CASE(mapping_under_the_lock_fails_the_same),
	KUNIT_CASE(the_exporter_may_fail_to_pin),
	KUNIT_CASE(only_static_importers_are_pinned_for),
	KUNIT_CASE(an_interrupted_wait_undoes_the_map),
	KUNIT_CASE(others_and_other_fences_are_not_waited_for),
	KUNIT_CASE(a_static_importer_gets_memory_that_is_there),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-mapping",
	.test_cases = cases,
};

kunit_test_suite(suite);
