// SPDX-License-Identifier: MIT
/*
 * The kernel is out of memory, once, at each place in turn: what programs do with
 * dma-bufs fails with ENOMEM at each allocation of slab memory or of pages on its way,
 * the exporters' own included, and leaves no buffer and no descriptor. That nothing
 * else is lost, kmemleak sees when the guest ends.
 */
#include "core_subtests.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <xf86drm.h>

#include "account.h"
#include "fences.h"
#include "igt_api.h"
#include "lib/fail_nth.h"

/* What an operation works on, made while nothing fails. */
static struct stage {
	struct buffer buffer;
	int device;
	int memfd;
	const char *file;
	void *map;
	struct dumb dumb;
	uint32_t handle;
	int fd;
} stage;

static void close_fd(void)
{
	close(stage.fd);
}

static int allocate_from_heap(void)
{
	struct dma_heap_allocation_data allocation = {
		.len = BUFFER_SIZE,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int ret = ioctl(stage.device, DMA_HEAP_IOCTL_ALLOC, &allocation);

	stage.fd = allocation.fd;
	return ret;
}

static void expect_heap(void)
{
	fail_nth_require();
	stage.device = open("/dev/dma_heap/system", O_RDONLY | O_CLOEXEC);
	igt_require_f(stage.device >= 0, "no system heap\n");
	fail_nth_walk("allocation from the heap", allocate_from_heap, close_fd);
	close(stage.device);
}

static int create_udmabuf(void)
{
	struct udmabuf_create create = {
		.memfd = stage.memfd,
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = BUFFER_SIZE,
	};

	stage.fd = ioctl(stage.device, UDMABUF_CREATE, &create);
	return stage.fd < 0 ? -1 : 0;
}

static void expect_udmabuf(void)
{
	fail_nth_require();
	stage.device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	igt_require_f(stage.device >= 0, "no udmabuf\n");
	stage.memfd = memfd_create("buffer", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	igt_assert_errno(stage.memfd, 0);
	igt_assert_errno(ftruncate(stage.memfd, BUFFER_SIZE), 0);
	igt_assert_errno(fcntl(stage.memfd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	fail_nth_walk("udmabuf", create_udmabuf, close_fd);
	close(stage.memfd);
	close(stage.device);
}

static int export_gem(void)
{
	struct drm_prime_handle prime = {
		.handle = stage.handle,
		.flags = DRM_CLOEXEC | DRM_RDWR,
	};
	int ret = ioctl(stage.device, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime);

	stage.fd = prime.fd;
	return ret;
}

/* A handle keeps the dma-buf of its first export, so the next one gets another. */
static void renew_export(void)
{
	close_fd();
	dumb_free(&stage.dumb);
	stage.dumb = dumb_new(stage.device, BUFFER_SIZE);
	stage.handle = stage.dumb.handle;
}

static void expect_export(int card)
{
	stage.device = card;
	stage.dumb = dumb_new(card, BUFFER_SIZE);
	stage.handle = stage.dumb.handle;
	fail_nth_walk("PRIME export", export_gem, renew_export);
	dumb_free(&stage.dumb);
}

static void prime_exports(void)
{
	fail_nth_require();
	expect_export(cards.vgem);
	igt_require_f(cards.vprime >= 0, "needs vprime\n");
	expect_export(cards.vprime);
}

/* Sets fs.file-max to @max and fills in what it was. */
static void exchange_file_max(unsigned long long *max)
{
	unsigned long long before;
	FILE *file = fopen("/proc/sys/fs/file-max", "r+");

	igt_require_f(file, "no fs.file-max\n");
	igt_assert_eq(fscanf(file, "%llu", &before), 1);
	rewind(file);
	igt_assert(fprintf(file, "%llu", *max) > 0);
	igt_assert_eq(fclose(file), 0);
	*max = before;
}

/* Root has no limit, so somebody else asks, with the card that root opened. */
static void too_many_files(void)
{
	struct dumb dumb = dumb_new(cards.vgem, BUFFER_SIZE);
	unsigned long long max = 0;
	int status = -1;
	pid_t child;

	stage.device = cards.vgem;
	stage.handle = dumb.handle;
	exchange_file_max(&max);
	child = fork();
	if (!child)
		_exit(setuid(65534) || export_gem() != -1 || errno != ENFILE);
	waitpid(child, &status, 0);
	exchange_file_max(&max);
	igt_assert_eq(status, 0);
	igt_assert_eq(export_gem(), 0);
	close_fd();
	dumb_free(&dumb);
}

static int import_gem(void)
{
	struct drm_prime_handle prime = { .fd = stage.buffer.fd };
	int ret = ioctl(stage.device, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime);

	stage.handle = prime.handle;
	return ret;
}

static void drop_import(void)
{
	gem_close(stage.device, stage.handle);
}

static void prime_imports(const struct exporter *exporter)
{
	fail_nth_require();
	igt_require_f(cards.second >= 0, "needs two cards of vprime\n");
	stage.buffer = buffer_new(exporter);
	stage.device = cards.second;
	fail_nth_walk("PRIME import", import_gem, drop_import);
	buffer_free(&stage.buffer);
}

static int map_buffer(void)
{
	stage.map = mmap(NULL, stage.buffer.size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 stage.buffer.fd, 0);
	return stage.map == MAP_FAILED ? -1 : 0;
}

static void unmap_buffer(void)
{
	munmap(stage.map, stage.buffer.size);
}

static void mmaps(const struct exporter *exporter)
{
	fail_nth_require();
	stage.buffer = buffer_new(exporter);
	fail_nth_walk("mmap", map_buffer, unmap_buffer);
	buffer_free(&stage.buffer);
}

static int set_name(void)
{
	return ioctl(stage.buffer.fd, DMA_BUF_SET_NAME_B, "name");
}

static int export_fences(void)
{
	struct dma_buf_export_sync_file export = { .flags = DMA_BUF_SYNC_RW };
	int ret = ioctl(stage.buffer.fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export);

	stage.fd = export.fd;
	return ret;
}

static void ioctls(void)
{
	uint32_t fence;

	fail_nth_require();
	stage.buffer = buffer_new_vgem();
	fence = fence_attach(&stage.buffer, true);
	fail_nth_walk("SET_NAME", set_name, NULL);
	fail_nth_walk("EXPORT_SYNC_FILE", export_fences, close_fd);
	fence_signal(&stage.buffer, fence);
	buffer_free(&stage.buffer);
}

/* All of a file: one that was given NULL for memory says so by an error. */
static int read_file(void)
{
	int fd = open(stage.file, O_RDONLY | O_CLOEXEC), saved;
	char text[4096];
	ssize_t length = -1;

	if (fd >= 0) {
		do
			length = read(fd, text, sizeof(text));
		while (length > 0);
	}
	saved = errno;
	if (fd >= 0)
		close(fd);
	errno = saved;
	return length < 0 ? -1 : 0;
}

static void files(void)
{
	static const char *const names[] = { "bufinfo", "buffers", "misuse", "fault" };
	char path[64];

	fail_nth_require();
	require_own_core();
	stage.buffer = buffer_new_vgem();
	stage.file = path;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/sys/kernel/debug/dma_buf/%s", names[i]);
		fail_nth_walk(path, read_file, NULL);
	}
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", stage.buffer.fd);
	fail_nth_walk("fdinfo", read_file, NULL);
	buffer_free(&stage.buffer);
}

static int write_rule(void)
{
	static const char rule[] = "pin nth=4000000000 exporter=nobody device=nothing";

	return write(stage.device, rule, sizeof(rule) - 1) < 0 ? -1 : 0;
}

static void remove_rules(void)
{
	igt_assert_eq(fault_write("off"), 0);
}

static void fault_rules(void)
{
	fail_nth_require();
	require_own_core();
	stage.device = open("/sys/kernel/debug/dma_buf/fault", O_WRONLY | O_CLOEXEC);
	igt_assert_errno(stage.device, 0);
	fail_nth_walk("a fault rule", write_rule, remove_rules);
	close(stage.device);
}

static const struct core_subtest subtests[] = {
	{ "no-memory-heap", "The system heap is out of memory at each place.", expect_heap, NULL },
	{ "no-memory-udmabuf", "So is udmabuf.", expect_udmabuf, NULL },
	{ "no-memory-export", "So is who exports a GEM object.", prime_exports, NULL },
	{ "no-files-export", "There are too many open files for one more.", too_many_files, NULL },
	{ "no-memory-import", "So is who imports one: attach and map.", NULL, prime_imports },
	{ "no-memory-mmap", "So is who maps one.", NULL, mmaps },
	{ "no-memory-ioctls", "So are the ioctls that allocate.", ioctls, NULL },
	{ "no-memory-files", "So are the files that tell of buffers.", files, NULL },
	{ "no-memory-rules", "So is who sets a rule for failing.", fault_rules, NULL },
};

void allocation_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
