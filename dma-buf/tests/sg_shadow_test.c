// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of sg_shadow.c: in strict mode an importer that uses the pages of a mapping
 * is reported, and harms neither the buffer nor the kernel. Runs after the suite of
 * misuse_release_test.c, while the book has room.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/poison.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "misuse_book.h"
#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

#define TIMES 2

/* Not known to the compiler, which else does it twice, from two places. */
static unsigned int times = TIMES;

/* A buffer of zeroes and who maps it. */
static struct mock_importer *make_scene(struct kunit *test, unsigned int pages)
{
	struct mock_exporter *exporter = mock_exporter_create(test, pages);
	unsigned int i;

	mock_user_strict(test, true);
	test->priv = exporter;
	exporter->name = test->name;
	for (i = 0; i < pages; i++)
		clear_page(page_address(exporter->pages[i]));
	mock_export(test, exporter);
	return mock_attach_static(test, exporter);
}

/* The buffer is as it was. */
static void end_scene(struct kunit *test, struct mock_importer *importer)
{
	struct mock_exporter *exporter = test->priv;
	unsigned int i;

	for (i = 0; i < exporter->page_count; i++)
		KUNIT_EXPECT_NULL(test, memchr_inv(page_address(exporter->pages[i]), 0,
						   PAGE_SIZE));
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static struct sg_table *map(struct kunit *test, struct mock_importer *importer)
{
	struct sg_table *table;

	table = dma_buf_map_attachment_unlocked(importer->attach, DMA_TO_DEVICE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, table);
	KUNIT_ASSERT_NOT_NULL(test, sg_page(table->sgl));
	return table;
}

static void unmap(struct mock_importer *importer, struct sg_table *table)
{
	dma_buf_unmap_attachment_unlocked(importer->attach, table, DMA_TO_DEVICE);
}

static void pages_are_not_the_buffers(struct kunit *test)
{
	struct mock_importer *importer = make_scene(test, 3);
	struct mock_exporter *exporter = test->priv;
	struct sg_table *table = map(test, importer);
	struct scatterlist *sg;
	unsigned int i, page;
	size_t length = 0;

	for_each_sgtable_dma_sg(table, sg, i) {
		for (page = 0; page < exporter->page_count; page++)
			KUNIT_EXPECT_PTR_NE(test, sg_page(sg), exporter->pages[page]);
		KUNIT_EXPECT_EQ(test, sg->length, sg_dma_len(sg));
		KUNIT_EXPECT_NE(test, sg_dma_address(sg), 0);
		length += sg_dma_len(sg);
	}
	KUNIT_EXPECT_EQ(test, length, 3 * PAGE_SIZE);
	unmap(importer, table);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);

	mock_user_strict(test, false);
	table = map(test, importer);
	KUNIT_EXPECT_PTR_EQ(test, sg_page(table->sgl), exporter->pages[0]);
	unmap(importer, table);
	end_scene(test, importer);
}

/* To the last byte of the last segment. */
static void who_writes_is_named(struct kunit *test)
{
	struct mock_importer *importer = make_scene(test, 3);
	struct expectation expected;
	unsigned int i;

	book_expect(test, &expected, DMABUF_PAGE_TOUCHED, test->name, importer->dev,
		    __func__);
	for (i = READ_ONCE(times); i; i--) {
		struct sg_table *table = map(test, importer);
		struct scatterlist *last = sg_last(table->sgl, table->nents);

		*((u8 *)sg_virt(last) + last->length - 1) = 0;
		dma_buf_unmap_attachment_unlocked(importer->attach, table, DMA_TO_DEVICE);
	}
	book_check(test, &expected, TIMES);
	end_scene(test, importer);
}

/* What it keeps is its own from then on. */
static void who_keeps_is_named(struct kunit *test)
{
	struct mock_importer *importer = make_scene(test, 1);
	struct expectation expected;
	unsigned int i;

	book_expect(test, &expected, DMABUF_PAGE_TOUCHED, test->name, importer->dev,
		    __func__);
	for (i = READ_ONCE(times); i; i--) {
		struct sg_table *table = map(test, importer);
		struct page *page = sg_page(table->sgl);

		get_page(page);
		dma_buf_unmap_attachment_unlocked(importer->attach, table, DMA_TO_DEVICE);
		KUNIT_EXPECT_EQ(test, page_count(page), 1);
		clear_page(page_address(page));
		put_page(page);
	}
	book_check(test, &expected, TIMES);
	end_scene(test, importer);
}

/* Named with the place that attached, as nobody unmapped. */
static void who_writes_and_detaches_is_named(struct kunit *test)
{
	struct mock_importer *importer = make_scene(test, 1);
	u64 before = dmabuf_misuse_total(DMABUF_PAGE_TOUCHED);
	struct sg_table *table = map(test, importer);

	clear_page(sg_virt(table->sgl));
	end_scene(test, importer);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_PAGE_TOUCHED), before + 1);
}

static void who_only_reads_is_not(struct kunit *test)
{
	struct mock_importer *importer = make_scene(test, 1);
	u64 before = dmabuf_misuse_total(DMABUF_PAGE_TOUCHED);
	struct sg_table *table = map(test, importer);

	KUNIT_EXPECT_EQ(test, *(u8 *)sg_virt(table->sgl), POISON_INUSE);
	unmap(importer, table);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_PAGE_TOUCHED), before);
	end_scene(test, importer);
}

static struct sg_table *map_nothing(struct dma_buf_attachment *attach,
				    enum dma_data_direction direction)
{
	struct sg_table *table = kzalloc_obj(*table);

	return table ?: ERR_PTR(-ENOMEM);
}

static void unmap_nothing(struct dma_buf_attachment *attach, struct sg_table *table,
			  enum dma_data_direction direction)
{
	kfree(table);
}

/* As virtio-gpu gives one to a device that knows the buffer by another name. */
static void an_empty_table_has_no_pages_to_hide(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);
	struct mock_importer *importer;
	struct sg_table *table;

	mock_user_strict(test, true);
	exporter->ops.map_dma_buf = map_nothing;
	exporter->ops.unmap_dma_buf = unmap_nothing;
	mock_export(test, exporter);
	importer = mock_attach_static(test, exporter);
	table = dma_buf_map_attachment_unlocked(importer->attach, DMA_TO_DEVICE);
	KUNIT_EXPECT_NOT_ERR_OR_NULL(test, table);
	if (!IS_ERR_OR_NULL(table)) {
		KUNIT_EXPECT_EQ(test, table->nents, 0);
		unmap(importer, table);
	}
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(who_writes_is_named),
	KUNIT_CASE(who_keeps_is_named),
	KUNIT_CASE(who_writes_and_detaches_is_named),
	KUNIT_CASE(who_only_reads_is_not),
	KUNIT_CASE(pages_are_not_the_buffers),
	KUNIT_CASE(an_empty_table_has_no_pages_to_hide),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-sg-shadow",
	.test_cases = cases,
};

kunit_test_suite(suite);
