// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation on a path fails once: the first in one run, the second in the
 * next, until none is left. Each time the call has to say so, and leave nothing
 * behind: what it returned is checked here, lost memory is kmemleak's to find.
 *
 * Somebody has to let failslab reach allocations that may sleep, before the suite
 * runs: echo N >/sys/kernel/debug/failslab/ignore-gfp-wait. Else it is skipped.
 */

#include <kunit/test.h>

#include <linux/dma-mapping.h>
#include <linux/dma-resv.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sync_file.h>
#include <linux/uaccess.h>

#include <uapi/linux/dma-buf.h>

#include "mock_exporter.h"
#include "mock_fence.h"
#include "mock_importer.h"
#include "mock_user.h"

/* More than any path here has; a path that never ends is an error too. */
#define WALK_MAX 200

/* What a path works on, made before anything fails. */
struct walk {
	struct mock_exporter *exporter;
	struct mock_importer *importer;
	struct dma_buf_export_info info;
	void __user *user;
	unsigned int command;
};

static void fail_nth(unsigned int nth)
{
#ifdef CONFIG_FAULT_INJECTION
	WRITE_ONCE(current->fail_nth, nth);
#endif
}

/* Stop failing. True if there was no allocation left to fail. */
static bool end_failing(void)
{
#ifdef CONFIG_FAULT_INJECTION
	bool left = READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return left;
#else
	return true;
#endif
}

static int allocation_test_init(struct kunit *test)
{
	void *memory;

	fail_nth(1);
	memory = kmalloc(32, GFP_KERNEL);
	end_failing();
	kfree(memory);
	if (memory)
		kunit_skip(test, "failslab does not reach this");
	test->priv = kunit_kzalloc(test, sizeof(struct walk), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/*
 * A path says 0 or an errno, and undoes what it did. An allocation that the kernel
 * can do without may fail and nobody notices; that all were such is an error.
 */
static void walk(struct kunit *test, int (*path)(struct walk *walk))
{
	unsigned int nth, failures = 0;
	bool done = false;
	int ret;

	for (nth = 1; nth < WALK_MAX && !done; nth++) {
		fail_nth(nth);
		ret = path(test->priv);
		done = end_failing();
		failures += ret == -ENOMEM;
		if (ret && (ret != -ENOMEM || done))
			KUNIT_FAIL(test, "allocation %u failed: %d", nth, ret);
	}
	KUNIT_EXPECT_TRUE(test, done);
	KUNIT_EXPECT_GT(test, failures, 0);
	kunit_info(test, "%u allocations, %u errors", nth - 2, failures);
}

static int export_path(struct walk *walk)
{
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
	walk(test, export_path);
	KUNIT_EXPECT_GE(test, state->exporter->calls[MOCK_RELEASE], 1);
}

static void make_buffer(struct kunit *test)
{
	struct walk *state = test->priv;

	state->exporter = mock_buffer(test);
	state->importer = mock_importer_create(test);
}

static int attach_path(struct walk *walk)
{
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

	make_buffer(test);
	walk(test, attach_path);
	KUNIT_EXPECT_EQ(test, state->exporter->calls[MOCK_ATTACH],
			state->exporter->calls[MOCK_DETACH]);
	mock_release(test, state->exporter);
}

/* An idle mapping would need no memory the next time. */
static int map_path(struct walk *walk)
{
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
	walk(test, map_path);
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

static int poll_path(struct walk *walk)
{
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
	walk(test, poll_path);
	mock_fence_finish(fence);
	mock_release(test, state->exporter);
}

static int ioctl_path(struct walk *walk)
{
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
	walk(test, ioctl_path);
	mock_release(test, state->exporter);
}

static int export_sync_file_path(struct walk *walk)
{
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
	walk(test, export_sync_file_path);
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
	walk(test, ioctl_path);
	close_fd(import.fd);
	mock_fence_finish(fence);
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
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-allocation",
	.init = allocation_test_init,
	.test_cases = cases,
};

kunit_test_suite(suite);
