// SPDX-License-Identifier: GPL-2.0-only
/*
 * An importer for tests. All suites use it. It looks at nothing of the core but
 * <linux/dma-buf.h>.
 */

#include <kunit/device.h>
#include <kunit/test.h>

#include <linux/atomic.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/sprintf.h>

#include "mock_exporter.h"
#include "mock_importer.h"

static void count_invalidation(struct dma_buf_attachment *attach)
{
	struct mock_importer *importer = attach->importer_priv;

	importer->invalidations++;
}

/* A test that failed can leave it attached, and its device goes next. */
static void end_importer(void *data)
{
	struct mock_importer *importer = data;

	if (!IS_ERR_OR_NULL(importer->attach))
		mock_detach_importer(importer);
}

struct mock_importer *mock_importer_create(struct kunit *test)
{
	static atomic_t number;
	struct mock_importer *importer;
	char name[16];

	importer = kunit_kzalloc(test, sizeof(*importer), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, importer);
	importer->ops.invalidate_mappings = count_invalidation;
	snprintf(name, sizeof(name), "importer%d", atomic_inc_return(&number));
	importer->dev = kunit_device_register(test, name);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer->dev);
	mock_importer_reach(test, importer, 64);
	KUNIT_ASSERT_EQ(test, kunit_add_action(test, end_importer, importer), 0);
	return importer;
}

void mock_importer_reach(struct kunit *test, struct mock_importer *importer,
			 unsigned int bits)
{
	int ret = dma_set_mask_and_coherent(importer->dev, DMA_BIT_MASK(bits));

	KUNIT_ASSERT_EQ(test, ret, 0);
}

struct mock_importer *mock_attach_static(struct kunit *test,
					 struct mock_exporter *exporter)
{
	struct mock_importer *importer = mock_importer_create(test);

	importer->attach = dma_buf_attach(exporter->dmabuf, importer->dev);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer->attach);
	return importer;
}

struct mock_importer *mock_attach_dynamic(struct kunit *test,
					  struct mock_exporter *exporter)
{
	struct mock_importer *importer = mock_importer_create(test);

	importer->attach = dma_buf_dynamic_attach(exporter->dmabuf, importer->dev,
						  &importer->ops, importer);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer->attach);
	return importer;
}

void mock_detach_importer(struct mock_importer *importer)
{
	dma_buf_detach(importer->attach->dmabuf, importer->attach);
	importer->attach = NULL;
}

struct sg_table *mock_map(struct mock_importer *importer,
			  enum dma_data_direction direction)
{
	return dma_buf_map_attachment_unlocked(importer->attach, direction);
}

void mock_unmap(struct mock_importer *importer, struct sg_table *table,
		enum dma_data_direction direction)
{
	dma_buf_unmap_attachment_unlocked(importer->attach, table, direction);
}
