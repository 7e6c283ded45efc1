// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each function that allocates, out of memory at each place in turn, by fail_walk().
 *
 * Pages are walked too where fail_page_alloc is set to reach them; what programs do,
 * with pages, in igt-tests/core/allocations.c.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sync_file.h>
#include <linux/uaccess.h>

#include <uapi/linux/dma-buf.h>

#include "fail_walk.h"
#include "mock_exporter.h"
#include "mock_fence.h"
#include "mock_importer.h"
#include "mock_user.h"

/* What a path works on, made before anything fails. */
struct walk {
	struct mock_exporter *exporter;
	struct mock_importer *importer;
	struct dma_buf_export_info info;
	void __user *user;
	unsigned int command;
	struct vm_area_struct *vma;
};

static int allocation_test_init(struct kunit *test)
{
	fail_walk_require(test);
	test->priv = kunit_kzalloc(test, sizeof(struct walk), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static int export_path(void *data)
{
	struct walk *walk = data;
	struct dma_buf *dmabuf = dma_buf_export(&walk->info);

	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	/* A failure in here would be the kernel's, not ours. */
	dma_buf_put(dmabuf);
	flush_delayed_fput();
	return 0;
}

static void export_fails_cleanly(struct kunit *test)
{
	struct walk *state = test->priv;

	state->exporter = mock_exporter_create(test, 1);
	state->info = mock_export_info(state->exporter);
	fail_walk(test, export_path, test->priv);
	KUNIT_EXPECT_GE(test, state->exporter->calls[MOCK_RELEASE], 1);
}

static void make_buffer(struct kunit *test)
{
	struct walk *state = test->priv;

	state->exporter = mock_buffer(test);
	state->importer = mock_importer_create(test);
}

static int attach_path(void *data)
{
	struct walk *walk = data;
	struct dma_buf *dmabuf = walk->exporter->dmabuf;
	struct dma_buf_attachment *attach = dma_buf_attach(dmabuf, walk->importer->dev);

	if (IS_ERR(attach))
		return PTR_ERR(attach);
	dma_buf_detach(dmabuf, attach);
	return 0;
}

static void attach_fails_cleanly(struct kunit *test)
{
	struct walk *state = test->priv;

	/* Else the first attachment needs no memory. */
	mock_user_strict(test, true);
	make_buffer(test);
	fail_walk(test, attach_path, test->priv);
	KUNIT_EXPECT_EQ(test, state->exporter->calls[MOCK_ATTACH],
			state->exporter->calls[MOCK_DETACH]);
	mock_release(test, state->exporter);
}

/* An idle mapping would need no memory the next time. */
static int map_path(void *data)
{
	struct walk *walk = data;
	struct sg_table *table = mock_map(walk->importer, DMA_TO_DEVICE);
	struct dma_buf *dmabuf = walk->exporter->dmabuf;

	if (IS_ERR(table))
		return PTR_ERR(table);
	mock_unmap(walk->importer, table, DMA_TO_DEVICE);
	dma_resv_lock(dmabuf->resv, NULL);
	dma_buf_invalidate_mappings(dmabuf);
	dma_resv_unlock(dmabuf->resv);
	return 0;
}

static void map_fails_cleanly(struct kunit *test, bool strict)
{
	struct walk *state = test->priv;

	mock_user_strict(test, strict);
	state->exporter = mock_movable_buffer(test);
	state->importer = mock_attach_static(test, state->exporter);
	fail_walk(test, map_path, test->priv);
	mock_detach_importer(state->importer);
	KUNIT_EXPECT_EQ(test, state->exporter->calls[MOCK_PIN],
			state->exporter->calls[MOCK_UNPIN]);
	mock_release(test, state->exporter);
}

static void map_fails_cleanly_when_lax(struct kunit *test)
{
	map_fails_cleanly(test, false);
}

static void map_fails_cleanly_when_strict(struct kunit *test)
{
	map_fails_cleanly(test, true);
}

static int poll_path(void *data)
{
	struct walk *walk = data;
	poll_table table = { ._key = EPOLLIN | EPOLLOUT };
	__poll_t events = vfs_poll(walk->exporter->dmabuf->file, &table);

	/* The fence is pending: nothing is ready. */
	if (events & EPOLLERR)
		return -ENOMEM;
	return events ? -EIO : 0;
}

static void poll_fails_cleanly(struct kunit *test)
{
	struct walk *state = test->priv;
	struct dma_fence *fence;

	make_buffer(test);
	fence = mock_fence_add(test, state->exporter->dmabuf->resv,
			       DMA_RESV_USAGE_WRITE);
	fail_walk(test, poll_path, test->priv);
	mock_fence_finish(fence);
	mock_release(test, state->exporter);
}

static int ioctl_path(void *data)
{
	struct walk *walk = data;
	struct file *file = walk->exporter->dmabuf->file;

	return file->f_op->unlocked_ioctl(file, walk->command,
					  (unsigned long)walk->user);
}

static void set_name_fails_cleanly(struct kunit *test)
{
	struct walk *state = test->priv;

	make_buffer(test);
	state->command = DMA_BUF_SET_NAME_B;
	state->user = mock_user_copy(test, "name", 5);
	fail_walk(test, ioctl_path, test->priv);
	mock_release(test, state->exporter);
}

static int export_sync_file_path(void *data)
{
	struct walk *walk = data;
	struct dma_buf_export_sync_file export;
	int ret = ioctl_path(walk);

	if (ret)
		return ret;
	if (copy_from_user(&export, walk->user, sizeof(export)))
		return -EFAULT;
	return close_fd(export.fd);
}

/* Two fences, so that they have to be put together. */
static void export_sync_file_fails_cleanly(struct kunit *test)
{
	struct dma_buf_export_sync_file export = { .flags = DMA_BUF_SYNC_RW };
	struct dma_fence *fences[2];
	struct walk *state = test->priv;
	unsigned int i;

	make_buffer(test);
	for (i = 0; i < ARRAY_SIZE(fences); i++)
		fences[i] = mock_fence_add(test, state->exporter->dmabuf->resv,
					   DMA_RESV_USAGE_READ);
	state->command = DMA_BUF_IOCTL_EXPORT_SYNC_FILE;
	state->user = mock_user_copy(test, &export, sizeof(export));
	fail_walk(test, export_sync_file_path, test->priv);
	for (i = 0; i < ARRAY_SIZE(fences); i++)
		mock_fence_finish(fences[i]);
	mock_release(test, state->exporter);
}

static void import_sync_file_fails_cleanly(struct kunit *test)
{
	struct dma_buf_import_sync_file import = { .flags = DMA_BUF_SYNC_RW };
	struct dma_fence *fence = mock_fence_create(test);
	struct sync_file *sync_file = sync_file_create(fence);
	struct walk *state = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, sync_file);
	make_buffer(test);
	import.fd = get_unused_fd_flags(O_CLOEXEC);
	KUNIT_ASSERT_GE(test, import.fd, 0);
	fd_install(import.fd, sync_file->file);
	state->command = DMA_BUF_IOCTL_IMPORT_SYNC_FILE;
	state->user = mock_user_copy(test, &import, sizeof(import));
	fail_walk(test, ioctl_path, test->priv);
	close_fd(import.fd);
	mock_fence_finish(fence);
	mock_release(test, state->exporter);
}

static int vmap_path(void *data)
{
	struct walk *walk = data;
	struct dma_buf *dmabuf = walk->exporter->dmabuf;
	struct iosys_map address;
	int ret = dma_buf_vmap_unlocked(dmabuf, &address);

	if (!ret)
		dma_buf_vunmap_unlocked(dmabuf, &address);
	return ret;
}

static void vmap_fails_cleanly(struct kunit *test)
{
	struct walk *state = test->priv;

	make_buffer(test);
	fail_walk(test, vmap_path, test->priv);
	KUNIT_EXPECT_EQ(test, state->exporter->dmabuf->vmapping_counter, 0);
	mock_release(test, state->exporter);
}

/* A buffer that was never mmapped, so that its guard is allocated too. */
static int mmap_path(void *data)
{
	struct walk *walk = data;
	struct vm_area_struct *vma = walk->vma;
	struct dma_buf *dmabuf = dma_buf_export(&walk->info);
	int ret;

	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	ret = dmabuf->file->f_op->mmap(dmabuf->file, vma);
	dma_buf_put(dmabuf);
	flush_delayed_fput();
	return ret;
}

static void mmap_fails_cleanly(struct kunit *test)
{
	struct walk *state = test->priv;
	struct vm_area_struct vma = { .vm_end = PAGE_SIZE };

	state->exporter = mock_exporter_create(test, 1);
	state->info = mock_export_info(state->exporter);
	state->vma = &vma;
	fail_walk(test, mmap_path, test->priv);
}

static int fd_path(void *data)
{
	struct walk *walk = data;
	int fd;

	get_file(walk->exporter->dmabuf->file);
	fd = dma_buf_fd(walk->exporter->dmabuf, O_CLOEXEC);
	if (fd < 0) {
		dma_buf_put(walk->exporter->dmabuf);
		return fd;
	}
	return close_fd(fd);
}

/* The table of descriptors is full, and has to grow. */
static void fd_fails_cleanly(struct kunit *test)
{
	struct walk *state = test->priv;
	unsigned int i, count;
	int fd;

	make_buffer(test);
	rcu_read_lock();
	count = files_fdtable(current->files)->max_fds;
	rcu_read_unlock();
	for (i = 0; i < count; i++) {
		fd = get_unused_fd_flags(0);
		KUNIT_ASSERT_GE(test, fd, 0);
		if (fd == count - 1)
			break;
	}
	fail_walk(test, fd_path, test->priv);
	for (; fd >= 0; fd--)
		if (!files_lookup_fd_raw(current->files, fd))
			put_unused_fd(fd);
	mock_release(test, state->exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(export_fails_cleanly),
	KUNIT_CASE(attach_fails_cleanly),
	KUNIT_CASE(map_fails_cleanly_when_lax),
	KUNIT_CASE(map_fails_cleanly_when_strict),
	KUNIT_CASE(poll_fails_cleanly),
	KUNIT_CASE(set_name_fails_cleanly),
	KUNIT_CASE(export_sync_file_fails_cleanly),
	KUNIT_CASE(import_sync_file_fails_cleanly),
	KUNIT_CASE(vmap_fails_cleanly),
	KUNIT_CASE(mmap_fails_cleanly),
	KUNIT_CASE(fd_fails_cleanly),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-allocation",
	.init = allocation_test_init,
	.test_cases = cases,
};

kunit_test_suite(suite);
