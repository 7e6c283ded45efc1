// SPDX-License-Identifier: MIT
/*
 * Buffers that move while others use them: everybody follows, or the move is refused.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define SIZE (70 * PAGE_BYTES)

/* Programs' mappings, through the card and the dma-buf, and what they write. */
static void mapped(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);
	int dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);
	uint32_t *map = gem_map(cards.vprime, handle, SIZE, PROT_READ | PROT_WRITE), *other;

	(void)screen;
	other = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf, 0);
	igt_assert(other != MAP_FAILED);
	pattern_noise(map, SIZE, 1);
	for (unsigned int i = 0; i < 5; i++) {
		igt_assert_eq(gem_move(0, dmabuf), 0);
		igt_assert_eq(gem_info(cards.vprime, handle).moves, i + 1);
		igt_assert(!memcmp(map, other, SIZE));
		dmabuf_assert_noise(dmabuf, SIZE, 1 + i);
		pattern_noise(i % 2 ? map : other, SIZE, 2 + i);
		igt_assert_eq(map[SIZE / 4 - 1], other[SIZE / 4 - 1]);
	}
	munmap(map, SIZE);
	munmap(other, SIZE);
	/* Also when nobody has it mapped. */
	igt_assert_eq(gem_move(0, dmabuf), 0);
	gem_assert_noise(cards.vprime, handle, SIZE, 6);
	gem_close(cards.vprime, handle);
	close(dmabuf);
}

static void write_combined(struct screen *screen)
{
	const uint32_t flags = VPRIME_GEM_CONTIGUOUS | VPRIME_GEM_WRITE_COMBINE;
	uint32_t handle = gem_new(cards.vprime, SIZE, flags);
	int dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);
	struct drm_vprime_gem_info info;

	(void)screen;
	gem_fill(cards.vprime, handle, SIZE, 9);
	igt_assert_eq(gem_move(0, dmabuf), 0);
	info = gem_info(cards.vprime, handle);
	igt_assert_eq(info.segments, 1);
	igt_assert_eq(info.flags, flags);
	gem_assert_noise(cards.vprime, handle, SIZE, 9);
	gem_close(cards.vprime, handle);
	close(dmabuf);
}

/* A dynamic importer loses its mapping, and has a new one at the next use. */
static void followed(struct screen *screen)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *fb = screen_fb_slot(screen);
	struct drm_vprime_gem_info info;
	struct pixel_layout layout;
	struct layer layer;
	uint32_t handle;
	int dmabuf;

	pixel_layout_fill(&layout, format, 400, 80);
	handle = gem_new(cards.second, layout.size, 0);
	dmabuf = prime_export(cards.second, handle, DRM_RDWR | DRM_CLOEXEC);
	dmabuf_fill_noise(dmabuf, layout.size, 1);
	igt_assert_eq(kms_fb_import(fb, screen->kms.fd, dmabuf, format, 100, 80, &layout), 0);
	info = gem_info(screen->kms.fd, fb->handle);
	igt_assert_eq(info.moves, 1);
	igt_assert(info.state & VPRIME_GEM_RESIDENT);

	for (unsigned int i = 0; i < 3; i++) {
		igt_assert_eq(gem_move(1, dmabuf), 0);
		igt_assert_eq(gem_info(screen->kms.fd, fb->handle).state &
				      VPRIME_GEM_RESIDENT,
			      0);
		igt_assert_eq(gem_users(1, dmabuf), 0);
	}
	fb->map = mmap(NULL, layout.size, PROT_READ, MAP_SHARED, dmabuf, 0);
	igt_assert(fb->map != MAP_FAILED);
	layer = layer_new(&screen->kms.overlay[0], fb, 5, 6);
	scene_check(screen, &layer, 1, "XRGB8888", 0);
	igt_assert_eq(gem_info(screen->kms.fd, fb->handle).moves, 2);

	/* What was shown has a kernel mapping, which can't follow. */
	igt_assert_eq(gem_move(1, dmabuf), EBUSY);
	igt_assert(gem_info(cards.second, handle).state & VPRIME_GEM_PINNED);
	dmabuf_fill_noise(dmabuf, layout.size, 2);
	scene_check(screen, &layer, 1, "XRGB8888", 0);
	screen_reset(screen);
	gem_wait_unpinned(cards.second, handle);
	igt_assert_eq(gem_move(1, dmabuf), 0);
	dmabuf_assert_noise(dmabuf, layout.size, 2);
	gem_close(cards.second, handle);
	close(dmabuf);
}

static void refused(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);
	int vgem = prime_export(cards.vprime, handle, DRM_CLOEXEC);

	(void)screen;
	igt_assert_eq(gem_move(1, vgem), ENOENT);
	gem_close(cards.vprime, handle);
	close(vgem);
}

static const struct subtest subtests[] = {
	{ "move-mapped", "Programs' mappings follow a move.", mapped },
	{ "move-kind", "A buffer is of the same kind after a move.", write_combined },
	{ "move-imported", "Importers follow a move; what is pinned stays.", followed },
	{ "move-errors", "A card moves its own buffers only.", refused },
};

void move_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
