// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of cpu_access.c: brackets around the CPU's access, mmap and vmap.
 */

#include <kunit/test.h>

#include <linux/dma-direction.h>
#include <linux/dma-resv.h>
#include <linux/mm.h>

#include "../cpu_access.h"
#include "../misuse.h"
#include "mock_exporter.h"
#include "mock_fence.h"
#include "mock_user.h"

static void begin_and_end_are_the_exporters(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_buf *dmabuf = exporter->dmabuf;
	u64 before = dmabuf_misuse_total(DMABUF_END_UNBEGUN);

	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(dmabuf, DMA_FROM_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, dmabuf_begin_program_access(dmabuf, DMA_TO_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, dma_buf_end_cpu_access(dmabuf, DMA_FROM_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, dmabuf_end_program_access(dmabuf, DMA_TO_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_BEGIN], 2);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_END], 2);

	mock_fail(exporter, MOCK_BEGIN, 1, -EIO);
	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(dmabuf, DMA_TO_DEVICE), -EIO);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_END], 2);
	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(dmabuf, DMA_TO_DEVICE), 0);
	mock_fail(exporter, MOCK_END, 1, -EIO);
	KUNIT_EXPECT_EQ(test, dma_buf_end_cpu_access(dmabuf, DMA_TO_DEVICE), -EIO);
	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(NULL, DMA_TO_DEVICE), -EINVAL);
	KUNIT_EXPECT_EQ(test, dma_buf_end_cpu_access(NULL, DMA_TO_DEVICE), -EINVAL);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_END_UNBEGUN), before);
	mock_release(test, exporter);
}

static void an_exporter_needs_neither_begin_nor_end(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 1);

	exporter->ops.begin_cpu_access = NULL;
	exporter->ops.end_cpu_access = NULL;
	mock_export(test, exporter);
	KUNIT_EXPECT_EQ(test, dma_buf_begin_cpu_access(exporter->dmabuf, DMA_TO_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, dma_buf_end_cpu_access(exporter->dmabuf, DMA_TO_DEVICE), 0);
	mock_release(test, exporter);
}

/* With a signal pending, a begin that has to wait fails. */
static int begin_impatiently(struct dma_buf *dmabuf,
			     enum dma_data_direction direction)
{
	int ret;

	mock_user_signal(true);
	ret = dma_buf_begin_cpu_access(dmabuf, direction);
	mock_user_signal(false);
	if (!ret)
		dma_buf_end_cpu_access(dmabuf, direction);
	return ret;
}

static void reading_waits_for_devices_that_write(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_buf *dmabuf = exporter->dmabuf;
	struct dma_fence *fence;

	fence = mock_fence_add(test, dmabuf->resv, DMA_RESV_USAGE_READ);
	KUNIT_EXPECT_EQ(test, begin_impatiently(dmabuf, DMA_FROM_DEVICE), 0);
	KUNIT_EXPECT_EQ(test, begin_impatiently(dmabuf, DMA_TO_DEVICE), -ERESTARTSYS);
	KUNIT_EXPECT_EQ(test, begin_impatiently(dmabuf, DMA_BIDIRECTIONAL), -ERESTARTSYS);
	mock_fence_finish(fence);
	fence = mock_fence_add(test, dmabuf->resv, DMA_RESV_USAGE_WRITE);
	KUNIT_EXPECT_EQ(test, begin_impatiently(dmabuf, DMA_FROM_DEVICE), -ERESTARTSYS);
	mock_fence_finish(fence);
	KUNIT_EXPECT_EQ(test, begin_impatiently(dmabuf, DMA_BIDIRECTIONAL), 0);
	/* Those that were interrupted were ended too. */
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_BEGIN], 5);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_END], 5);
	mock_release(test, exporter);
}

/* A vma of nobody; what mmap puts in its file is put again by the caller. */
static struct vm_area_struct *make_vma(struct kunit *test, unsigned int pages,
				       struct file *file)
{
	struct vm_area_struct *vma;

	vma = kunit_kzalloc(test, sizeof(*vma), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, vma);
	vma->vm_start = PAGE_SIZE;
	vma->vm_end = (1 + pages) * PAGE_SIZE;
	vma->vm_file = get_file(file);
	return vma;
}

static void mmap_changes_the_file_of_the_mapping(struct kunit *test)
{
	struct mock_exporter *importers = mock_buffer(test);
	struct mock_exporter *exporter = mock_exporter_create(test, 4);
	struct dma_buf *dmabuf = mock_export(test, exporter);
	struct file *other = importers->dmabuf->file;
	struct vm_area_struct *vma = make_vma(test, 2, other);

	KUNIT_EXPECT_EQ(test, dma_buf_mmap(dmabuf, vma, 2), 0);
	KUNIT_EXPECT_PTR_EQ(test, vma->vm_file, dmabuf->file);
	KUNIT_EXPECT_EQ(test, vma->vm_pgoff, 2);
	KUNIT_EXPECT_EQ(test, file_count(other), 1);
	KUNIT_EXPECT_EQ(test, file_count(dmabuf->file), 2);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MMAP], 1);
	mock_fail(exporter, MOCK_MMAP, 1, -EPERM);
	KUNIT_EXPECT_EQ(test, dma_buf_mmap(dmabuf, vma, 0), -EPERM);
	fput(vma->vm_file);
	mock_release(test, exporter);
	mock_release(test, importers);
}

static void mmap_stays_inside_the_buffer(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 4);
	struct dma_buf *dmabuf = mock_export(test, exporter);
	struct vm_area_struct *vma = make_vma(test, 2, dmabuf->file);

	KUNIT_EXPECT_EQ(test, dma_buf_mmap(dmabuf, vma, 3), -EINVAL);
	KUNIT_EXPECT_EQ(test, dma_buf_mmap(dmabuf, vma, ULONG_MAX), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, dma_buf_mmap(dmabuf, NULL, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, dma_buf_mmap(NULL, vma, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MMAP], 0);
	KUNIT_EXPECT_EQ(test, dma_buf_mmap(dmabuf, vma, 2), 0);
	exporter->ops.mmap = NULL;
	KUNIT_EXPECT_EQ(test, dma_buf_mmap(dmabuf, vma, 0), -EINVAL);
	fput(vma->vm_file);
	mock_release(test, exporter);
}

static void vmaps_share_one_address(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 2);
	struct dma_buf *dmabuf = mock_export(test, exporter);
	struct iosys_map first, second;
	int ret;

	KUNIT_ASSERT_EQ(test, dma_buf_vmap_unlocked(dmabuf, &first), 0);
	dma_resv_lock(dmabuf->resv, NULL);
	ret = dma_buf_vmap(dmabuf, &second);
	dma_resv_unlock(dmabuf->resv);
	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_EXPECT_TRUE(test, iosys_map_is_equal(&first, &second));
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_VMAP], 1);
	iosys_map_wr(&first, PAGE_SIZE, u32, 7);
	KUNIT_EXPECT_EQ(test, *(u32 *)page_address(exporter->pages[1]), 7);

	dma_resv_lock(dmabuf->resv, NULL);
	dma_buf_vunmap(dmabuf, &second);
	dma_resv_unlock(dmabuf->resv);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_VUNMAP], 0);
	dma_buf_vunmap_unlocked(dmabuf, &first);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_VUNMAP], 1);
	KUNIT_EXPECT_EQ(test, dma_buf_vmap_unlocked(dmabuf, &first), 0);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_VMAP], 2);
	dma_buf_vunmap_unlocked(dmabuf, &first);
	mock_release(test, exporter);
}

static void a_failed_vmap_clears_the_address(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_buf *dmabuf = exporter->dmabuf;
	struct iosys_map address = IOSYS_MAP_INIT_VADDR(test);

	mock_fail(exporter, MOCK_VMAP, 1, -EIO);
	KUNIT_EXPECT_EQ(test, dma_buf_vmap_unlocked(dmabuf, &address), -EIO);
	KUNIT_EXPECT_TRUE(test, iosys_map_is_null(&address));
	exporter->vmaps_null = true;
	KUNIT_EXPECT_EQ(test, dma_buf_vmap_unlocked(dmabuf, &address), -ENOMEM);
	exporter->ops.vmap = NULL;
	KUNIT_EXPECT_EQ(test, dma_buf_vmap_unlocked(dmabuf, &address), -EINVAL);
	KUNIT_EXPECT_EQ(test, dma_buf_vmap_unlocked(NULL, &address), -EINVAL);
	KUNIT_EXPECT_EQ(test, dma_buf_vmap(NULL, &address), -EINVAL);
	dma_buf_vunmap(NULL, &address);
	dma_buf_vunmap_unlocked(NULL, &address);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_VUNMAP], 0);
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(begin_and_end_are_the_exporters),
	KUNIT_CASE(an_exporter_needs_neither_begin_nor_end),
	KUNIT_CASE(reading_waits_for_devices_that_write),
	KUNIT_CASE(mmap_changes_the_file_of_the_mapping),
	KUNIT_CASE(mmap_stays_inside_the_buffer),
	KUNIT_CASE(vmaps_share_one_address),
	KUNIT_CASE(a_failed_vmap_clears_the_address),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-cpu-access",
	.test_cases = cases,
};

kunit_test_suite(suite);
