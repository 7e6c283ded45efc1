// SPDX-License-Identifier: MIT
/*
 * What upstream's kms_prime, prime_vgem and prime_mmap_kms are for, with no
 * device of one vendor: foreign buffers on a screen, by CRC and by flips that
 * wait; two screens; a process that paints by nothing but a descriptor.
 */
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "lib/crc.h"
#include "lib/dumb.h"
#include "lib/fd_passing.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/vgem_fence.h"
#include "matrix.h"

/* A flip has to stay away for some frames. */
#define HELD_MS 200

static struct screen screen, other_screen;
static int vgem = -1;
static struct exchange helper = { .child.socket = -1 };

static const uint32_t colors[] = { 0x000000, 0xffffff, 0xff0000 };

#define COLORS (sizeof(colors) / sizeof(colors[0]))

/* A buffer of another card's as a framebuffer; its pixels are the map of @dumb. */
static struct kms_fb *foreign_fb(int card, struct dumb *dumb)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *fb = screen_fb_slot(&screen);
	struct pixel_layout layout;
	int fd;

	pixel_layout_fill(&layout, format, SHARE_WIDTH * 4, SHARE_HEIGHT);
	*dumb = dumb_new(card, SHARE_SIZE);
	fd = prime_export(card, dumb->handle, DRM_CLOEXEC | DRM_RDWR);
	igt_assert_eq(kms_fb_import(fb, screen.kms.fd, fd, format, SHARE_WIDTH, SHARE_HEIGHT,
				    &layout),
		      0);
	close(fd);
	return fb;
}

static uint32_t crc_of(const struct kms_fb *fb)
{
	struct layer layer = layer_new(&screen.kms.primary, fb, 0, 0);

	scene_show(&screen, &layer, 1);
	return crc_read(&screen);
}

static void crc_of_foreign(int card)
{
	uint32_t foreign[COLORS], native[COLORS];
	struct kms_fb *own = screen_fb(&screen, "XRGB8888", SHARE_WIDTH, SHARE_HEIGHT);

	for (size_t i = 0; i < COLORS; i++) {
		struct dumb dumb;
		struct kms_fb *fb = foreign_fb(card, &dumb);

		fb->map = dumb.map;
		pattern_plain(fb, colors[i]);
		fb->map = NULL;
		pattern_plain(own, colors[i]);
		foreign[i] = crc_of(fb);
		native[i] = crc_of(own);
		dumb_free(&dumb);
	}
	for (size_t i = 0; i < COLORS; i++)
		for (size_t j = 0; j < COLORS; j++)
			igt_assert_eq(foreign[i] == native[j], i == j);
}

static void each_crc(void)
{
	igt_dynamic("vgem")
	{
		igt_require_f(vgem >= 0, "needs vgem\n");
		screen_reset(&screen);
		crc_of_foreign(vgem);
	}
	igt_dynamic("second")
	{
		int card = drm_open_card(share_driver(), 1);

		igt_require_f(card >= 0, "no second card of %s\n", share_driver());
		screen_reset(&screen);
		crc_of_foreign(card);
		close(card);
	}
}

static void two_screens(void)
{
	struct screen *screens[] = { &screen, &other_screen };
	struct kms_fb *fbs[2];

	screen_open_driver(&other_screen, share_driver(), 1);
	for (int i = 0; i < 2; i++) {
		struct layer layer;

		fbs[i] = screen_fb(screens[i], "XRGB8888", SHARE_WIDTH, SHARE_HEIGHT);
		pattern_noise_fb(fbs[i], 7 + i);
		layer = layer_new(&screens[i]->kms.primary, fbs[i], 0, 0);
		scene_check(screens[i], &layer, 1, "XRGB8888", 0);
	}
	/* The first is switched off and on; the second shows what it did. */
	for (int i = 0; i < 2; i++) {
		struct layer layer = layer_new(&screen.kms.primary, fbs[0], 0, 0);
		struct layer other = layer_new(&other_screen.kms.primary, fbs[1], 0, 0);

		drmModeSetCrtc(screen.kms.fd, screen.kms.crtc.id, 0, 0, 0, NULL, 0, NULL);
		scene_check_shown(&other_screen, &other, 1, "XRGB8888", 0);
		scene_check(&screen, &layer, 1, "XRGB8888", 0);
	}
	screen_close(&other_screen);
}

/* Each word is seen by the other side before the next is written. */
static void interleave(int exporter, int importer)
{
	struct dumb dumb = dumb_new(exporter, 64 * 4096);
	int fd = prime_export(exporter, dumb.handle, DRM_CLOEXEC | DRM_RDWR), again;
	uint32_t handle = prime_import(importer, fd);
	volatile uint32_t *one = (void *)dumb.map, *other;

	again = prime_export(importer, handle, DRM_CLOEXEC | DRM_RDWR);
	other = mmap(NULL, dumb.size, PROT_READ | PROT_WRITE, MAP_SHARED, again, 0);
	igt_assert(other != MAP_FAILED);
	for (size_t i = 0; i < dumb.size / 4; i += 257) {
		one[i] = i;
		igt_assert_eq(other[i], i);
		other[i] = ~i;
		igt_assert_eq(one[i], (uint32_t)~i);
	}
	munmap((void *)other, dumb.size);
	close(again);
	close(fd);
	gem_close(importer, handle);
	dumb_free(&dumb);
}

static void interleaved(void)
{
	interleave(vgem, screen.kms.fd);
	interleave(screen.kms.fd, vgem);
}

/* The painter knows a descriptor and a size. */
static void paint(struct exchange *exchange, int socket)
{
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW };
	int fd = receive_fd(socket);
	uint32_t *map = mmap(NULL, SHARE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	(void)exchange;
	igt_assert(map != MAP_FAILED);
	igt_assert_errno(ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync), 0);
	for (int y = 100; y < 200; y++)
		for (int x = 150; x < 350; x++)
			map[y * SHARE_WIDTH + x] = 0x0000ff;
	sync.flags = DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW;
	igt_assert_errno(ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync), 0);
}

static void painted(void)
{
	struct kms_fb *fb = screen_fb(&screen, "XRGB8888", SHARE_WIDTH, SHARE_HEIGHT);
	struct kms_fb *copy = screen_fb(&screen, "XRGB8888", SHARE_WIDTH, SHARE_HEIGHT);
	struct layer layer = layer_new(&screen.kms.primary, fb, 0, 0);
	int fd;

	child_start(&helper, paint);
	pattern_plain(fb, 0xffffff);
	scene_show(&screen, &layer, 1);
	fd = prime_export(screen.kms.fd, fb->handle, DRM_CLOEXEC | DRM_RDWR);
	igt_assert_errno(send_fd(helper.child.socket, fd), 0);
	close(fd);
	child_join(&helper);
	memcpy(copy->map, fb->map, SHARE_SIZE);
	igt_assert_eq(((uint32_t *)copy->map)[150 * SHARE_WIDTH + 200], 0x0000ff);
	igt_assert_eq(((uint32_t *)copy->map)[150 * SHARE_WIDTH + 149] & 0xffffff, 0xffffff);
	layer.fb = copy;
	scene_check_shown(&screen, &layer, 1, "XRGB8888", 0);
}

static bool flipped(int timeout_ms)
{
	return !kms_wait_flip(&screen.kms, timeout_ms);
}

static void flip_to(const struct kms_fb *fb)
{
	igt_assert_errno(drmModePageFlip(screen.kms.fd, screen.kms.crtc.id, fb->id,
					 DRM_MODE_PAGE_FLIP_EVENT, NULL),
			 0);
}

/* The screen reads a buffer until its flip has come, and a moment longer. */
static void wait_for_readers(const struct dumb *dumb)
{
	struct pollfd pollfd = {
		.fd = prime_export(vgem, dumb->handle, DRM_CLOEXEC | DRM_RDWR),
		.events = POLLOUT,
	};

	igt_assert_eq(poll(&pollfd, 1, SCREEN_PATIENCE_MS), 1);
	close(pollfd.fd);
}

/* To what is shown already, and to what is not: both wait for who writes. */
static void flip_held(void)
{
	struct dumb dumbs[2];
	struct kms_fb *fbs[] = { foreign_fb(vgem, &dumbs[0]), foreign_fb(vgem, &dumbs[1]) };
	struct layer layer = layer_new(&screen.kms.primary, fbs[0], 0, 0);

	scene_show(&screen, &layer, 1);
	for (int i = 0; i < 2; i++) {
		uint32_t fence;

		wait_for_readers(&dumbs[i]);
		fence = vgem_fence_attach(vgem, dumbs[i].handle, true);
		flip_to(fbs[i]);
		igt_assert(!flipped(HELD_MS));
		vgem_fence_signal(vgem, fence);
		igt_assert(flipped(SCREEN_PATIENCE_MS));
	}
	for (int i = 0; i < 2; i++)
		dumb_free(&dumbs[i]);
}

/* vgem signals it after ten seconds, and who waited goes on. */
static void flip_held_for_ever(void)
{
	struct dumb dumb;
	struct kms_fb *own = screen_fb(&screen, "XRGB8888", SHARE_WIDTH, SHARE_HEIGHT);
	struct kms_fb *fb = foreign_fb(vgem, &dumb);
	struct layer layer = layer_new(&screen.kms.primary, own, 0, 0);

	scene_show(&screen, &layer, 1);
	vgem_fence_attach(vgem, dumb.handle, true);
	flip_to(fb);
	igt_assert(!flipped(HELD_MS));
	igt_assert(flipped(SCREEN_PATIENCE_MS));
	dumb_free(&dumb);
}

static const struct {
	const char *name;
	const char *about;
	void (*run)(void);
} subtests[] = {
	{ "modeset-both", "A screen that is switched does not disturb another card's.",
	  two_screens },
	{ "interleaved", "Two mappings of one buffer agree after each word.", interleaved },
	{ "paint-by-process", "A process that has only the descriptor paints on the screen.",
	  painted },
	{ "flip-held", "A flip waits for who writes, into what is shown and into what is next.",
	  flip_held },
	{ "flip-expired", "A fence that nobody signals holds a flip for so long only.",
	  flip_held_for_ever },
};

void display_subtests(void)
{
	igt_fixture
	{
		screen_open_driver(&screen, share_driver(), 0);
		vgem = drm_open_card("vgem", 0);
	}

	igt_describe("What is shown of a foreign buffer has the CRC of an own one.");
	igt_subtest_with_dynamic("crc")
		each_crc();
	for (size_t i = 0; i < sizeof(subtests) / sizeof(subtests[0]); i++) {
		igt_describe(subtests[i].about);
		igt_subtest(subtests[i].name)
		{
			igt_require_f(vgem >= 0, "needs vgem\n");
			screen_reset(&screen);
			subtests[i].run();
		}
	}

	igt_fixture
	{
		close(vgem);
		screen_close(&screen);
	}
}
