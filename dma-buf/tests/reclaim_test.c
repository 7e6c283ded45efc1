// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of reclaim.c: idle mappings end when memory is short. Called here as the
 * shrinker calls it, as a test can't wait for memory to be short.
 */

#include <kunit/test.h>

#include <linux/dma-direction.h>
#include <linux/dma-resv.h>
#include <linux/fs.h>

#include "../mapping.h"
#include "../reclaim.h"
#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

static int reclaim_test_init(struct kunit *test)
{
	mock_user_strict(test, false);
	return 0;
}

static void map_and_unmap(struct kunit *test, struct mock_importer *importer)
{
	struct sg_table *table = mock_map(importer, DMA_TO_DEVICE);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	mock_unmap(importer, table, DMA_TO_DEVICE);
}

static void reclaim_ends_idle_mappings(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *idle = mock_attach_static(test, exporter);
	struct mock_importer *busy = mock_attach_static(test, exporter);
	struct sg_table *table = mock_map(busy, DMA_TO_DEVICE);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	map_and_unmap(test, idle);
	KUNIT_EXPECT_GE(test, dmabuf_reclaim(ULONG_MAX), 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&dmabuf_idle_mappings), 0);
	KUNIT_EXPECT_EQ(test, dmabuf_reclaim(ULONG_MAX), 0);
	KUNIT_EXPECT_EQ(test, file_count(exporter->dmabuf->file), 1);
	mock_unmap(busy, table, DMA_TO_DEVICE);
	mock_detach_importer(busy);
	mock_detach_importer(idle);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 2);
	mock_release(test, exporter);
}

static void reclaim_waits_for_no_lock_and_takes_what_it_wants(struct kunit *test)
{
	struct mock_exporter *first = mock_buffer(test), *second = mock_buffer(test);
	struct mock_importer *a = mock_attach_static(test, first);
	struct mock_importer *b = mock_attach_static(test, second);
	unsigned long ended;

	dmabuf_reclaim(ULONG_MAX);
	map_and_unmap(test, a);
	map_and_unmap(test, b);
	dma_resv_lock(first->dmabuf->resv, NULL);
	ended = dmabuf_reclaim(ULONG_MAX);
	dma_resv_unlock(first->dmabuf->resv);
	KUNIT_EXPECT_EQ(test, ended, 1);
	KUNIT_EXPECT_EQ(test, first->calls[MOCK_UNMAP], 0);
	KUNIT_EXPECT_EQ(test, second->calls[MOCK_UNMAP], 1);

	map_and_unmap(test, b);
	KUNIT_EXPECT_EQ(test, dmabuf_reclaim(1), 1);
	KUNIT_EXPECT_EQ(test, atomic_long_read(&dmabuf_idle_mappings), 1);
	mock_detach_importer(a);
	mock_detach_importer(b);
	mock_release(test, first);
	mock_release(test, second);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(reclaim_ends_idle_mappings),
	KUNIT_CASE(reclaim_waits_for_no_lock_and_takes_what_it_wants),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-reclaim",
	.init = reclaim_test_init,
	.test_cases = cases,
};

kunit_test_suite(suite);
