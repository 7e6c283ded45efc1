// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of what misuse.c is told when the last reference to a buffer is dropped: what
 * was left undone is reported twice under the right names, and printed once. Runs
 * after the suite of misuse_test.c, while the book has room.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/vmalloc.h>

#include "misuse_book.h"
#include "mock_exporter.h"
#include "mock_importer.h"

#define TIMES 2

static void release_amid_cpu_access(struct kunit *test)
{
	struct expectation expected;
	unsigned int i;

	book_expect(test, &expected, DMABUF_RELEASE_CPU_ACCESS, test->name, NULL, NULL);
	for (i = 0; i < TIMES; i++) {
		struct mock_exporter *exporter = mock_exporter_create(test, 1);

		exporter->name = test->name;
		mock_export(test, exporter);
		dma_buf_begin_cpu_access(exporter->dmabuf, DMA_TO_DEVICE);
		mock_release(test, exporter);
	}
	book_check(test, &expected, TIMES);
}

/* Nobody is there to blame any more: the exporter's release stands for it. */
static void release_vmapped(struct kunit *test)
{
	struct expectation expected;
	unsigned int i;

	book_expect(test, &expected, DMABUF_RELEASE_VMAPPED, test->name, NULL,
		    "mock_release_op");
	for (i = 0; i < TIMES; i++) {
		struct mock_exporter *exporter = mock_exporter_create(test, 1);
		struct iosys_map address;

		exporter->name = test->name;
		mock_export(test, exporter);
		KUNIT_ASSERT_EQ(test, dma_buf_vmap_unlocked(exporter->dmabuf, &address), 0);
		mock_release(test, exporter);
		vunmap(address.vaddr);
	}
	book_check(test, &expected, TIMES);
}

static void release_attached(struct kunit *test)
{
	struct mock_importer *importer = mock_importer_create(test);
	struct expectation expected;
	unsigned int i;

	book_expect(test, &expected, DMABUF_RELEASE_ATTACHED, test->name, importer->dev,
		    "mock_release_op");
	for (i = 0; i < TIMES; i++) {
		struct mock_exporter *exporter = mock_exporter_create(test, 1);

		exporter->name = test->name;
		mock_export(test, exporter);
		importer->attach = dma_buf_attach(exporter->dmabuf, importer->dev);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer->attach);
		mock_release(test, exporter);
		mock_detach_importer(importer);
	}
	book_check(test, &expected, TIMES);
}

static void release_mapped(struct kunit *test)
{
	struct mock_importer *importer = mock_importer_create(test);
	struct expectation expected;
	unsigned int i;

	book_expect(test, &expected, DMABUF_RELEASE_MAPPED, test->name, importer->dev,
		    "mock_release_op");
	for (i = 0; i < TIMES; i++) {
		struct mock_exporter *exporter = mock_exporter_create(test, 1);

		exporter->name = test->name;
		mock_export(test, exporter);
		importer->attach = dma_buf_attach(exporter->dmabuf, importer->dev);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, importer->attach);
		KUNIT_ASSERT_FALSE(test, IS_ERR(mock_map(importer, DMA_TO_DEVICE)));
		mock_release(test, exporter);
		KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_UNMAP], 1);
		mock_detach_importer(importer);
	}
	book_check(test, &expected, TIMES);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(release_amid_cpu_access),
	KUNIT_CASE(release_vmapped),
	KUNIT_CASE(release_attached),
	KUNIT_CASE(release_mapped),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-misuse-release",
	.test_cases = cases,
};

kunit_test_suite(suite);
