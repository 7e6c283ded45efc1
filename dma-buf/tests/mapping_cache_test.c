// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of mapping_list.c: mappings that are kept idle, when they are given out
 * again, and what ends them. Lack of memory is reclaim_test.c's, and devices that no
 * mapping is kept for bounce_test.c's. Strict mode keeps none, so it is off here.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/swiotlb.h>
#include <linux/scatterlist.h>

#include "../reclaim.h"
#include "mock_exporter.h"
#include "mock_fence.h"
#include "mock_importer.h"
#include "mock_user.h"

static int cache_test_init(struct kunit *test)
{
	struct mock_importer *importer = mock_importer_create(test);

	if (is_swiotlb_force_bounce(importer->dev))
		kunit_skip(test, "all memory is bounced: no mapping is kept");
	mock_user_strict(test, false);
	return 0;
}

static struct sg_table *map(struct kunit *test, struct mock_importer *importer,
			    enum dma_data_direction direction)
{
	struct sg_table *table = mock_map(importer, direction);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	return table;
}

static struct sg_table *map_and_unmap(struct kunit *test,
				      struct mock_importer *importer,
				      enum dma_data_direction direction)
{
	struct sg_table *table = map(test, importer, direction);

	mock_unmap(importer, table, direction);
	return table;
}

static void a_mapping_is_used_again(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	unsigned long idle = dmabuf_idle_pages();
	struct sg_table *table;
	unsigned int i;

	table = map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), idle + 1);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_PTR_EQ(test, table,
				    map_and_unmap(test, importer, DMA_TO_DEVICE));
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), idle);
	mock_release(test, exporter);
}

static void a_new_direction_ends_the_idle_mapping(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	unsigned long idle = dmabuf_idle_pages();

	map_and_unmap(test, importer, DMA_TO_DEVICE);
	map_and_unmap(test, importer, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 2);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), idle + 1);
	map_and_unmap(test, importer, DMA_BIDIRECTIONAL);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 3);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 2);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 3);
	mock_release(test, exporter);
}

static void each_attachment_has_its_mapping(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *first = mock_attach_static(test, exporter);
	struct mock_importer *second = mock_attach_static(test, exporter);

	map_and_unmap(test, first, DMA_TO_DEVICE);
	map_and_unmap(test, second, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 2);
	mock_detach_importer(first);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	mock_detach_importer(second);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 2);
	mock_release(test, exporter);
}

/* Its first mapping is gone once it mapped the table in another direction. */
static void an_exporter_that_keeps_one_table_is_asked_again(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct mock_importer *importer;

	mock_exporter_keep_table(exporter);
	mock_export(test, exporter);
	importer = mock_attach_static(test, exporter);
	map_and_unmap(test, importer, DMA_TO_DEVICE);
	map_and_unmap(test, importer, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 2);
	map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 3);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 3);
	mock_release(test, exporter);
}

static void a_peers_mapping_is_not_kept(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_importer_create(test);

	importer->ops.allow_peer2peer = true;
	importer->attach = dma_buf_dynamic_attach(exporter->dmabuf, importer->dev,
						  &importer->ops, importer);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer->attach);
	map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void invalidate(struct mock_exporter *exporter)
{
	dma_resv_lock(exporter->dmabuf->resv, NULL);
	dma_buf_invalidate_mappings(exporter->dmabuf);
	dma_resv_unlock(exporter->dmabuf->resv);
}

static void a_move_ends_idle_mappings(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_dynamic(test, exporter);

	map_and_unmap(test, importer, DMA_TO_DEVICE);
	invalidate(exporter);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, importer->invalidations, 1);
	map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 2);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void a_mapping_in_use_goes_stale_by_a_move(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_dynamic(test, exporter);
	struct sg_table *table = map(test, importer, DMA_TO_DEVICE);

	invalidate(exporter);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);
	mock_unmap(importer, table, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 2);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void a_kept_mapping_does_not_pin(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);

	map_and_unmap(test, importer, DMA_TO_DEVICE);
	map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_PIN], 2);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 2);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void a_pin_that_moves_the_buffer_leads_to_a_new_mapping(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	unsigned long idle = dmabuf_idle_pages();

	map_and_unmap(test, importer, DMA_TO_DEVICE);
	exporter->moves_on_pin = true;
	map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 2);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_PIN], exporter->calls[MOCK_UNPIN]);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), idle + 1);
	map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 2);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, dmabuf_idle_pages(), idle);
	mock_release(test, exporter);
}

static void expect_map_fails(struct kunit *test, struct mock_importer *importer,
			     int error)
{
	struct sg_table *table = mock_map(importer, DMA_TO_DEVICE);

	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(table), error);
}

static void a_failed_reuse_keeps_the_mapping(struct kunit *test)
{
	struct mock_exporter *exporter = mock_movable_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct dma_fence *fence;

	map_and_unmap(test, importer, DMA_TO_DEVICE);
	mock_fail(exporter, MOCK_PIN, 1, -ENOMEM);
	expect_map_fails(test, importer, -ENOMEM);

	fence = mock_fence_add(test, exporter->dmabuf->resv, DMA_RESV_USAGE_KERNEL);
	mock_user_signal(true);
	expect_map_fails(test, importer, -ERESTARTSYS);
	mock_user_signal(false);
	mock_fence_finish(fence);

	map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 3);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static void strict_mode_takes_no_more_mappings_in(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct sg_table *table = map(test, importer, DMA_TO_DEVICE);

	mock_user_strict(test, true);
	mock_unmap(importer, table, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	map_and_unmap(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 2);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

/* Also of a mapping that was idle when strict mode began. */
static void strict_mode_gives_no_pages_of_idle_mappings(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct sg_table *table;

	map_and_unmap(test, importer, DMA_TO_DEVICE);
	mock_user_strict(test, true);
	table = map(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_PTR_NE(test, sg_page(table->sgl), exporter->pages[0]);
	mock_unmap(importer, table, DMA_TO_DEVICE);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], exporter->calls[MOCK_MAP]);
	mock_release(test, exporter);
}

static void (*original_unmap)(struct dma_buf_attachment *attach, struct sg_table *table,
			      enum dma_data_direction direction);

static void unmap_pinned(struct dma_buf_attachment *attach, struct sg_table *table,
			 enum dma_data_direction direction)
{
	struct mock_exporter *exporter = attach->dmabuf->priv;

	exporter->private = exporter->calls[MOCK_UNPIN] ? NULL : exporter;
	original_unmap(attach, table, direction);
}

static void a_forgotten_mapping_is_pinned_until_it_is_unmapped(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct mock_importer *importer;

	mock_exporter_add_pin(exporter);
	original_unmap = exporter->ops.unmap_dma_buf;
	exporter->ops.unmap_dma_buf = unmap_pinned;
	mock_export(test, exporter);
	importer = mock_attach_static(test, exporter);
	map(test, importer, DMA_TO_DEVICE);
	mock_detach_importer(importer);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNPIN], 1);
	KUNIT_EXPECT_PTR_EQ(test, exporter->private, exporter);
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_mapping_is_used_again),
	KUNIT_CASE(a_new_direction_ends_the_idle_mapping),
	KUNIT_CASE(each_attachment_has_its_mapping),
	KUNIT_CASE(an_exporter_that_keeps_one_table_is_asked_again),
	KUNIT_CASE(a_peers_mapping_is_not_kept),
	KUNIT_CASE(a_move_ends_idle_mappings),
	KUNIT_CASE(a_mapping_in_use_goes_stale_by_a_move),
	KUNIT_CASE(a_kept_mapping_does_not_pin),
	KUNIT_CASE(a_pin_that_moves_the_buffer_leads_to_a_new_mapping),
	KUNIT_CASE(a_failed_reuse_keeps_the_mapping),
	KUNIT_CASE(strict_mode_takes_no_more_mappings_in),
	KUNIT_CASE(strict_mode_gives_no_pages_of_idle_mappings),
	KUNIT_CASE(a_forgotten_mapping_is_pinned_until_it_is_unmapped),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-mapping-cache",
	.init = cache_test_init,
	.test_cases = cases,
};

kunit_test_suite(suite);
