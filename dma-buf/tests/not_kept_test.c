// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of mapping_list.c with devices that no mapping is kept for: those that need
 * syncs, as memory is bounced for them or a cache does not see them, and those that
 * are not trusted. What would become of the data is bounce_test.c's.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/swiotlb.h>
#include <linux/tracepoint.h>

#include "mock_exporter.h"
#include "mock_importer.h"
#include "mock_user.h"

static int not_kept_test_init(struct kunit *test)
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

/* Counts the syncs of one device. */
struct syncs {
	struct device *dev;
	unsigned int count;
	struct tracepoint *points[4];
	unsigned int found;
};

static void count_sync(struct syncs *syncs, struct device *dev)
{
	if (dev == syncs->dev)
		syncs->count++;
}

static void sg_synced(void *data, struct device *dev, struct scatterlist *sg, int nents,
		      enum dma_data_direction direction)
{
	count_sync(data, dev);
}

static void single_synced(void *data, struct device *dev, dma_addr_t address,
			  size_t size, enum dma_data_direction direction)
{
	count_sync(data, dev);
}

static void find_point(struct tracepoint *point, void *data)
{
	static const char *const names[] = {
		"dma_sync_single_for_cpu",
		"dma_sync_single_for_device",
		"dma_sync_sg_for_cpu",
		"dma_sync_sg_for_device",
	};
	struct syncs *syncs = data;
	int i = match_string(names, ARRAY_SIZE(names), point->name);

	if (i < 0)
		return;
	syncs->points[i] = point;
	syncs->found++;
}

static void *probe(unsigned int i)
{
	return i < 2 ? (void *)single_synced : (void *)sg_synced;
}

static void stop_counting(void *data)
{
	struct syncs *syncs = data;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(syncs->points); i++)
		if (syncs->points[i])
			tracepoint_probe_unregister(syncs->points[i], probe(i), syncs);
	tracepoint_synchronize_unregister();
}

static struct syncs *count_syncs(struct kunit *test, struct device *dev)
{
	struct syncs *syncs = kunit_kzalloc(test, sizeof(*syncs), GFP_KERNEL);
	unsigned int i;
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, syncs);
	syncs->dev = dev;
	for_each_kernel_tracepoint(find_point, syncs);
	KUNIT_ASSERT_EQ(test, syncs->found, ARRAY_SIZE(syncs->points));
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, stop_counting, syncs), 0);
	for (i = 0; i < ARRAY_SIZE(syncs->points); i++) {
		ret = tracepoint_probe_register(syncs->points[i], probe(i), syncs);
		KUNIT_ASSERT_EQ(test, ret, 0);
	}
	return syncs;
}

/* As one whose caches do not see the device: each transfer begins and ends with one. */
static void need_syncs(struct mock_importer *importer)
{
	dev_clear_dma_skip_sync(importer->dev);
}

static void a_device_that_needs_syncs_maps_each_time(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	unsigned int i;

	need_syncs(importer);
	for (i = 1; i <= 3; i++) {
		map_and_unmap(test, importer, DMA_TO_DEVICE);
		KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], i);
		KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], i);
	}
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

/* As one whose first page is bounced while it has idle mappings. */
static void a_device_that_comes_to_need_syncs_gets_nothing_old(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct sg_table *table;

	map_and_unmap(test, importer, DMA_TO_DEVICE);
	need_syncs(importer);
	table = map(test, importer, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MAP], 2);
	/* What was mapped then is not idle now, whatever the device says. */
	dev_set_dma_skip_sync(importer->dev);
	mock_unmap(importer, table, DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 2);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

/* The exporter knows what is to be synced, and may have said: nothing. */
static void the_core_syncs_nothing(struct kunit *test)
{
	static const enum dma_data_direction directions[] = {
		DMA_BIDIRECTIONAL,
		DMA_TO_DEVICE,
		DMA_FROM_DEVICE,
	};
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer *importer = mock_attach_static(test, exporter);
	struct syncs *syncs = count_syncs(test, importer->dev);
	unsigned int i, turn;

	need_syncs(importer);
	for (i = 0; i < ARRAY_SIZE(directions); i++)
		for (turn = 0; turn < 3; turn++)
			map_and_unmap(test, importer, directions[i]);
	KUNIT_EXPECT_EQ(test, syncs->count, 0);
	/* It does count. */
	dma_sync_single_for_cpu(importer->dev, page_to_phys(exporter->pages[0]), 1,
				DMA_TO_DEVICE);
	KUNIT_EXPECT_EQ(test, syncs->count, 1);
	mock_detach_importer(importer);
	mock_release(test, exporter);
}

#ifdef CONFIG_PCI
static void free_pci_device(struct device *dev)
{
	kfree(to_pci_dev(dev));
}

static struct pci_dev *make_pci_device(struct kunit *test)
{
	struct pci_dev *pci = kzalloc_obj(*pci);
	struct device *dev;

	KUNIT_ASSERT_NOT_NULL(test, pci);
	dev = &pci->dev;
	device_initialize(dev);
	dev->release = free_pci_device;
	KUNIT_ASSERT_EQ(test, dev_set_name(dev, "%s", test->name), 0);
	dev->bus = &pci_bus_type;
	dev->dma_mask = &dev->coherent_dma_mask;
	KUNIT_ASSERT_EQ(test, dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)), 0);
	return pci;
}

static unsigned int maps_for(struct kunit *test, struct pci_dev *pci)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct mock_importer importer = {};
	unsigned int i;

	importer.attach = dma_buf_attach(exporter->dmabuf, &pci->dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer.attach);
	for (i = 0; i < 3; i++)
		map_and_unmap(test, &importer, DMA_BIDIRECTIONAL);
	mock_detach_importer(&importer);
	mock_release(test, exporter);
	return exporter->calls[MOCK_MAP];
}

static void a_device_that_is_not_trusted_keeps_no_access(struct kunit *test)
{
	struct pci_dev *pci = make_pci_device(test);

	if (!is_swiotlb_force_bounce(&pci->dev))
		KUNIT_EXPECT_EQ(test, maps_for(test, pci), 1);
	pci->untrusted = true;
	KUNIT_EXPECT_EQ(test, maps_for(test, pci), 3);
	put_device(&pci->dev);
}
#endif

static struct kunit_case cases[] = {
	KUNIT_CASE(a_device_that_needs_syncs_maps_each_time),
	KUNIT_CASE(a_device_that_comes_to_need_syncs_gets_nothing_old),
	KUNIT_CASE(the_core_syncs_nothing),
#ifdef CONFIG_PCI
	KUNIT_CASE(a_device_that_is_not_trusted_keeps_no_access),
#endif
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-not-kept",
	.init = not_kept_test_init,
	.test_cases = cases,
};

kunit_test_suite(suite);
