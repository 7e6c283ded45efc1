// SPDX-License-Identifier: MIT
/*
 * Buffers in a program's address space: native ones and imports, through the card
 * and through the dma-buf.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/udmabuf.h>
#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/subtests.h"

#define PAGES 24
#define SIZE (PAGES * PAGE_BYTES)

static int from_second(void)
{
	uint32_t handle = gem_new(cards.second, SIZE, 0);
	int dmabuf = prime_export(cards.second, handle, DRM_RDWR | DRM_CLOEXEC);

	gem_close(cards.second, handle);
	return dmabuf;
}

static int from_vgem(void)
{
	struct dumb dumb = dumb_new(cards.vgem, SIZE);
	int dmabuf = prime_export(cards.vgem, dumb.handle, DRM_RDWR | DRM_CLOEXEC);

	dumb_free(&dumb);
	return dmabuf;
}

static int from_memfd(void)
{
	struct udmabuf_create create = { .flags = UDMABUF_FLAGS_CLOEXEC, .size = SIZE };
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), dmabuf;

	igt_require_f(device >= 0, "no udmabuf\n");
	create.memfd = memfd_create("buffer", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	igt_assert_errno(create.memfd, 0);
	igt_assert_errno(ftruncate(create.memfd, SIZE), 0);
	igt_assert_errno(fcntl(create.memfd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	dmabuf = ioctl(device, UDMABUF_CREATE, &create);
	igt_assert_errno(dmabuf, 0);
	close(create.memfd);
	close(device);
	return dmabuf;
}

static const struct {
	const char *name;
	int (*make)(void);
} exporters[] = {
	{ "vprime", from_second },
	{ "vgem", from_vgem },
	{ "udmabuf", from_memfd },
};

/* An import's mapping outlives the handle and the file descriptor. */
static void try_import(size_t exporter)
{
	int dmabuf = exporters[exporter].make();
	uint32_t handle = prime_import(cards.vprime, dmabuf);
	uint8_t *map, expected[PAGE_BYTES];

	igt_assert(gem_info(cards.vprime, handle).state & VPRIME_GEM_IMPORTED);
	map = gem_map(cards.vprime, handle, SIZE, PROT_READ | PROT_WRITE);
	gem_close(cards.vprime, handle);
	pattern_noise(map, SIZE, 7);
	dmabuf_assert_noise(dmabuf, SIZE, 7);
	close(dmabuf);
	pattern_noise(expected, sizeof(expected), 7);
	igt_assert(!memcmp(map, expected, sizeof(expected)));
	munmap(map, SIZE);
}

static void each_import(void)
{
	for (size_t i = 0; i < sizeof(exporters) / sizeof(exporters[0]); i++)
		igt_dynamic(exporters[i].name)
			try_import(i);
}

/* Any page of the dma-buf can be mapped alone, and is the right one. */
static void parts(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);
	int dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);
	uint32_t *whole = gem_map(cards.vprime, handle, SIZE, PROT_READ | PROT_WRITE);

	(void)screen;
	for (int page = 0; page < PAGES; page++)
		whole[page * PAGE_BYTES / 4] = page + 1;
	for (int page = 0; page < PAGES; page++) {
		uint32_t *part = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_SHARED, dmabuf,
				      page * PAGE_BYTES);

		igt_assert(part != MAP_FAILED);
		igt_assert_eq(*part, page + 1);
		munmap(part, PAGE_BYTES);
	}
	/* What is left of a mapping with a hole is still the same. */
	munmap(whole + PAGE_BYTES / 4, PAGE_BYTES);
	for (int page = 2; page < PAGES; page++)
		igt_assert_eq(whole[page * PAGE_BYTES / 4], page + 1);
	munmap(whole, SIZE);
	igt_assert(mmap(NULL, SIZE, PROT_READ, MAP_SHARED, dmabuf, PAGE_BYTES) == MAP_FAILED);
	igt_assert_eq(errno, EINVAL);
	close(dmabuf);
	gem_close(cards.vprime, handle);
}

/* A child sees and writes the same memory, also after the parent unmapped it. */
static void forked(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);
	uint32_t *map = gem_map(cards.vprime, handle, SIZE, PROT_READ | PROT_WRITE);
	int status;
	pid_t child;

	(void)screen;
	map[0] = 1;
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		map[SIZE / 4 - 1] = map[0] + 1;
		_exit(0);
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert_eq(status, 0);
	igt_assert_eq(map[SIZE / 4 - 1], 2);
	munmap(map, SIZE);
	gem_close(cards.vprime, handle);
}

static void refused(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);
	uint64_t offset = gem_info(cards.vprime, handle).offset;

	(void)screen;
	igt_assert(mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE, cards.vprime, offset) ==
		   MAP_FAILED);
	igt_assert_eq(errno, EINVAL);
	igt_assert(mmap(NULL, SIZE + PAGE_BYTES, PROT_READ, MAP_SHARED, cards.vprime, offset) ==
		   MAP_FAILED);
	igt_assert_eq(errno, EINVAL);
	/* Another client has no handle. */
	igt_assert(mmap(NULL, SIZE, PROT_READ, MAP_SHARED, cards.again, offset) == MAP_FAILED);
	igt_assert_eq(errno, EACCES);
	gem_close(cards.vprime, handle);
	igt_assert(mmap(NULL, SIZE, PROT_READ, MAP_SHARED, cards.vprime, offset) == MAP_FAILED);
	igt_assert_eq(errno, EINVAL);
}

static const struct subtest subtests[] = {
	{ "map-parts", "Parts of a buffer are mapped through its dma-buf.", parts },
	{ "map-fork", "A mapping is inherited by a child.", forked },
	{ "map-errors", "What can't be mapped.", refused },
};

void mapping_subtests(struct screen *screen)
{
	igt_describe("Imports are mapped through the card, as their exporter maps them.");
	igt_subtest_with_dynamic("map-import")
		each_import();
	RUN_SUBTESTS(subtests, screen);
}
