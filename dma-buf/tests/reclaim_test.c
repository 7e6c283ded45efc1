// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of reclaim.c: idle mappings end when memory is short, or a device has no more
 * addresses. Called here as its worker calls it, as a test can't wait for memory to be
 * short.
 */

#include <kunit/test.h>

#include <linux/dma-direction.h>
#include <linux/dma-resv.h>
#include <linux/fs.h>
#include <linux/swiotlb.h>

#include "../reclaim.h"
#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

static int reclaim_test_init(struct kunit *test)
{
	struct mock_importer *importer = mock_importer_create(test);

	if (is_swiotlb_force_bounce(importer->dev))
		kunit_skip(test, "all memory is bounced: no mapping is kept");
	mock_user_strict(test, false);
	dmabuf_reclaim(ULONG_MAX);
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

	map_and_unmap(test, idle);
	KUNIT_EXPECT_EQ(test, dmabuf_reclaim(ULONG_MAX), 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), 0);
	KUNIT_EXPECT_EQ(test, dmabuf_reclaim(ULONG_MAX), 0);
	KUNIT_EXPECT_EQ(test, file_count(exporter->dmabuf->file), 1);
	mock_detach_importer(idle);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	mock_release(test, exporter);
}

/* It was idle before, and is again afterwards. */
static void reclaim_leaves_what_is_in_use_as_it_is(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct sg_table *table;

	map_and_unmap(test, importer);
	table = mock_map(importer, DMA_TO_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	KUNIT_EXPECT_EQ(test, dmabuf_reclaim(ULONG_MAX), 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), 0);
	mock_unmap(importer, table, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), 1);
	map_and_unmap(test, importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 1);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), 0);
	mock_release(test, exporter);
}

static void reclaim_waits_for_no_lock_and_takes_what_it_wants(struct kunit *test)
{
	struct mock_exporter *first = mock_buffer(test), *second = mock_buffer(test);
	struct mock_importer *a = mock_attach_static(test, first);
	struct mock_importer *b = mock_attach_static(test, second);
	unsigned long ended;

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
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), 1);
	mock_detach_importer(a);
	mock_detach_importer(b);
	mock_release(test, first);
	mock_release(test, second);
}

static void reclaim_counts_pages(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 5);
	struct mock_importer *importer;

	mock_export(test, exporter);
	importer = mock_attach_static(test, exporter);
	map_and_unmap(test, importer);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), 5);
	KUNIT_EXPECT_EQ(test, dmabuf_reclaim(1), 5);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), 0);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

/* Of three, the second is used again: it is the last to go. */
static void those_go_first_that_are_idle_longest(struct kunit *test)
{
	static const unsigned int order[] = { 0, 2, 1 };
	struct mock_importer *importers[3];
	struct mock_exporter *exporters[3];
	unsigned int i;

	for (i = 0; i < 3; i++) {
		exporters[i] = mock_buffer(test);
		importers[i] = mock_attach_static(test, exporters[i]);
	}
	for (i = 0; i < 3; i++)
		map_and_unmap(test, importers[i]);
	map_and_unmap(test, importers[1]);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, exporters[order[i]]->calls[MOCK_UNMAP], 0);
		KUNIT_EXPECT_EQ(test, dmabuf_reclaim(1), 1);
		KUNIT_EXPECT_EQ(test, exporters[order[i]]->calls[MOCK_UNMAP], 1);
	}
	for (i = 0; i < 3; i++) {
		mock_detach_importer(importers[i]);
		mock_release(test, exporters[i]);
	}
}

/* Two buffers that one device shares, and one of another device. */
struct crowd {
	struct mock_exporter *wanted;
	struct mock_exporter *mine;
	struct mock_exporter *theirs;
	struct mock_importer *importer;
	struct mock_importer *same_device;
	struct mock_importer *other;
};

static void make_crowd(struct kunit *test, struct crowd *crowd)
{
	crowd->wanted = mock_buffer(test);
	crowd->mine = mock_buffer(test);
	crowd->theirs = mock_buffer(test);
	crowd->importer = mock_attach_static(test, crowd->wanted);
	crowd->other = mock_attach_static(test, crowd->theirs);
	crowd->same_device = mock_importer_create(test);
	crowd->same_device->dev = crowd->importer->dev;
	crowd->same_device->attach = dma_buf_attach(crowd->mine->dmabuf,
						    crowd->importer->dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, crowd->same_device->attach);
	map_and_unmap(test, crowd->same_device);
	map_and_unmap(test, crowd->other);
}

static void end_crowd(struct kunit *test, struct crowd *crowd)
{
	mock_detach_importer(crowd->importer);
	mock_detach_importer(crowd->same_device);
	mock_detach_importer(crowd->other);
	mock_release(test, crowd->wanted);
	mock_release(test, crowd->mine);
	mock_release(test, crowd->theirs);
}

static void a_device_that_can_map_no_more_gives_up_what_is_idle(struct kunit *test)
{
	static const int errors[] = { -ENOMEM, -EIO };
	struct crowd crowd;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		make_crowd(test, &crowd);
		mock_fail(crowd.wanted, MOCK_MAP, 1, errors[i]);
		map_and_unmap(test, crowd.importer);
		KUNIT_EXPECT_EQ(test, crowd.wanted->calls[MOCK_MAP], 2);
		KUNIT_EXPECT_EQ(test, crowd.mine->calls[MOCK_UNMAP], 1);
		KUNIT_EXPECT_EQ(test, crowd.theirs->calls[MOCK_UNMAP], 0);
		end_crowd(test, &crowd);
	}
}

/* Nothing is idle any more, or it is no lack: then it is said at once. */
static void a_map_is_tried_again_once_and_for_a_reason(struct kunit *test)
{
	struct crowd crowd;

	make_crowd(test, &crowd);
	mock_fail(crowd.wanted, MOCK_MAP, 1, -EACCES);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(crowd.importer, DMA_TO_DEVICE)),
			-EACCES);
	KUNIT_EXPECT_EQ(test, crowd.mine->calls[MOCK_UNMAP], 0);

	crowd.wanted->maps_null = true;
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(crowd.importer, DMA_TO_DEVICE)),
			-ENOMEM);
	KUNIT_EXPECT_EQ(test, crowd.mine->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, crowd.wanted->calls[MOCK_MAP], 3);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(mock_map(crowd.importer, DMA_TO_DEVICE)),
			-ENOMEM);
	KUNIT_EXPECT_EQ(test, crowd.wanted->calls[MOCK_MAP], 4);
	crowd.wanted->maps_null = false;
	end_crowd(test, &crowd);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(reclaim_ends_idle_mappings),
	KUNIT_CASE(reclaim_leaves_what_is_in_use_as_it_is),
	KUNIT_CASE(reclaim_waits_for_no_lock_and_takes_what_it_wants),
	KUNIT_CASE(reclaim_counts_pages),
	KUNIT_CASE(those_go_first_that_are_idle_longest),
	KUNIT_CASE(a_device_that_can_map_no_more_gives_up_what_is_idle),
	KUNIT_CASE(a_map_is_tried_again_once_and_for_a_reason),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-reclaim",
	.init = reclaim_test_init,
	.test_cases = cases,
};

kunit_test_suite(suite);
