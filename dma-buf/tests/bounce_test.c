// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of mapping_list.c with devices that get a copy of each page, by swiotlb: what
 * they and the processor see. They want a page above 4 GiB, or a kernel that is told
 * to bounce all, and are skipped elsewhere.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

/* Of the mock, where a test has others. */
static struct dma_buf_ops original_ops;

static int bounce_test_init(struct kunit *test)
{
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

static void map_and_unmap(struct kunit *test, struct mock_importer *importer,
			  enum dma_data_direction direction)
{
	mock_unmap(importer, map(test, importer, direction), direction);
}

/* A buffer of a page that devices of 32 bits get a copy of. */
static struct mock_exporter *far_buffer(struct kunit *test, const struct dma_buf_ops *ops)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);

	if (ops) {
		original_ops = exporter->ops;
		exporter->ops.map_dma_buf = ops->map_dma_buf;
		exporter->ops.unmap_dma_buf = ops->unmap_dma_buf;
		exporter->ops.begin_cpu_access = ops->begin_cpu_access;
	}
	mock_export(test, exporter);
	return exporter;
}

static struct mock_importer *near_importer(struct kunit *test, struct mock_exporter *exporter)
{
	struct mock_importer *importer = mock_importer_create(test);

	mock_importer_reach(test, importer, 32);
	importer->attach = dma_buf_attach(exporter->dmabuf, importer->dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer->attach);
	return importer;
}

static u8 *memory_of(struct mock_exporter *exporter)
{
	return page_address(exporter->pages[0]);
}

/* What the device sees of the buffer. */
static u8 *copy_for(struct kunit *test, struct mock_exporter *exporter,
		    struct sg_table *table)
{
	phys_addr_t address = sg_dma_address(table->sgl);

	KUNIT_ASSERT_NE(test, address, page_to_phys(exporter->pages[0]));
	return phys_to_virt(address);
}

static void skip_unless_bounced(struct kunit *test)
{
	struct mock_exporter *exporter = far_buffer(test, NULL);
	struct mock_importer *importer = near_importer(test, exporter);
	struct sg_table *table = mock_map(importer, DMA_TO_DEVICE);
	bool bounced = !IS_ERR(table) &&
		       sg_dma_address(table->sgl) != page_to_phys(exporter->pages[0]);

	if (!IS_ERR(table))
		mock_unmap(importer, table, DMA_TO_DEVICE);
	mock_detach_importer(importer);
	mock_release(test, exporter);
	if (!bounced)
		kunit_skip(test, "no page is bounced");
}

/* The device writes a byte of what was changed since it was mapped before. */
static void a_transfer_of_a_part_keeps_the_rest(struct kunit *test)
{
	struct mock_exporter *exporter;
	struct mock_importer *importer;
	struct sg_table *table;

	skip_unless_bounced(test);
	exporter = far_buffer(test, NULL);
	importer = near_importer(test, exporter);
	memset(memory_of(exporter), 0x11, PAGE_SIZE);
	map_and_unmap(test, importer, DMA_FROM_DEVICE);
	memset(memory_of(exporter), 0x22, PAGE_SIZE);
	table = map(test, importer, DMA_FROM_DEVICE);
	*copy_for(test, exporter, table) = 0x33;
	mock_unmap(importer, table, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, memory_of(exporter)[0], 0x33);
	KUNIT_EXPECT_EQ(test, memory_of(exporter)[1], 0x22);
	KUNIT_EXPECT_EQ(test, memory_of(exporter)[PAGE_SIZE - 1], 0x22);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

/* As heaps do: begin syncs for each attachment that is mapped. */
static struct sg_table *noted_map(struct dma_buf_attachment *attach,
				  enum dma_data_direction direction)
{
	struct sg_table *table = original_ops.map_dma_buf(attach, direction);

	attach->priv = IS_ERR(table) ? NULL : table;
	return table;
}

static void noted_unmap(struct dma_buf_attachment *attach, struct sg_table *table,
			enum dma_data_direction direction)
{
	attach->priv = NULL;
	original_ops.unmap_dma_buf(attach, table, direction);
}

static int sync_mapped(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct dma_buf_attachment *attach;

	dma_resv_lock(dmabuf->resv, NULL);
	list_for_each_entry(attach, &dmabuf->attachments, node)
		if (attach->priv)
			dma_sync_sgtable_for_cpu(attach->dev, attach->priv, direction);
	dma_resv_unlock(dmabuf->resv);
	return 0;
}

static void two_devices_in_turn_and_then_the_processor(struct kunit *test)
{
	static const struct dma_buf_ops heap_ops = {
		.map_dma_buf = noted_map,
		.unmap_dma_buf = noted_unmap,
		.begin_cpu_access = sync_mapped,
	};
	struct mock_importer *first, *second;
	struct mock_exporter *exporter;
	struct sg_table *table;
	int ret;

	skip_unless_bounced(test);
	exporter = far_buffer(test, &heap_ops);
	first = near_importer(test, exporter);
	second = near_importer(test, exporter);
	memset(memory_of(exporter), 0x11, PAGE_SIZE);
	map_and_unmap(test, first, DMA_FROM_DEVICE);
	table = map(test, second, DMA_FROM_DEVICE);
	memset(copy_for(test, exporter, table), 0x22, PAGE_SIZE);
	mock_unmap(second, table, DMA_FROM_DEVICE);
	ret = dma_buf_begin_cpu_access(exporter->dmabuf, DMA_FROM_DEVICE);
	KUNIT_EXPECT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, memory_of(exporter)[0], 0x22);
	dma_buf_end_cpu_access(exporter->dmabuf, DMA_FROM_DEVICE);
	mock_detach_importer(first);
	mock_detach_importer(second);
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_transfer_of_a_part_keeps_the_rest),
	KUNIT_CASE(two_devices_in_turn_and_then_the_processor),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-bounce",
	.init = bounce_test_init,
	.test_cases = cases,
};

kunit_test_suite(suite);
