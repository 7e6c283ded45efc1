// SPDX-License-Identifier: MIT
/*
 * The file descriptor of an exported buffer: its flags, its size, what the CPU
 * may do with it, and the errors of bad arguments.
 */
#include "prime_subtests.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/subtests.h"

static int map_errno(int dmabuf, size_t size, int protection)
{
	void *map = mmap(NULL, size, protection, MAP_SHARED, dmabuf, 0);

	if (map == MAP_FAILED)
		return errno;
	munmap(map, size);
	return 0;
}

/*
 * One object has one dma-buf, and its first export decides whether it can be
 * written: each case takes a new object.
 */
static void flags_honoured(struct screen *screen)
{
	for (int i = 0; i < 4; i++) {
		uint32_t flags = (i & 1 ? DRM_CLOEXEC : 0) | (i & 2 ? DRM_RDWR : 0);
		struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
		int dmabuf = prime_export(dumb.card, dumb.handle, flags);

		igt_assert_eq(fcntl(dmabuf, F_GETFD) & FD_CLOEXEC, (i & 1 ? FD_CLOEXEC : 0));
		igt_assert_eq(fcntl(dmabuf, F_GETFL) & O_ACCMODE, (i & 2 ? O_RDWR : O_RDONLY));
		close(dmabuf);
		dumb_free(&dumb);
	}
}

static void read_only_mapping(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);

	igt_assert_eq(map_errno(dmabuf, dumb.size, PROT_READ), 0);
	igt_assert_eq(map_errno(dmabuf, dumb.size, PROT_READ | PROT_WRITE), EACCES);
	close(dmabuf);
	dumb_free(&dumb);

	dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	igt_assert_eq(map_errno(dmabuf, dumb.size, PROT_READ | PROT_WRITE), 0);
	close(dmabuf);
	dumb_free(&dumb);
}

static void size_by_seek(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);

	igt_assert_eq(lseek(dmabuf, 0, SEEK_END), SHARED_SIZE);
	igt_assert_eq(lseek(dmabuf, 0, SEEK_SET), 0);
	igt_assert_errno(lseek(dmabuf, 1, SEEK_SET), EINVAL);
	igt_assert_errno(lseek(dmabuf, 0, SEEK_CUR), EINVAL);
	close(dmabuf);
	dumb_free(&dumb);
}

static void mapping_bounds(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);

	igt_assert_eq(map_errno(dmabuf, dumb.size + 4096, PROT_READ), EINVAL);
	igt_assert(mmap(NULL, 4096, PROT_READ, MAP_SHARED, dmabuf, dumb.size) == MAP_FAILED);
	igt_assert_eq(errno, EINVAL);
	close(dmabuf);
	dumb_free(&dumb);
}

/* What is written through the dma-buf is in the card's mapping, and back. */
static void mapping_shared(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	uint8_t *map = mmap(NULL, dumb.size, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf, 0);

	igt_assert(map != MAP_FAILED);
	for (size_t i = 0; i < dumb.size; i += 4096) {
		map[i] = 0x11;
		dumb.map[i + 1] = 0x22;
		igt_assert_eq(dumb.map[i], 0x11);
		igt_assert_eq(map[i + 1], 0x22);
	}
	/* The mapping keeps the buffer. */
	close(dmabuf);
	dumb_free(&dumb);
	igt_assert_eq(map[0], 0x11);
	munmap(map, SHARED_SIZE);
}

static int sync_errno(int dmabuf, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	return ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync) ? errno : 0;
}

static void check_sync(int dmabuf)
{
	static const uint64_t directions[] = { DMA_BUF_SYNC_READ, DMA_BUF_SYNC_WRITE,
					       DMA_BUF_SYNC_RW };

	for (int i = 0; i < 3; i++) {
		igt_assert_eq(sync_errno(dmabuf, DMA_BUF_SYNC_START | directions[i]), 0);
		igt_assert_eq(sync_errno(dmabuf, DMA_BUF_SYNC_END | directions[i]), 0);
	}
	igt_assert_eq(sync_errno(dmabuf, DMA_BUF_SYNC_START), EINVAL);
	igt_assert_eq(sync_errno(dmabuf, DMA_BUF_SYNC_READ | 1 << 3), EINVAL);
	igt_assert_eq(sync_errno(dmabuf, DMA_BUF_SYNC_READ | 1ull << 63), EINVAL);
}

static void cpu_access(struct screen *screen)
{
	struct dumb own = dumb_new(screen->kms.fd, SHARED_SIZE);
	struct dumb foreign = dumb_new(cards.vgem, SHARED_SIZE);
	int dmabuf = prime_export(own.card, own.handle, DRM_CLOEXEC | DRM_RDWR);
	uint32_t handle;

	check_sync(dmabuf);
	close(dmabuf);
	dmabuf = prime_export(foreign.card, foreign.handle, DRM_CLOEXEC | DRM_RDWR);
	handle = prime_import(screen->kms.fd, dmabuf);
	check_sync(dmabuf);
	close(dmabuf);
	gem_close(screen->kms.fd, handle);
	dumb_free(&foreign);
	dumb_free(&own);
}

/* An idle buffer is ready for everything, and gives a fence that has signalled. */
static void sync_file(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	struct dma_buf_export_sync_file export = { .flags = DMA_BUF_SYNC_RW, .fd = -1 };

	igt_assert_errno(ioctl(dmabuf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export), 0);
	igt_assert_eq(kms_wait_fence(export.fd, 0), 0);
	close(dmabuf);
	dumb_free(&dumb);
}

static void bad_export(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, SHARED_SIZE);
	int dmabuf = -1;

	for (int bit = 0; bit < 32; bit++) {
		uint32_t flags = 1u << bit;

		if (flags & (DRM_CLOEXEC | DRM_RDWR))
			continue;
		igt_assert_errno(drmPrimeHandleToFD(dumb.card, dumb.handle, flags, &dmabuf),
				 EINVAL);
	}
	igt_assert_errno(drmPrimeHandleToFD(dumb.card, 0, DRM_CLOEXEC, &dmabuf), ENOENT);
	igt_assert_errno(drmPrimeHandleToFD(dumb.card, 0xdeadbeef, DRM_CLOEXEC, &dmabuf), ENOENT);
	igt_assert_errno(drmPrimeHandleToFD(cards.again, dumb.handle, DRM_CLOEXEC, &dmabuf),
			 ENOENT);
	igt_assert_eq(dmabuf, -1);
	dumb_free(&dumb);
}

static void bad_import(struct screen *screen)
{
	int pipes[2], null = open("/dev/null", O_RDWR | O_CLOEXEC);
	uint32_t handle = 0;

	igt_assert_errno(pipe(pipes), 0);
	igt_assert_errno(drmPrimeFDToHandle(screen->kms.fd, -1, &handle), EBADF);
	igt_assert_errno(drmPrimeFDToHandle(screen->kms.fd, 1000000, &handle), EBADF);
	igt_assert_errno(drmPrimeFDToHandle(screen->kms.fd, null, &handle), EINVAL);
	igt_assert_errno(drmPrimeFDToHandle(screen->kms.fd, pipes[0], &handle), EINVAL);
	igt_assert_errno(drmPrimeFDToHandle(screen->kms.fd, screen->kms.fd, &handle), EINVAL);
	close(null);
	close(pipes[0]);
	close(pipes[1]);
}

static const struct subtest subtests[] = {
	{ "flags", "O_CLOEXEC and O_RDWR are what was asked for.", flags_honoured },
	{ "read-only", "Without O_RDWR a buffer can't be mapped for writing.",
	  read_only_mapping },
	{ "seek", "The size is found by seeking to the end.", size_by_seek },
	{ "map-bounds", "A mapping can't reach past the end.", mapping_bounds },
	{ "map-shared", "The mappings of card and dma-buf show the same bytes.",
	  mapping_shared },
	{ "cpu-access", "DMA_BUF_IOCTL_SYNC works and refuses what it does not know.",
	  cpu_access },
	{ "sync-file", "The fence of an idle buffer has signalled.", sync_file },
	{ "bad-export", "Unknown flags and handles are refused.", bad_export },
	{ "bad-import", "What is no dma-buf is refused.", bad_import },
};

void descriptor_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
