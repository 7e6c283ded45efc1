// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of file.c: a buffer's fd as programs use it. Its fences are poll_test.c's
 * and sync_file_test.c's.
 */

#include <kunit/test.h>

#include <linux/anon_inodes.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/seq_file.h>

#include <uapi/linux/dma-buf.h>

#include "../file.h"
#include "../misuse.h"
#include "misuse_book.h"
#include "mock_exporter.h"
#include "mock_user.h"

static void llseek_tells_the_size(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 3);
	struct file *file = mock_export(test, exporter)->file;

	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 0, SEEK_END), 3 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 0, SEEK_SET), 0);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 0, SEEK_CUR), -EINVAL);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, 1, SEEK_SET), -EINVAL);
	KUNIT_EXPECT_EQ(test, vfs_llseek(file, -1, SEEK_END), -EINVAL);
	mock_release(test, exporter);
}

static const struct file_operations other_fops = {};

static void other_files_are_refused(struct kunit *test)
{
	struct file *file = anon_inode_getfile("other", &other_fops, NULL, O_RDWR);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_EXPECT_EQ(test, dmabuf_file_llseek(file, 0, SEEK_END), -EBADF);
	KUNIT_EXPECT_EQ(test, dmabuf_file_mmap(file, NULL), -EINVAL);
	fput(file);
}

static unsigned long map_file(struct kunit *test, struct file *file,
			      unsigned int pages, unsigned int first)
{
	KUNIT_ASSERT_EQ(test, kunit_attach_mm(), 0);
	return vm_mmap(file, 0, pages * PAGE_SIZE, PROT_READ, MAP_SHARED,
		       first * PAGE_SIZE);
}

static void mmap_stays_inside_the_buffer(struct kunit *test)
{
	struct mock_exporter *exporter = mock_exporter_create(test, 2);
	struct file *file = mock_export(test, exporter)->file;
	unsigned long address;

	KUNIT_EXPECT_EQ(test, (long)map_file(test, file, 3, 0), -EINVAL);
	KUNIT_EXPECT_EQ(test, (long)map_file(test, file, 1, 2), -EINVAL);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_MMAP], 0);
	mock_fail(exporter, MOCK_MMAP, 1, -EPERM);
	KUNIT_EXPECT_EQ(test, (long)map_file(test, file, 1, 1), -EPERM);
	address = map_file(test, file, 1, 1);
	KUNIT_EXPECT_FALSE(test, IS_ERR_VALUE(address));
	if (!IS_ERR_VALUE(address))
		vm_munmap(address, PAGE_SIZE);
	exporter->ops.mmap = NULL;
	KUNIT_EXPECT_EQ(test, (long)map_file(test, file, 1, 0), -EINVAL);
	mock_release(test, exporter);
}

static long call_sync(struct kunit *test, struct file *file, u64 flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	return mock_user_ioctl(test, file, DMA_BUF_IOCTL_SYNC, &sync, sizeof(sync));
}

static void sync_begins_and_ends(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct file *file = exporter->dmabuf->file;
	u64 before = dmabuf_misuse_total(DMABUF_END_UNBEGUN), flags;

	for (flags = DMA_BUF_SYNC_READ; flags <= DMA_BUF_SYNC_RW; flags++) {
		KUNIT_EXPECT_EQ(test, call_sync(test, file, flags | DMA_BUF_SYNC_START), 0);
		KUNIT_EXPECT_EQ(test, call_sync(test, file, flags | DMA_BUF_SYNC_END), 0);
	}
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_BEGIN], 3);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_END], 3);
	KUNIT_EXPECT_EQ(test, call_sync(test, file, DMA_BUF_SYNC_START), -EINVAL);
	KUNIT_EXPECT_EQ(test, call_sync(test, file, DMA_BUF_SYNC_END), -EINVAL);
	KUNIT_EXPECT_EQ(test, call_sync(test, file, DMA_BUF_SYNC_READ | 8), -EINVAL);
	KUNIT_EXPECT_EQ(test, call_sync(test, file, DMA_BUF_SYNC_READ | 1ULL << 32),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, exporter->calls[MOCK_BEGIN], 3);
	KUNIT_EXPECT_EQ(test, dmabuf_misuse_total(DMABUF_END_UNBEGUN), before);
	mock_fail(exporter, MOCK_BEGIN, 1, -EIO);
	KUNIT_EXPECT_EQ(test, call_sync(test, file, DMA_BUF_SYNC_RW), -EIO);
	mock_release(test, exporter);
}

static void ioctls_look_at_their_argument(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct file *file = exporter->dmabuf->file;
	static const unsigned int commands[] = {
		DMA_BUF_IOCTL_SYNC,
		DMA_BUF_SET_NAME_A,
		DMA_BUF_SET_NAME_B,
		DMA_BUF_IOCTL_EXPORT_SYNC_FILE,
		DMA_BUF_IOCTL_IMPORT_SYNC_FILE,
	};
	unsigned int i;

	KUNIT_ASSERT_EQ(test, kunit_attach_mm(), 0);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		KUNIT_EXPECT_EQ(test, file->f_op->unlocked_ioctl(file, commands[i], 8),
				-EFAULT);
	KUNIT_EXPECT_EQ(test, file->f_op->unlocked_ioctl(file, 0, 0), -ENOTTY);
	KUNIT_EXPECT_EQ(test, file->f_op->unlocked_ioctl(file, _IO('b', 9), 0), -ENOTTY);
	mock_release(test, exporter);
}

static int show_fdinfo(struct seq_file *m, void *unused)
{
	struct file *file = m->private;

	file->f_op->show_fdinfo(m, file);
	return 0;
}

static long set_name(struct kunit *test, struct file *file, unsigned int command,
		     const char *name)
{
	char copy[2 * DMA_BUF_NAME_LEN];

	strscpy(copy, name);
	return mock_user_ioctl(test, file, command, copy, strlen(copy) + 1);
}

static void a_name_can_be_given_and_changed(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct file *file = exporter->dmabuf->file;
	static const char too_long[] = "0123456789abcdef0123456789abcdef";
	char path[64], *text;

	text = show_text(test, show_fdinfo, file);
	KUNIT_EXPECT_NULL(test, strstr(text, "\nname:"));
	KUNIT_EXPECT_EQ(test, set_name(test, file, DMA_BUF_SET_NAME_A, "one"), 0);
	KUNIT_EXPECT_STREQ(test, d_path(&file->f_path, path, sizeof(path)), "/dmabuf:one");
	KUNIT_EXPECT_EQ(test, set_name(test, file, DMA_BUF_SET_NAME_B, "two"), 0);
	text = show_text(test, show_fdinfo, file);
	KUNIT_EXPECT_NOT_NULL(test, strstr(text, "\nname:\ttwo\n"));

	/* 32 bytes with the end, no more; a name refused changes nothing. */
	KUNIT_EXPECT_EQ(test, set_name(test, file, DMA_BUF_SET_NAME_B, too_long), -EINVAL);
	KUNIT_EXPECT_STREQ(test, d_path(&file->f_path, path, sizeof(path)), "/dmabuf:two");
	KUNIT_EXPECT_EQ(test, set_name(test, file, DMA_BUF_SET_NAME_B, too_long + 1), 0);
	mock_release(test, exporter);
}

static void fdinfo_describes_the_buffer(struct kunit *test)
{
	struct mock_exporter *exporter = mock_buffer(test);
	struct file *file = exporter->dmabuf->file;
	char *text;

	/* Whoever reads fdinfo has a reference too, which is not counted. */
	get_file(file);
	text = show_text(test, show_fdinfo, file);
	fput(file);
	KUNIT_EXPECT_STREQ(test, text, "size:\t4096\ncount:\t1\nexp_name:\t" MOCK_EXPORTER "\n");
	mock_release(test, exporter);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(llseek_tells_the_size),
	KUNIT_CASE(other_files_are_refused),
	KUNIT_CASE(mmap_stays_inside_the_buffer),
	KUNIT_CASE(sync_begins_and_ends),
	KUNIT_CASE(ioctls_look_at_their_argument),
	KUNIT_CASE(a_name_can_be_given_and_changed),
	KUNIT_CASE(fdinfo_describes_the_buffer),
	{}
};

static struct kunit_suite suite = {
	.name = "dmabuf-file",
	.test_cases = cases,
};

kunit_test_suite(suite);
