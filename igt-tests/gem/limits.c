// SPDX-License-Identifier: MIT
/*
 * Devices that pretend to be limited, set in configfs: what is negotiated, what is
 * moved for them, what is refused and with which errno.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/bounce.h"
#include "lib/dmabuf_count.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define PAGES 64
#define SIZE (PAGES * PAGE_BYTES)

/**
 * struct limit_case - a limit, and what comes of it
 * @name: of the dynamic subtest
 * @file: of the slot in configfs
 * @value: written to it
 * @second: another file, or NULL
 * @second_value: written to that
 * @segments: in how many pieces the importer gets a native buffer at most
 * @error: the errno of an import instead, or 0
 */
struct limit_case {
	const char *name, *file;
	unsigned long long value;
	const char *second;
	unsigned long long second_value;
	unsigned int segments;
	int error;
};

static const struct limit_case limits[] = {
	{ "contiguous", "contiguous", 1, NULL, 0, 1, 0 },
	{ "two-segments", "max_segments", 2, NULL, 0, 2, 0 },
	{ "one-segment", "max_segments", 1, NULL, 0, 1, 0 },
	{ "short-segments", "max_segment_size", 2 * PAGE_BYTES, NULL, 0, PAGES, 0 },
	{ "32-bits", "dma_mask_bits", 32, NULL, 0, PAGES, 0 },
	{ "24-bits", "dma_mask_bits", 24, NULL, 0, PAGES, 0 },
	{ "24-bits-contiguous", "dma_mask_bits", 24, "contiguous", 1, 1, 0 },
	{ "few-and-short", "max_segments", 5, "max_segment_size", 13 * PAGE_BYTES, 5, 0 },
	{ "too-few-too-short", "max_segments", 2, "max_segment_size", 16 * PAGE_BYTES, 0,
	  EOPNOTSUPP },
	{ "63-bits", "dma_mask_bits", 63, NULL, 0, PAGES, 0 },
	{ "shortest", "max_segment_size", PAGE_BYTES, NULL, 0, PAGES, 0 },
	{ "longest", "max_segment_size", 0xfffff000, "max_segments", 0xfffffffe, PAGES, 0 },
	{ "all-extremes", "dma_mask_bits", 63, "max_segments", 0xfffffffe, PAGES, 0 },
	{ "just-enough", "max_segments", PAGES, "max_segment_size", PAGE_BYTES, PAGES, 0 },
	{ "one-too-few", "max_segments", PAGES - 1, "max_segment_size", PAGE_BYTES, 0,
	  EOPNOTSUPP },
	{ "contiguous-and-short", "contiguous", 1, "max_segment_size", PAGE_BYTES, 0,
	  EOPNOTSUPP },
};

#define LIMITS (sizeof(limits) / sizeof(limits[0]))

/* A kernel without ZONE_DMA keeps no memory for those who reach 16 MiB only. */
static void require_dma_zone(void)
{
	FILE *zones = fopen("/proc/zoneinfo", "r");
	bool found = false;
	char line[128];

	while (zones && fgets(line, sizeof(line), zones))
		found |= !!strstr(line, "zone      DMA\n");
	if (zones)
		fclose(zones);
	igt_require_f(found, "the kernel has no ZONE_DMA\n");
}

/* Bounce buffers lie where the DMA API reaches them, which is never told of less. */
static void require_short_reach(void)
{
	require_dma_zone();
	igt_require_f(!bounce_all(), "no bounce buffer is where 24 bits reach\n");
}

static bool is_short(const struct limit_case *limit)
{
	return !strcmp(limit->file, "dma_mask_bits") && limit->value < 32;
}

static void apply(unsigned int slot, const struct limit_case *limit)
{
	igt_assert_eq(slot_set(slot, limit->file, limit->value), 0);
	if (limit->second)
		igt_assert_eq(slot_set(slot, limit->second, limit->second_value), 0);
}

/* No two pages of it lie side by side, if memory is as it is after boot. */
static uint32_t scattered(int card)
{
	uint32_t handles[2 * PAGES], handle = gem_new(card, SIZE, 0);
	int dmabuf = prime_export(card, handle, DRM_RDWR | DRM_CLOEXEC);

	for (size_t i = 0; i < 2 * PAGES; i++) {
		handles[i] = gem_new(card, PAGE_BYTES, 0);
		munmap(gem_map(card, handles[i], PAGE_BYTES, PROT_READ), PAGE_BYTES);
	}
	for (size_t i = 0; i < 2 * PAGES; i += 2)
		gem_close(card, handles[i]);
	gem_fill(card, handle, SIZE, 1);
	igt_assert_eq(gem_move(0, dmabuf), 0);
	for (size_t i = 1; i < 2 * PAGES; i += 2)
		gem_close(card, handles[i]);
	close(dmabuf);
	return handle;
}

/* A buffer that nobody pins moves to where the importer reaches it. */
static void try_import(const struct limit_case *limit)
{
	int error = is_short(limit) && bounce_all() ? EOPNOTSUPP : limit->error, dmabuf;
	uint32_t handle, imported;

	if (is_short(limit))
		require_dma_zone();
	limits_reset();
	handle = scattered(cards.vprime);
	dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);
	apply(1, limit);
	igt_assert_errno(drmPrimeFDToHandle(cards.second, dmabuf, &imported), error);
	if (!error) {
		igt_assert(gem_info(cards.second, imported).segments <= limit->segments);
		gem_assert_noise(cards.second, imported, SIZE, 1);
		gem_close(cards.second, imported);
	}
	limits_reset();
	gem_assert_noise(cards.vprime, handle, SIZE, 1);
	gem_close(cards.vprime, handle);
	close(dmabuf);
}

/* A limited device's own buffers are such as it can use. */
static void try_create(const struct limit_case *limit)
{
	struct drm_vprime_gem_create create = { .size = SIZE };

	if (is_short(limit))
		require_dma_zone();
	limits_reset();
	apply(1, limit);
	igt_assert_errno(drmIoctl(cards.second, DRM_IOCTL_VPRIME_GEM_CREATE, &create),
			 limit->error);
	if (!limit->error) {
		gem_fill(cards.second, create.handle, SIZE, 2);
		munmap(gem_map(cards.second, create.handle, SIZE, PROT_READ), SIZE);
		gem_assert_noise(cards.second, create.handle, SIZE, 2);
		gem_close(cards.second, create.handle);
	}
	limits_reset();
}

static void each_limit(void (*try)(const struct limit_case *limit))
{
	for (const struct limit_case *limit = limits; limit < limits + LIMITS; limit++)
		igt_dynamic(limit->name)
			try(limit);
}

/* vgem gives what it has: the importer looks at it, and takes it or not. */
static void foreign(struct screen *screen)
{
	struct dumb dumb = dumb_new(cards.vgem, SIZE);
	int dmabuf = prime_export(cards.vgem, dumb.handle, DRM_RDWR | DRM_CLOEXEC);
	uint32_t handle, segments;
	int before = dmabuf_count();

	(void)screen;
	limits_reset();
	handle = prime_import(cards.second, dmabuf);
	segments = gem_info(cards.second, handle).segments;
	igt_assert(segments > 0);
	gem_close(cards.second, handle);

	igt_assert_eq(slot_set(1, "max_segments", segments), 0);
	handle = prime_import(cards.second, dmabuf);
	gem_close(cards.second, handle);
	igt_assert_eq(slot_set(1, "max_segments", 0xffffffff), 0);
	igt_assert_eq(slot_set(1, "dma_mask_bits", 24), 0);
	igt_assert_errno(drmPrimeFDToHandle(cards.second, dmabuf, &handle), EOPNOTSUPP);
	limits_reset();
	handle = prime_import(cards.second, dmabuf);
	gem_close(cards.second, handle);
	close(dmabuf);
	dumb_free(&dumb);
	/* A refused import keeps nothing of it. */
	dmabuf_assert_count(before - 1);
}

/* What is on a screen is pinned and can't move for somebody else. */
static void pinned(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 64, 64);
	struct layer layer = layer_new(&screen->kms.overlay[0], fb, 0, 0);
	int dmabuf = prime_export(screen->kms.fd, fb->handle, DRM_RDWR | DRM_CLOEXEC);
	uint32_t handle, native;

	require_short_reach();
	limits_reset();
	scene_show(screen, &layer, 1);
	igt_assert_eq(slot_set(1, "dma_mask_bits", 24), 0);
	igt_assert_errno(drmPrimeFDToHandle(cards.second, dmabuf, &handle), EBUSY);
	native = prime_import(cards.again, dmabuf);
	screen_reset(screen);
	gem_wait_unpinned(cards.again, native);
	gem_close(cards.again, native);
	handle = prime_import(cards.second, dmabuf);
	gem_close(cards.second, handle);
	limits_reset();
	close(dmabuf);
}

/* What one device needs, the other can't use: who comes later is refused. */
static void conflict(struct screen *screen)
{
	uint32_t handle, imported;
	int dmabuf;

	(void)screen;
	require_short_reach();
	limits_reset();
	igt_assert_eq(slot_set(0, "contiguous", 1), 0);
	handle = gem_new(cards.vprime, SIZE, 0);
	gem_fill(cards.vprime, handle, SIZE, 8);
	dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);
	igt_assert_eq(slot_set(1, "dma_mask_bits", 24), 0);
	igt_assert_eq(slot_set(1, "max_segment_size", PAGE_BYTES), 0);
	igt_assert_errno(drmPrimeFDToHandle(cards.second, dmabuf, &imported), EBUSY);
	igt_assert_eq(slot_set(1, "max_segment_size", SIZE), 0);
	imported = prime_import(cards.second, dmabuf);
	gem_assert_noise(cards.second, imported, SIZE, 8);
	limits_reset();
	gem_close(cards.second, imported);
	gem_close(cards.vprime, handle);
	close(dmabuf);
}

/* What its creator wants in one piece is one, however short its pieces for a device. */
static void cut(struct screen *screen)
{
	uint32_t handle, imported;
	int dmabuf;

	(void)screen;
	require_short_reach();
	limits_reset();
	handle = gem_new(cards.vprime, SIZE, VPRIME_GEM_CONTIGUOUS);
	gem_fill(cards.vprime, handle, SIZE, 9);
	dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);
	igt_assert_eq(slot_set(1, "dma_mask_bits", 24), 0);
	igt_assert_eq(slot_set(1, "max_segment_size", PAGE_BYTES), 0);
	imported = prime_import(cards.second, dmabuf);
	gem_assert_noise(cards.second, imported, SIZE, 9);
	igt_assert_eq(gem_info(cards.vprime, handle).segments, 1);
	limits_reset();
	gem_close(cards.second, imported);
	gem_close(cards.vprime, handle);
	close(dmabuf);
}

/* Nobody has it mapped when the limit comes, so its memory is asked for again. */
static void later(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);

	(void)screen;
	limits_reset();
	gem_fill(cards.vprime, handle, SIZE, 7);
	igt_assert_eq(slot_set(0, "contiguous", 1), 0);
	gem_assert_noise(cards.vprime, handle, SIZE, 7);
	gem_close(cards.vprime, handle);
	limits_reset();
}

static void no_cpu(struct screen *screen)
{
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ };
	uint32_t handle, imported;
	uint64_t offset;
	int dmabuf;

	(void)screen;
	limits_reset();
	igt_assert_eq(slot_set(1, "cpu_access", 0), 0);
	handle = gem_new(cards.second, SIZE, 0);
	igt_assert_eq(slot_set(1, "cpu_access", 1), 0);
	igt_assert_eq(gem_info(cards.second, handle).state, VPRIME_GEM_NO_CPU);
	igt_assert_eq(gem_info(cards.second, handle).offset, 0);
	igt_assert_errno(drmModeMapDumbBuffer(cards.second, handle, &offset), EOPNOTSUPP);
	dmabuf = prime_export(cards.second, handle, DRM_RDWR | DRM_CLOEXEC);
	igt_assert(mmap(NULL, SIZE, PROT_READ, MAP_SHARED, dmabuf, 0) == MAP_FAILED);
	igt_assert_eq(errno, EINVAL);
	igt_assert_errno(ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync), EOPNOTSUPP);
	imported = prime_import(cards.vprime, dmabuf);
	igt_assert(__gem_map(cards.vprime, imported, SIZE, PROT_READ) == MAP_FAILED);
	igt_assert_eq(errno, EINVAL);
	gem_close(cards.vprime, imported);
	gem_close(cards.second, handle);
	close(dmabuf);
}

static const struct subtest subtests[] = {
	{ "limit-foreign", "What a foreign exporter gives is compared with the limits.", foreign },
	{ "limit-pinned", "A pinned buffer does not move for a limited device.", pinned },
	{ "limit-conflict", "Limits that exclude each other are told from those that can't be met.",
	  conflict },
	{ "limit-cut", "A piece that its creator wants may be cut for a device.", cut },
	{ "limit-later", "A buffer keeps its content when its device is limited later.", later },
	{ "limit-no-cpu", "A buffer out of the CPU's reach can't be mapped.", no_cpu },
};

void limit_subtests(struct screen *screen)
{
	igt_describe("A native buffer moves to where a limited importer reaches it.");
	igt_subtest_with_dynamic("limit-import")
		each_limit(try_import);
	igt_describe("A limited device makes buffers that it can use.");
	igt_subtest_with_dynamic("limit-create")
		each_limit(try_create);
	RUN_SUBTESTS(subtests, screen);
}
