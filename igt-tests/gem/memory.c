// SPDX-License-Identifier: MIT
/*
 * Buffers made with a choice of memory, and what the ioctls refuse.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/huge_pages.h"
#include "lib/subtests.h"

#define SIZE (100 * PAGE_BYTES)
#define SIZE_1080P (1920 * 1080 * 4ul)

static const struct {
	const char *name;
	uint32_t flags;
	size_t size;
} kinds[] = {
	{ "default", 0, SIZE },
	{ "page", 0, PAGE_BYTES },
	{ "huge", 0, SIZE_1080P },
	{ "contiguous", VPRIME_GEM_CONTIGUOUS, SIZE },
	{ "contiguous-1080p", VPRIME_GEM_CONTIGUOUS, SIZE_1080P },
	{ "write-combine", VPRIME_GEM_WRITE_COMBINE, SIZE },
	{ "contiguous-write-combine", VPRIME_GEM_CONTIGUOUS | VPRIME_GEM_WRITE_COMBINE, SIZE },
};

static bool is_zero(const uint8_t *bytes, size_t size)
{
	return !*bytes && !memcmp(bytes, bytes + 1, size - 1);
}

/* Zeroed, keeps what is written while nobody has it mapped, shared as well. */
static void try_kind(size_t kind)
{
	const size_t size = kinds[kind].size;
	uint32_t handle = gem_new(cards.vprime, size, kinds[kind].flags), other;
	struct drm_vprime_gem_info info = gem_info(cards.vprime, handle);
	uint8_t *map;
	int dmabuf;

	igt_assert_eq(info.flags, kinds[kind].flags);
	igt_assert_eq(info.state, 0);
	igt_assert_eq(info.segments, 0);
	map = gem_map(cards.vprime, handle, size, PROT_READ);
	igt_assert(is_zero(map, size));
	info = gem_info(cards.vprime, handle);
	igt_assert_eq(info.state, VPRIME_GEM_RESIDENT);
	igt_assert(info.segments > 0);
	if (kinds[kind].flags & VPRIME_GEM_CONTIGUOUS)
		igt_assert_eq(info.segments, 1);
	munmap(map, size);

	gem_fill(cards.vprime, handle, size, kind);
	dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);
	igt_assert(gem_info(cards.vprime, handle).state & VPRIME_GEM_EXPORTED);
	other = prime_import(cards.second, dmabuf);
	gem_close(cards.vprime, handle);
	dmabuf_assert_noise(dmabuf, size, kind);
	close(dmabuf);
	gem_assert_noise(cards.second, other, size, kind);
	gem_close(cards.second, other);
}

static void each_kind(void)
{
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++)
		igt_dynamic(kinds[kind].name)
			try_kind(kind);
}

static const struct {
	const char *name;
	int error;
	struct drm_vprime_gem_create create;
} create_cases[] = {
	{ "one-byte", 0, { .size = 1 } },
	{ "no-bytes", EINVAL, { .size = 0 } },
	{ "flags", EINVAL, { .size = 1, .flags = 4 } },
	{ "all-flags", EINVAL, { .size = 1, .flags = ~0u } },
	{ "pad", EINVAL, { .size = 1, .pad = 1 } },
	{ "pad-high", EINVAL, { .size = 1, .pad = 1ull << 63 } },
	{ "handle-is-ignored", 0, { .size = 1, .handle = 77777 } },
	{ "more-than-memory", ENOMEM, { .size = 1ull << 50 } },
	{ "wraps", ENOMEM, { .size = ~0ull } },
};

static void create_errors(void)
{
	for (size_t i = 0; i < sizeof(create_cases) / sizeof(create_cases[0]); i++)
		igt_dynamic(create_cases[i].name)
		{
			struct drm_vprime_gem_create create = create_cases[i].create;

			igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_VPRIME_GEM_CREATE,
						  &create),
					 create_cases[i].error);
			if (!create_cases[i].error) {
				igt_assert(create.handle != create_cases[i].create.handle);
				igt_assert_eq(create.size, PAGE_BYTES);
				gem_close(cards.vprime, create.handle);
			}
		}
}

static void info_errors(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, 1, 0);
	struct drm_vprime_gem_info info = { .handle = handle, .pad = 1 };

	(void)screen;
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_VPRIME_GEM_INFO, &info), EINVAL);
	info = (struct drm_vprime_gem_info){ .handle = 0 };
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_VPRIME_GEM_INFO, &info), ENOENT);
	info = (struct drm_vprime_gem_info){ .handle = handle + 1000 };
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_VPRIME_GEM_INFO, &info), ENOENT);
	gem_close(cards.vprime, handle);
	info = (struct drm_vprime_gem_info){ .handle = handle };
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_VPRIME_GEM_INFO, &info), ENOENT);
}

/* How many of the kernel's files were made so far, or tried in vain. */
static unsigned long huge_pages(void)
{
	FILE *file = fopen("/proc/vmstat", "re");
	unsigned long value, sum = 0;
	char name[64];

	igt_assert(file);
	while (fscanf(file, "%63s %lu", name, &value) == 2)
		if (!strcmp(name, "thp_file_alloc") || !strcmp(name, "thp_file_fallback"))
			sum += value;
	fclose(file);
	return sum;
}

/* A buffer is in huge pages wherever it fills them, if the machine lets it. */
static void page_size(struct screen *screen)
{
	const unsigned long count = 4;
	unsigned long before = huge_pages(), made;
	uint32_t handle;

	(void)screen;
	igt_require_f(huge_pages_exist(), "a kernel without huge pages\n");
	handle = gem_new(cards.vprime, count * HUGE_PAGE, 0);
	gem_fill(cards.vprime, handle, count * HUGE_PAGE, 1);
	made = huge_pages() - before;
	igt_info("%lu huge pages\n", made);
	if (huge_pages_by("deny"))
		igt_assert_eq(made, 0);
	else
		igt_assert(made >= count);
	gem_assert_noise(cards.vprime, handle, count * HUGE_PAGE, 1);
	gem_close(cards.vprime, handle);
}

static const struct subtest subtests[] = {
	{ "page-size", "Its pages are huge where the machine has such.", page_size },
	{ "info-errors", "Asking about a buffer refuses what is documented.", info_errors },
};

void memory_subtests(struct screen *screen)
{
	igt_describe("Each kind of memory is zeroed, keeps its content and is shared.");
	igt_subtest_with_dynamic("memory")
		each_kind();
	igt_describe("Making a buffer refuses what is documented.");
	igt_subtest_with_dynamic("create-errors")
		create_errors();
	RUN_SUBTESTS(subtests, screen);
}
