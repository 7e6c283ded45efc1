// SPDX-License-Identifier: MIT
/*
 * Native buffers mapped for a device that stands on a bus: the one that the module
 * dmabuf_bench was told of. With an IOMMU it is behind that. Nothing tells it to transfer
 * anything; what can go wrong is the mapping.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../dma-buf/bench/dmabuf_bench.h"

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/subtests.h"

#define TURNS 50

static const struct {
	const char *name;
	uint32_t flags;
	size_t size;
} kinds[] = {
	{ "page", 0, PAGE_BYTES },
	{ "scattered", 0, 300 * PAGE_BYTES },
	{ "huge", 0, 8u << 20 },
	{ "contiguous", VPRIME_GEM_CONTIGUOUS, 2u << 20 },
	{ "write-combined", VPRIME_GEM_WRITE_COMBINE, 1u << 20 },
};

static int open_bench(void)
{
	int bench = open("/dev/dmabuf_bench", O_RDWR | O_CLOEXEC);

	igt_require_f(bench >= 0, "needs the module dmabuf_bench\n");
	return bench;
}

static void map_unmap(int bench, int dmabuf, enum dmabuf_bench_work work)
{
	struct dmabuf_bench_loop loop = { .fd = dmabuf, .work = work, .turns = TURNS };

	igt_assert_errno(ioctl(bench, DMABUF_BENCH_LOOP, &loop), 0);
}

/* By who pins it and by who follows moves, before a move and after, and nothing is lost. */
static void try_kind(size_t kind)
{
	const size_t size = kinds[kind].size;
	uint32_t handle = gem_new(cards.vprime, size, kinds[kind].flags);
	int bench = open_bench(), dmabuf;

	limits_reset();
	dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);
	gem_fill(cards.vprime, handle, size, kind);
	for (int moves = 0; moves < 2; moves++) {
		map_unmap(bench, dmabuf, DMABUF_BENCH_MAP_UNMAP);
		map_unmap(bench, dmabuf, DMABUF_BENCH_MAP_UNMAP_DYNAMIC);
		gem_assert_noise(cards.vprime, handle, size, kind);
		igt_assert_eq(gem_move(0, dmabuf), 0);
	}
	gem_assert_noise(cards.vprime, handle, size, kind);
	gem_close(cards.vprime, handle);
	close(dmabuf);
	close(bench);
}

static void each_kind(void)
{
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++)
		igt_dynamic(kinds[kind].name)
			try_kind(kind);
}

void hardware_subtests(struct screen *screen)
{
	(void)screen;
	igt_describe("Each kind of memory is mapped for a device on a bus.");
	igt_subtest_with_dynamic("map-for-device")
		each_kind();
}
