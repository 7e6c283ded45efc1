// SPDX-License-Identifier: MIT
/*
 * A device that goes away under buffers that are mapped, shared and shown. The
 * second card is unplugged, and a new one plugged in; or its driver is unbound.
 */
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define SIZE (40 * PAGE_BYTES)

/* Who imports while the device goes, how many buffers each, and how often. */
#define IMPORTERS 4
#define IMPORTS 40
#define ROUNDS 8

static int racing[IMPORTS];

static void unplug(void)
{
	igt_assert_eq(slot_set(1, "plugged", 0), 0);
	igt_assert(drm_open_card("vprime", 1) < 0);
}

static void reopen(void)
{
	close(cards.second);
	cards.second = slot_open_card(1);
}

static void plug(void)
{
	igt_assert_eq(slot_set(1, "plugged", 1), 0);
	reopen();
}

/* Mappings stay, and show nothing of the buffer; DRM's rules forbid SIGBUS. */
static void mapped(struct screen *screen)
{
	uint32_t handle = gem_new(cards.second, SIZE, 0);
	int dmabuf = prime_export(cards.second, handle, DRM_RDWR | DRM_CLOEXEC);
	uint32_t *map = gem_map(cards.second, handle, SIZE, PROT_READ | PROT_WRITE);
	volatile uint32_t *other = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, dmabuf, 0);
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ };
	struct drm_vprime_gem_info info = { .handle = handle };

	(void)screen;
	igt_assert(other != MAP_FAILED);
	pattern_noise(map, SIZE, 1);
	igt_assert_eq(other[7], map[7]);
	unplug();
	for (size_t i = 0; i < SIZE / 4; i++)
		igt_assert_eq(other[i], 0);
	map[0] = 5;
	igt_assert_eq(map[0], 5);
	igt_assert(mmap(NULL, SIZE, PROT_READ, MAP_SHARED, dmabuf, 0) == MAP_FAILED);
	igt_assert_eq(errno, ENODEV);
	igt_assert_errno(ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync), ENODEV);
	igt_assert_errno(drmIoctl(cards.second, DRM_IOCTL_VPRIME_GEM_INFO, &info), ENODEV);
	munmap(map, SIZE);
	munmap((void *)other, SIZE);
	close(dmabuf);
	plug();
}

/* Who imported its buffers is told, and can't use them any more. */
static void exported(struct screen *screen)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *shown = screen_fb_slot(screen), *fresh = screen_fb_slot(screen);
	struct pixel_layout layout;
	uint32_t handles[2], late;
	struct layer layer;
	int dmabufs[2];

	pixel_layout_fill(&layout, format, 360, 70);
	for (int i = 0; i < 2; i++) {
		handles[i] = gem_new(cards.second, layout.size, 0);
		dmabufs[i] = prime_export(cards.second, handles[i], DRM_RDWR | DRM_CLOEXEC);
		igt_assert_eq(kms_fb_import(i ? fresh : shown, screen->kms.fd, dmabufs[i], format,
					    90, 70, &layout),
			      0);
	}
	layer = layer_new(&screen->kms.overlay[0], shown, 0, 0);
	scene_show(screen, &layer, 1);
	unplug();
	igt_assert_eq(gem_info(screen->kms.fd, shown->handle).state & VPRIME_GEM_RESIDENT, 0);
	igt_assert_eq(gem_info(screen->kms.fd, fresh->handle).state & VPRIME_GEM_RESIDENT, 0);
	layer.fb = fresh;
	igt_assert_eq(__scene_show(screen, &layer, 1, 0, NULL), -ENODEV);
	igt_assert_errno(drmPrimeFDToHandle(cards.vgem, dmabufs[0], &late), ENODEV);
	screen_reset(screen);
	close(dmabufs[0]);
	close(dmabufs[1]);
	plug();
}

/* What it had imported is the exporter's again, and goes on. */
static void imported(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0), import, again;
	int dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);

	(void)screen;
	import = prime_import(cards.second, dmabuf);
	gem_fill(cards.second, import, SIZE, 3);
	igt_assert(gem_users(0, dmabuf) > 0);
	unplug();
	igt_assert_eq(gem_users(0, dmabuf), 0);
	igt_assert_eq(gem_move(0, dmabuf), 0);
	dmabuf_assert_noise(dmabuf, SIZE, 3);
	plug();
	again = prime_import(cards.second, dmabuf);
	gem_assert_noise(cards.second, again, SIZE, 3);
	gem_close(cards.second, again);
	gem_close(cards.vprime, handle);
	close(dmabuf);
}

/* Imports all of them, one after the other, until the device is gone. */
static void *import_all(void *card)
{
	uint32_t handle;

	for (int i = 0; i < IMPORTS; i++)
		if (drmPrimeFDToHandle(*(int *)card, racing[i], &handle))
			return NULL;
	return NULL;
}

static void import_while_unplugged(unsigned int round)
{
	pthread_t threads[IMPORTERS];
	int open_cards[IMPORTERS];

	for (int i = 0; i < IMPORTERS; i++) {
		open_cards[i] = drm_open_card("vprime", 1);
		igt_assert(open_cards[i] >= 0);
		igt_assert(!pthread_create(&threads[i], NULL, import_all, &open_cards[i]));
	}
	usleep(round * 500);
	unplug();
	for (int i = 0; i < IMPORTERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < IMPORTS; i++)
		igt_assert_eq(gem_users(0, racing[i]), 0);
	for (int i = 0; i < IMPORTERS; i++)
		close(open_cards[i]);
	plug();
}

/* An import that comes while the device goes is unmapped, or is not mapped at all. */
static void importing(struct screen *screen)
{
	uint32_t handles[IMPORTS];

	(void)screen;
	for (int i = 0; i < IMPORTS; i++) {
		handles[i] = gem_new(cards.vprime, SIZE, 0);
		racing[i] = prime_export(cards.vprime, handles[i], DRM_RDWR | DRM_CLOEXEC);
	}
	for (unsigned int round = 0; round < ROUNDS; round++)
		import_while_unplugged(round);
	for (int i = 0; i < IMPORTS; i++) {
		close(racing[i]);
		gem_close(cards.vprime, handles[i]);
	}
}

/* As a device that is unplugged, only that the slot still has it, with its limits. */
static void unbound(struct screen *screen)
{
	uint32_t handle = gem_new(cards.second, SIZE, 0), import = 0;
	int dmabuf = prime_export(cards.second, handle, DRM_RDWR | DRM_CLOEXEC);

	(void)screen;
	igt_assert_eq(slot_set(1, "contiguous", 1), 0);
	igt_assert_eq(slot_bind_driver(1, false), 0);
	igt_assert(drm_open_card("vprime", 1) < 0);
	igt_assert_errno(drmPrimeFDToHandle(cards.vprime, dmabuf, &import), ENODEV);
	igt_assert_eq(slot_set(1, "plugged", 1), 0);
	igt_assert(drm_open_card("vprime", 1) < 0);
	igt_assert_eq(slot_bind_driver(1, true), 0);
	reopen();
	igt_assert_errno(drmPrimeFDToHandle(cards.vprime, dmabuf, &import), ENODEV);
	close(dmabuf);
	handle = gem_new(cards.second, SIZE, 0);
	gem_fill(cards.second, handle, SIZE, 1);
	igt_assert_eq(gem_info(cards.second, handle).segments, 1);
	gem_close(cards.second, handle);
	igt_assert_eq(slot_set(1, "contiguous", 0), 0);

	igt_assert_eq(slot_bind_driver(1, false), 0);
	igt_assert_eq(slot_set(1, "plugged", 0), 0);
	igt_assert_eq(slot_bind_driver(1, true), ENODEV);
	plug();
}

static const struct subtest subtests[] = {
	{ "unplug-mapped", "Mappings of a device that is gone are blank.", mapped },
	{ "unplug-exported", "Its buffers are taken from importers.", exported },
	{ "unplug-driver", "The driver is unbound, and bound again.", unbound },
	{ "unplug-importing", "Imports that race with it are unmapped too.", importing },
	{ "unplug-imported", "Its imports go back to their exporters.", imported },
};

void unplug_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
