// SPDX-License-Identifier: MIT
/*
 * Imported buffers on the screen: their pixels, the fences that hold them back,
 * and what happens when their owner leaves.
 */
#include "prime_subtests.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "lib/vgem_fence.h"

/* Long enough for many frames, and shorter than a commit's patience with strangers. */
#define HELD_MS 300

/**
 * struct shared_fb - a buffer of one card, shown by another
 * @dumb: the buffer
 * @fb: the framebuffer around it; its pixels are seen through @dumb
 */
struct shared_fb {
	struct dumb dumb;
	struct kms_fb *fb;
};

static struct shared_fb share(struct screen *screen, int exporter, const char *name,
			      uint32_t width, uint32_t height)
{
	const struct pixel_format *format = pixel_format_by_name(name);
	struct shared_fb shared = { .fb = screen_fb_slot(screen) };
	struct pixel_layout layout;
	int dmabuf;

	pixel_layout_fill(&layout, format, pixel_plane_width(format, 0, width) * format->cpp[0],
			  height);
	shared.dumb = dumb_new(exporter, layout.size);
	dmabuf = prime_export(exporter, shared.dumb.handle, DRM_RDWR | DRM_CLOEXEC);
	igt_assert_eq(kms_fb_import(shared.fb, screen->kms.fd, dmabuf, format, width, height,
				    &layout),
		      0);
	close(dmabuf);
	return shared;
}

static void show_and_check(struct screen *screen, const struct shared_fb *shared, int tolerance)
{
	struct layer layer = layer_new(&screen->kms.overlay[0], shared->fb, 33, 44);

	/* The reference reads by the exporter's mapping; the fb must not unmap it. */
	shared->fb->map = shared->dumb.map;
	scene_check(screen, &layer, 1, "XRGB8888", tolerance);
	shared->fb->map = NULL;
}

static void shows(struct screen *screen, int exporter)
{
	static const char *const formats[] = { "XRGB8888", "RGB565", "YUYV", "NV12", "YUV420" };

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct shared_fb shared = share(screen, exporter, formats[i], 160, 120);

		pattern_noise(shared.dumb.map, shared.dumb.size, 70 + i);
		show_and_check(screen, &shared, shared.fb->format->yuv);
		/* No copy was kept: the next frame shows the next bytes. */
		pattern_noise(shared.dumb.map, shared.dumb.size, 80 + i);
		show_and_check(screen, &shared, shared.fb->format->yuv);
		screen_reset(screen);
		dumb_free(&shared.dumb);
	}
}

static void shows_vgem(struct screen *screen)
{
	shows(screen, cards.vgem);
}

static void shows_second_card(struct screen *screen)
{
	shows(screen, cards.second);
}

/* The planes of one picture in two buffers, at places that are not the start. */
static void two_buffers(struct screen *screen)
{
	const uint32_t luma_offset = 4096, chroma_offset = 192;
	struct kms_fb *whole = screen_fb(screen, "NV12", 160, 120);
	struct kms_fb *split = screen_fb_slot(screen);
	struct dumb luma = dumb_new(cards.vgem, luma_offset + 160 * 120);
	struct dumb chroma = dumb_new(cards.vgem, chroma_offset + 160 * 60);
	int one = prime_export(luma.card, luma.handle, DRM_CLOEXEC);
	int other = prime_export(chroma.card, chroma.handle, DRM_CLOEXEC);
	uint32_t handles[4] = { prime_import(screen->kms.fd, one),
				prime_import(screen->kms.fd, other) };
	uint32_t pitches[4] = { 160, 160 }, offsets[4] = { luma_offset, chroma_offset };
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB8888");
	struct picture picture;
	struct layer layer;

	pattern_noise_fb(whole, 90);
	memcpy(luma.map + luma_offset, whole->map, 160 * 120);
	memcpy(chroma.map + chroma_offset, (uint8_t *)whole->map + whole->layout.offset[1],
	       160 * 60);
	*split = *whole;
	split->map = NULL;
	split->handle = handles[0];
	igt_assert_errno(drmModeAddFB2(screen->kms.fd, 160, 120, split->format->drm, handles,
				       pitches, offsets, &split->id, 0),
			 0);
	gem_close(screen->kms.fd, handles[1]);
	close(one);
	close(other);

	layer = layer_new(&screen->kms.overlay[0], split, 7, 8);
	scene_read_back(screen, &layer, 1, read_back);
	layer.fb = whole;
	picture = scene_compose(screen, &layer, 1);
	picture_assert_in_fb(&picture, read_back, 1);
	picture_free(&picture);
	dumb_free(&luma);
	dumb_free(&chroma);
}

/* The screen is written into memory of vgem's, and read there. */
static void read_back_into_vgem(struct screen *screen)
{
	struct shared_fb target = share(screen, cards.vgem, "XRGB8888", 640, 480);
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 320, 240);
	struct layer layer = layer_new(&screen->kms.primary, fb, 50, 60);
	struct picture picture;

	pattern_noise_fb(fb, 91);
	scene_read_back(screen, &layer, 1, target.fb);
	picture = scene_compose(screen, &layer, 1);
	target.fb->map = target.dumb.map;
	picture_assert_in_fb(&picture, target.fb, 0);
	target.fb->map = NULL;
	picture_free(&picture);
	dumb_free(&target.dumb);
}

static void start_flip(struct screen *screen, const struct kms_fb *fb)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	igt_assert(request);
	igt_assert_eq(kms_show(request, &screen->kms, &screen->kms.overlay[0], fb, 0, 0), 0);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	drmModeAtomicFree(request);
}

/*
 * While somebody writes, the old picture stays; then the finished one is shown. Who
 * writes for longer than a commit waits is vprime_fence's.
 */
static void write_fence_holds(struct screen *screen)
{
	struct shared_fb shared = share(screen, cards.vgem, "XRGB8888", 160, 120);
	struct layer layer = layer_new(&screen->kms.overlay[0], shared.fb, 0, 0);
	uint32_t fence;

	scene_show(screen, NULL, 0);
	fence = vgem_fence_attach(shared.dumb.card, shared.dumb.handle, true);
	start_flip(screen, shared.fb);
	igt_assert_eq(kms_wait_flip(&screen->kms, HELD_MS), -ETIMEDOUT);
	pattern_noise(shared.dumb.map, shared.dumb.size, 92);
	vgem_fence_signal(shared.dumb.card, fence);
	igt_assert_eq(kms_wait_flip(&screen->kms, SCREEN_PATIENCE_MS), 0);

	shared.fb->map = shared.dumb.map;
	scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
	shared.fb->map = NULL;
	dumb_free(&shared.dumb);
}

/* Two that read don't disturb each other. */
static void read_fence_does_not_hold(struct screen *screen)
{
	struct shared_fb shared = share(screen, cards.vgem, "XRGB8888", 160, 120);
	uint32_t fence;

	scene_show(screen, NULL, 0);
	fence = vgem_fence_attach(shared.dumb.card, shared.dumb.handle, false);
	start_flip(screen, shared.fb);
	igt_assert_eq(kms_wait_flip(&screen->kms, SCREEN_PATIENCE_MS), 0);
	vgem_fence_signal(shared.dumb.card, fence);
	dumb_free(&shared.dumb);
}

/* vgem gives up a fence after 10 s; the flip it held then comes by itself. */
static void fence_in_time(struct screen *screen)
{
	struct shared_fb shared = share(screen, cards.vgem, "XRGB8888", 160, 120);
	int card = drm_open_card("vgem", 0);
	struct dumb own = { .card = card };
	int dmabuf = prime_export(cards.vgem, shared.dumb.handle, DRM_CLOEXEC);

	scene_show(screen, NULL, 0);
	own.handle = prime_import(card, dmabuf);
	close(dmabuf);
	vgem_fence_attach(own.card, own.handle, true);
	start_flip(screen, shared.fb);
	igt_assert_eq(kms_wait_flip(&screen->kms, HELD_MS), -ETIMEDOUT);
	/* Its owner is gone, so the fence is signalled. */
	close(card);
	igt_assert_eq(kms_wait_flip(&screen->kms, SCREEN_PATIENCE_MS), 0);
	dumb_free(&shared.dumb);
}

static void owner_leaves(struct screen *screen)
{
	struct kms_fb *copy = screen_fb(screen, "XRGB8888", 160, 120);
	int card = drm_open_card("vgem", 0);
	struct shared_fb shared = share(screen, card, "XRGB8888", 160, 120);
	struct layer layer = layer_new(&screen->kms.primary, shared.fb, 20, 30);

	pattern_noise_fb(copy, 93);
	memcpy(shared.dumb.map, copy->map, copy->layout.size);
	scene_show(screen, &layer, 1);
	dumb_free(&shared.dumb);
	close(card);
	layer.fb = copy;
	scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
}

static const struct subtest subtests[] = {
	{ "scanout-vgem", "Buffers of vgem's are shown in each kind of format.", shows_vgem },
	{ "scanout-second-card", "Buffers of another card of vprime are shown.",
	  shows_second_card },
	{ "scanout-two-buffers", "The planes of a picture may lie in two buffers.", two_buffers },
	{ "writeback-to-vgem", "The screen is read back into a buffer of vgem's.",
	  read_back_into_vgem },
	{ "fence-write", "A buffer that is being written is not shown before its fence.",
	  write_fence_holds },
	{ "fence-read", "Other readers hold nothing up.", read_fence_does_not_hold },
	{ "fence-owner-gone", "A flip is not held for longer than the fence lives.",
	  fence_in_time },
	{ "owner-gone-on-screen", "What is shown stays when its owner leaves.", owner_leaves },
};

void scanout_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
