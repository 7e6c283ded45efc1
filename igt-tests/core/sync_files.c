// SPDX-License-Identifier: MIT
/*
 * DMA_BUF_IOCTL_EXPORT_SYNC_FILE and IMPORT_SYNC_FILE: flags, errors, which
 * fences go out and whom those that came in hold back. The fences are vgem's.
 */
#include "core_subtests.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/sync_file.h>

#include "fences.h"
#include "igt_api.h"
#include "lib/descriptors.h"

static int export_errno(int dmabuf, uint32_t flags, int *fence)
{
	struct dma_buf_export_sync_file export = { .flags = flags, .fd = -1 };
	int ret = ioctl(dmabuf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export) ? errno : 0;

	*fence = export.fd;
	return ret;
}

static int import_errno(int dmabuf, uint32_t flags, int fence)
{
	struct dma_buf_import_sync_file import = { .flags = flags, .fd = fence };

	return ioctl(dmabuf, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import) ? errno : 0;
}

static int exported(int dmabuf, uint32_t flags)
{
	int fence;

	igt_assert_eq(export_errno(dmabuf, flags, &fence), 0);
	igt_assert(fence >= 0);
	return fence;
}

static void export_flags(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	int fence;

	for (uint32_t flags = 1; flags <= DMA_BUF_SYNC_RW; flags++) {
		fence = exported(buffer.fd, flags);
		igt_assert_eq(fcntl(fence, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
		igt_assert_eq(poll_one(fence, POLLIN, 0), POLLIN);
		close(fence);
	}
	igt_assert_eq(export_errno(buffer.fd, 0, &fence), EINVAL);
	for (int bit = 2; bit < 32; bit++) {
		igt_assert_eq(export_errno(buffer.fd, 1u << bit, &fence), EINVAL);
		igt_assert_eq(export_errno(buffer.fd, 1u << bit | DMA_BUF_SYNC_RW, &fence), EINVAL);
	}
	igt_assert_eq(fence, -1);
	buffer_free(&buffer);
}

static void import_flags(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	int fence = exported(buffer.fd, DMA_BUF_SYNC_RW);

	for (uint32_t flags = 1; flags <= DMA_BUF_SYNC_RW; flags++)
		igt_assert_eq(import_errno(buffer.fd, flags, fence), 0);
	igt_assert_eq(import_errno(buffer.fd, 0, fence), EINVAL);
	for (int bit = 2; bit < 32; bit++) {
		igt_assert_eq(import_errno(buffer.fd, 1u << bit, fence), EINVAL);
		igt_assert_eq(import_errno(buffer.fd, 1u << bit | DMA_BUF_SYNC_RW, fence), EINVAL);
	}
	close(fence);
	buffer_free(&buffer);
}

static void import_no_fence(void)
{
	struct buffer buffer = buffer_new_vgem();
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	igt_assert_eq(import_errno(buffer.fd, DMA_BUF_SYNC_RW, -1), EINVAL);
	igt_assert_eq(import_errno(buffer.fd, DMA_BUF_SYNC_RW, 1000000), EINVAL);
	igt_assert_eq(import_errno(buffer.fd, DMA_BUF_SYNC_RW, null), EINVAL);
	igt_assert_eq(import_errno(buffer.fd, DMA_BUF_SYNC_RW, buffer.fd), EINVAL);
	close(null);
	buffer_free(&buffer);
}

/* What the next open() gets: reserved numbers are left out. */
static int free_fd(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	igt_assert_errno(fd, 0);
	close(fd);
	return fd;
}

/* What fails late takes back the descriptor that it had reserved. */
static void bad_pointers(void)
{
	struct buffer buffer = buffer_new_vgem();
	const size_t page = sysconf(_SC_PAGESIZE);
	uint32_t *map = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
	int before;

	igt_assert(map != MAP_FAILED);
	map[0] = DMA_BUF_SYNC_RW;
	igt_assert_errno(mprotect(map, page, PROT_READ), 0);
	before = free_fd();
	igt_assert_errno(ioctl(buffer.fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, map), EFAULT);
	igt_assert_errno(ioctl(buffer.fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, NULL), EFAULT);
	igt_assert_errno(ioctl(buffer.fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, NULL), EFAULT);
	igt_assert_eq(free_fd(), before);
	munmap(map, page);
	buffer_free(&buffer);
}

static void no_descriptor_left(void)
{
	struct buffer buffer = buffer_new_vgem();
	struct rlimit limit = descriptors_deny();
	int fence, ret = export_errno(buffer.fd, DMA_BUF_SYNC_RW, &fence);

	descriptors_allow(&limit);
	igt_assert_eq(ret, EMFILE);
	igt_assert_eq(fence, -1);
	buffer_free(&buffer);
}

/* A reader has to wait for writers, a writer for everybody. */
static void check_export(bool write_fence, uint32_t flags, bool waits)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, write_fence);
	int file = exported(buffer.fd, flags);

	igt_assert_eq(poll_one(file, POLLIN, 0), waits ? 0 : POLLIN);
	fence_signal(&buffer, fence);
	igt_assert_eq(poll_one(file, POLLIN, PATIENCE_MS), POLLIN);
	close(file);
	buffer_free(&buffer);
}

static void export_fences(void)
{
	check_export(true, DMA_BUF_SYNC_READ, true);
	check_export(true, DMA_BUF_SYNC_WRITE, true);
	check_export(true, DMA_BUF_SYNC_RW, true);
	check_export(false, DMA_BUF_SYNC_READ, false);
	check_export(false, DMA_BUF_SYNC_WRITE, true);
	check_export(false, DMA_BUF_SYNC_RW, true);
}

/* A sync file is what was waited for when it was made, not what came later. */
static void export_is_snapshot(void)
{
	struct buffer buffer = buffer_new_vgem();
	int before = exported(buffer.fd, DMA_BUF_SYNC_RW), after;
	uint32_t one = fence_attach(&buffer, false), other;

	after = exported(buffer.fd, DMA_BUF_SYNC_RW);
	other = fence_attach(&buffer, false);
	igt_assert_eq(poll_one(before, POLLIN, 0), POLLIN);
	igt_assert_eq(poll_one(after, POLLIN, 0), 0);
	fence_signal(&buffer, one);
	igt_assert_eq(poll_one(after, POLLIN, PATIENCE_MS), POLLIN);
	igt_assert_eq(poll_one(buffer.fd, POLLOUT, 0), 0);
	fence_signal(&buffer, other);
	close(before);
	close(after);
	buffer_free(&buffer);
}

static void export_outlives(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);
	int file = exported(buffer.fd, DMA_BUF_SYNC_READ);

	close(buffer.fd);
	buffer.fd = -1;
	gem_close(buffer.dumb.card, buffer.dumb.handle);
	buffer.dumb.handle = 0;
	igt_assert_eq(poll_one(file, POLLIN, QUIET_MS), 0);
	fence_signal(&buffer, fence);
	igt_assert_eq(poll_one(file, POLLIN, PATIENCE_MS), POLLIN);
	close(file);
	buffer_free(&buffer);
}

/* What came in for reading holds writers back, for writing everybody. */
static void check_import(const struct exporter *exporter, uint32_t flags)
{
	struct buffer from = buffer_new_vgem(), to = buffer_new(exporter);
	uint32_t fence = fence_attach(&from, true);
	int file = exported(from.fd, DMA_BUF_SYNC_RW);
	const short pending = flags & DMA_BUF_SYNC_WRITE ? 0 : POLLIN;

	igt_assert_eq(import_errno(to.fd, flags, file), 0);
	close(file);
	igt_assert_eq(poll_one(to.fd, POLLIN | POLLOUT, 0), pending);
	file = exported(to.fd, DMA_BUF_SYNC_READ);
	igt_assert_eq(poll_one(file, POLLIN, 0), pending);
	close(file);
	file = exported(to.fd, DMA_BUF_SYNC_WRITE);
	igt_assert_eq(poll_one(file, POLLIN, 0), 0);

	fence_signal(&from, fence);
	igt_assert_eq(poll_one(file, POLLIN, PATIENCE_MS), POLLIN);
	igt_assert_eq(poll_one(to.fd, POLLIN | POLLOUT, 0), POLLIN | POLLOUT);
	close(file);
	buffer_free(&to);
	buffer_free(&from);
}

static void import_fences(const struct exporter *exporter)
{
	for (uint32_t flags = 1; flags <= DMA_BUF_SYNC_RW; flags++)
		check_import(exporter, flags);
}

static int merged(int one, int other)
{
	struct sync_merge_data merge = { .name = "both", .fd2 = other };

	igt_assert_errno(ioctl(one, SYNC_IOC_MERGE, &merge), 0);
	return merge.fence;
}

/* Of a file with several fences, each one counts. */
static void import_merged(void)
{
	struct buffer one = buffer_new_vgem(), other = buffer_new_vgem(), to = buffer_new_vgem();
	uint32_t fence1 = fence_attach(&one, true), fence2 = fence_attach(&other, true);
	int file1 = exported(one.fd, DMA_BUF_SYNC_RW), file2 = exported(other.fd, DMA_BUF_SYNC_RW);
	int both = merged(file1, file2);

	igt_assert_eq(import_errno(to.fd, DMA_BUF_SYNC_WRITE, both), 0);
	fence_signal(&other, fence2);
	igt_assert_eq(poll_one(to.fd, POLLIN, 0), 0);
	fence_signal(&one, fence1);
	igt_assert_eq(poll_one(to.fd, POLLIN, PATIENCE_MS), POLLIN);
	/* Signalled long ago, it holds nobody back. */
	igt_assert_eq(import_errno(to.fd, DMA_BUF_SYNC_WRITE, both), 0);
	igt_assert_eq(poll_one(to.fd, POLLIN | POLLOUT, 0), POLLIN | POLLOUT);
	close(both);
	close(file1);
	close(file2);
	buffer_free(&to);
	buffer_free(&other);
	buffer_free(&one);
}

/* The same fence a thousand times is one fence. */
static void import_again(void)
{
	struct buffer from = buffer_new_vgem(), to = buffer_new_vgem();
	uint32_t fence = fence_attach(&from, true);
	int file = exported(from.fd, DMA_BUF_SYNC_RW);

	for (int i = 0; i < 1500; i++)
		igt_assert_eq(import_errno(to.fd, DMA_BUF_SYNC_READ, file), 0);
	fence_signal(&from, fence);
	igt_assert_eq(poll_one(to.fd, POLLIN | POLLOUT, 0), POLLIN | POLLOUT);
	close(file);
	buffer_free(&to);
	buffer_free(&from);
}

static const struct core_subtest subtests[] = {
	{ "export-sync-file-flags", "Flags and errors of the export; idle is signalled.", NULL,
	  export_flags },
	{ "import-sync-file-flags", "Flags and errors of the import.", NULL, import_flags },
	{ "import-sync-file-none", "What is no sync file is refused.", import_no_fence, NULL },
	{ "sync-file-bad-pointer", "Arguments that can't be read or written are refused.",
	  bad_pointers, NULL },
	{ "export-sync-file-emfile", "Without a free descriptor there is no sync file.",
	  no_descriptor_left, NULL },
	{ "export-sync-file-fences", "Readers wait for writers, writers for all.", export_fences,
	  NULL },
	{ "export-sync-file-snapshot", "Later fences are not in it.", export_is_snapshot, NULL },
	{ "export-sync-file-outlives", "It is valid when the buffer is gone.", export_outlives,
	  NULL },
	{ "import-sync-file-fences", "An imported fence holds back whom it has to.", NULL,
	  import_fences },
	{ "import-sync-file-merged", "Every fence of a merged file counts.", import_merged, NULL },
	{ "import-sync-file-again", "A fence can be imported again and again.", import_again,
	  NULL },
};

void sync_file_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
