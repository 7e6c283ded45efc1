// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of sync_file.c: fences go from a buffer into a sync file and back, by
 * the ioctls that programs use.
 */

#include <kunit/test.h>

#include <linux/dma-fence-array.h>
#include <linux/dma-resv.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/mman.h>
#include <linux/sync_file.h>

#include <uapi/linux/dma-buf.h>

#include "mock_exporter.h"
#include "mock_fence.h"
#include "mock_user.h"

/* What documentation promises as the most that may be pending. */
#define PENDING_MAX 1024

static long export_fences(struct kunit *test, struct mock_exporter *exporter,
			  u32 flags, int *fd)
{
	struct dma_buf_export_sync_file export = { .flags = flags, .fd = -1 };
	long ret;

	ret = mock_user_ioctl(test, exporter->dmabuf->file,
			      DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export, sizeof(export));
	*fd = export.fd;
	return ret;
}

/* The exported fences with a reference, their fd closed. */
static struct dma_fence *exported(struct kunit *test, struct mock_exporter *exporter,
				  u32 flags)
{
	struct dma_fence *fence;
	int fd;

	KUNIT_ASSERT_EQ(test, export_fences(test, exporter, flags, &fd), 0);
	KUNIT_ASSERT_GE(test, fd, 0);
	fence = sync_file_get_fence(fd);
	close_fd(fd);
	KUNIT_ASSERT_NOT_NULL(test, fence);
	return fence;
}

static long import_fd(struct kunit *test, struct mock_exporter *exporter, u32 flags,
		      int fd)
{
	struct dma_buf_import_sync_file import = { .flags = flags, .fd = fd };

	return mock_user_ioctl(test, exporter->dmabuf->file,
			       DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import, sizeof(import));
}

static long import_fence(struct kunit *test, struct mock_exporter *exporter,
			 u32 flags, struct dma_fence *fence)
{
	struct sync_file *sync_file = sync_file_create(fence);
	int fd = get_unused_fd_flags(O_CLOEXEC);
	long ret;

	KUNIT_ASSERT_NOT_NULL(test, sync_file);
	KUNIT_ASSERT_GE(test, fd, 0);
	fd_install(fd, sync_file->file);
	ret = import_fd(test, exporter, flags, fd);
	close_fd(fd);
	return ret;
}

static unsigned int pending(struct mock_exporter *exporter, enum dma_resv_usage usage)
{
	struct dma_resv *resv = exporter->dmabuf->resv;
	struct dma_resv_iter cursor;
	struct dma_fence *fence;
	unsigned int count = 0;

	dma_resv_lock(resv, NULL);
	dma_resv_for_each_fence(&cursor, resv, usage, fence)
		count += !dma_fence_is_signaled(fence);
	dma_resv_unlock(resv);
	return count;
}

static void without_fences_the_export_is_signalled(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_fence *fence = exported(test, exporter, DMA_BUF_SYNC_RW);

	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(fence));
	dma_fence_put(fence);
	mock_release(test, exporter);
}

static void readers_get_the_fences_of_writers(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_resv *resv = exporter->dmabuf->resv;
	struct dma_fence *read = mock_fence_add(test, resv, DMA_RESV_USAGE_READ);
	struct dma_fence *write, *fence;

	fence = exported(test, exporter, DMA_BUF_SYNC_READ);
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(fence));
	dma_fence_put(fence);
	fence = exported(test, exporter, DMA_BUF_SYNC_WRITE);
	KUNIT_EXPECT_PTR_EQ(test, fence, read);
	dma_fence_put(fence);

	write = mock_fence_add(test, resv, DMA_RESV_USAGE_WRITE);
	fence = exported(test, exporter, DMA_BUF_SYNC_READ);
	KUNIT_EXPECT_PTR_EQ(test, fence, write);
	dma_fence_put(fence);
	fence = exported(test, exporter, DMA_BUF_SYNC_RW);
	mock_fence_finish(read);
	KUNIT_EXPECT_FALSE(test, dma_fence_is_signaled(fence));
	mock_fence_finish(write);
	KUNIT_EXPECT_TRUE(test, dma_fence_is_signaled(fence));
	dma_fence_put(fence);
	mock_release(test, exporter);
}

static void export_refuses_flags_and_lacks_fds(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	unsigned long limit;
	long ret;
	int fd;

	KUNIT_EXPECT_EQ(test, export_fences(test, exporter, 0, &fd), -EINVAL);
	KUNIT_EXPECT_EQ(test, export_fences(test, exporter, DMA_BUF_SYNC_END, &fd),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, export_fences(test, exporter, 1U << 31 | 1, &fd), -EINVAL);
	limit = mock_user_fd_limit(0);
	ret = export_fences(test, exporter, DMA_BUF_SYNC_RW, &fd);
	mock_user_fd_limit(limit);
	KUNIT_EXPECT_EQ(test, ret, -EMFILE);
	KUNIT_EXPECT_EQ(test, fd, -1);
	mock_release(test, exporter);
}

static int next_fd(void)
{
	int fd = get_unused_fd_flags(0);

	if (fd >= 0)
		put_unused_fd(fd);
	return fd;
}

/* An argument that can be read and not written: a buffer's own memory. */
static void a_failed_export_gives_the_fd_back(struct kunit *test)
{
	struct mock_exporter *memory = mock_buffer(test), *exporter = mock_buffer(test);
	struct dma_buf_export_sync_file *export = page_address(memory->pages[0]);
	struct file *file = exporter->dmabuf->file;
	unsigned long address;
	int before;
	long ret;

	export->flags = DMA_BUF_SYNC_RW;
	address = kunit_vm_mmap(test, memory->dmabuf->file, 0, PAGE_SIZE, PROT_READ,
				MAP_SHARED, 0);
	KUNIT_ASSERT_NE(test, address, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(address));
	before = next_fd();
	ret = file->f_op->unlocked_ioctl(file, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, address);
	KUNIT_EXPECT_EQ(test, ret, -EFAULT);
	KUNIT_EXPECT_EQ(test, next_fd(), before);
	vm_munmap(address, PAGE_SIZE);
	mock_release(test, exporter);
	mock_release(test, memory);
}

static void imported_fences_are_waited_for(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_fence *read = mock_fence_create(test);
	struct dma_fence *write = mock_fence_create(test);

	KUNIT_EXPECT_EQ(test, import_fence(test, exporter, DMA_BUF_SYNC_READ, read), 0);
	KUNIT_EXPECT_EQ(test, pending(exporter, DMA_RESV_USAGE_WRITE), 0);
	KUNIT_EXPECT_EQ(test, pending(exporter, DMA_RESV_USAGE_READ), 1);
	KUNIT_EXPECT_EQ(test, import_fence(test, exporter, DMA_BUF_SYNC_WRITE, write), 0);
	KUNIT_EXPECT_EQ(test, pending(exporter, DMA_RESV_USAGE_WRITE), 1);
	KUNIT_EXPECT_EQ(test, pending(exporter, DMA_RESV_USAGE_READ), 2);
	mock_fence_finish(read);
	mock_fence_finish(write);
	KUNIT_EXPECT_EQ(test, pending(exporter, DMA_RESV_USAGE_BOOKKEEP), 0);
	mock_release(test, exporter);
}

static void merged_fences_are_imported_one_by_one(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_fence **fences = kmalloc_array(2, sizeof(*fences), GFP_KERNEL);
	struct dma_fence *a, *b;
	struct dma_fence_array *array;

	KUNIT_ASSERT_NOT_NULL(test, fences);
	a = mock_fence_create(test);
	b = mock_fence_create(test);
	fences[0] = dma_fence_get(a);
	fences[1] = dma_fence_get(b);
	array = dma_fence_array_create(2, fences, dma_fence_context_alloc(1), 1);
	KUNIT_ASSERT_NOT_NULL(test, array);
	KUNIT_EXPECT_EQ(test, import_fence(test, exporter, DMA_BUF_SYNC_RW, &array->base), 0);
	KUNIT_EXPECT_EQ(test, pending(exporter, DMA_RESV_USAGE_WRITE), 2);
	dma_fence_signal(a);
	KUNIT_EXPECT_EQ(test, pending(exporter, DMA_RESV_USAGE_WRITE), 1);
	dma_fence_signal(b);
	dma_fence_put(&array->base);
	dma_fence_put(a);
	dma_fence_put(b);
	mock_release(test, exporter);
}

static void import_refuses_flags_and_other_fds(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_fence *fence = mock_fence_create(test);
	int fd;

	KUNIT_EXPECT_EQ(test, import_fence(test, exporter, 0, fence), -EINVAL);
	KUNIT_EXPECT_EQ(test, import_fence(test, exporter, DMA_BUF_SYNC_END | 1, fence),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, import_fd(test, exporter, DMA_BUF_SYNC_RW, -1), -EINVAL);
	get_file(exporter->dmabuf->file);
	fd = dma_buf_fd(exporter->dmabuf, O_CLOEXEC);
	KUNIT_ASSERT_GE(test, fd, 0);
	KUNIT_EXPECT_EQ(test, import_fd(test, exporter, DMA_BUF_SYNC_RW, fd), -EINVAL);
	close_fd(fd);
	KUNIT_EXPECT_EQ(test, pending(exporter, DMA_RESV_USAGE_BOOKKEEP), 0);
	mock_fence_finish(fence);
	mock_release(test, exporter);
}

static void pending_fences_are_limited(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct dma_resv *resv = exporter->dmabuf->resv;
	struct dma_fence *fences[8], *filler, *last;
	unsigned int i;
	long ret;

	for (i = 0; i < PENDING_MAX - ARRAY_SIZE(fences); i++) {
		filler = mock_fence_add(test, resv, DMA_RESV_USAGE_BOOKKEEP);
		dma_fence_put(filler);
	}
	for (i = 0; i < ARRAY_SIZE(fences); i++) {
		fences[i] = mock_fence_create(test);
		ret = import_fence(test, exporter, DMA_BUF_SYNC_READ, fences[i]);
		KUNIT_EXPECT_EQ(test, ret, 0);
	}
	last = mock_fence_create(test);
	KUNIT_EXPECT_EQ(test, import_fence(test, exporter, DMA_BUF_SYNC_READ, last),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, pending(exporter, DMA_RESV_USAGE_BOOKKEEP), PENDING_MAX);
	dma_fence_signal(fences[0]);
	KUNIT_EXPECT_EQ(test, import_fence(test, exporter, DMA_BUF_SYNC_READ, last), 0);
	for (i = 0; i < ARRAY_SIZE(fences); i++)
		mock_fence_finish(fences[i]);
	mock_fence_finish(last);
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(without_fences_the_export_is_signalled),
	KUNIT_CASE(readers_get_the_fences_of_writers),
	KUNIT_CASE(export_refuses_flags_and_lacks_fds),
	KUNIT_CASE(a_failed_export_gives_the_fd_back),
	KUNIT_CASE(imported_fences_are_waited_for),
	KUNIT_CASE(merged_fences_are_imported_one_by_one),
	KUNIT_CASE(import_refuses_flags_and_other_fds),
	KUNIT_CASE(pending_fences_are_limited),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-sync-file",
	.test_cases = cases,
};

kunit_test_suite(suite);
