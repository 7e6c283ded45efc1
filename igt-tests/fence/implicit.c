// SPDX-License-Identifier: MIT
/*
 * Implicit fences: what scan-out and writeback leave on the buffers, as who has
 * the dma-buf sees it. A commit is held up by a fence of ours on its IN_FENCE_FD,
 * so that there is time to look.
 */
#include "fence_subtests.h"

#include <stdlib.h>
#include <unistd.h>

#include <drm/vgem_drm.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/picture.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "software.h"

/* A framebuffer and the dma-buf that others have of it. */
struct shown {
	struct kms_fb *fb;
	struct dumb dumb; /* where it is vgem's */
	int dmabuf;
};

static struct shown shown_native(struct screen *screen, uint32_t width, uint32_t height)
{
	struct shown shown = { .fb = screen_fb(screen, "XRGB8888", width, height) };

	shown.dmabuf = prime_export(screen->kms.fd, shown.fb->handle, DRM_CLOEXEC);
	return shown;
}

static struct shown shown_vgem(struct screen *screen, int vgem, uint32_t width, uint32_t height)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct shown shown = { .fb = screen_fb_slot(screen) };
	struct pixel_layout layout;

	layout = (struct pixel_layout){
		.pitch = { width * 4 },
		.size = (size_t)width * 4 * height,
	};
	shown.dumb = dumb_new(vgem, layout.size);
	shown.dmabuf = prime_export(vgem, shown.dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	igt_assert_eq(kms_fb_import(shown.fb, screen->kms.fd, shown.dmabuf, format, width, height,
				    &layout),
		      0);
	return shown;
}

static void shown_free(struct shown *shown)
{
	close(shown->dmabuf);
	if (shown->dumb.map)
		dumb_free(&shown->dumb);
}

static void wait_free(const struct shown *shown, bool write)
{
	int sync_file = dmabuf_sync_file(shown->dmabuf, write);

	igt_assert_eq(sync_file_wait(sync_file), 1);
	close(sync_file);
	igt_assert(dmabuf_is_free(shown->dmabuf, write));
}

/* Holds up a commit that has it as the in-fence of a plane. */
struct hold {
	uint32_t timeline;
	int fence;
};

static struct hold hold_new(struct screen *screen)
{
	struct hold hold = { .timeline = timeline_new(screen->kms.fd) };

	hold.fence = timeline_sync_file(screen->kms.fd, hold.timeline, 1, 0);
	return hold;
}

static void hold_end(struct screen *screen, struct hold *hold)
{
	timeline_signal(screen->kms.fd, hold->timeline, 1, 0);
	igt_assert_errno(__timeline_destroy(screen->kms.fd, hold->timeline), 0);
	close(hold->fence);
}

/* The overlay shows @fb, or nothing; @out is where the screen is written, or NULL. */
static int __flip(struct screen *screen, const struct kms_fb *fb, const struct hold *hold,
		  const struct kms_fb *out, int32_t *out_fence)
{
	const struct kms_object *plane = &screen->kms.overlay[0];
	uint32_t flags = out ? DRM_MODE_ATOMIC_ALLOW_MODESET : 0;
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int ret;

	igt_assert(request);
	igt_assert_eq(kms_show(request, &screen->kms, plane, fb, 0, 0), 0);
	if (hold)
		igt_assert_eq(kms_set(request, plane, "IN_FENCE_FD", hold->fence), 0);
	if (out)
		igt_assert_eq(kms_read_back(request, &screen->kms, out, out_fence), 0);
	ret = kms_commit_flip(&screen->kms, request, flags);
	drmModeAtomicFree(request);
	return ret;
}

static void flip(struct screen *screen, const struct kms_fb *fb, const struct hold *hold)
{
	igt_assert_eq(__flip(screen, fb, hold, NULL, NULL), 0);
}

static void flip_end(struct screen *screen)
{
	igt_assert_eq(kms_wait_flip(&screen->kms, SCREEN_PATIENCE_MS), 0);
}

/* The buffer that leaves the screen is read until the flip, and only from the commit on. */
static void check_scanout(struct screen *screen, struct shown *old, struct shown *new,
			  const struct kms_fb *fb)
{
	struct hold hold;

	scene_show(screen, NULL, 0);
	flip(screen, old->fb, NULL);
	flip_end(screen);
	wait_free(old, true);
	/* It stands, as long as it may, and who draws into it waits for nobody. */
	usleep(FENCE_QUIET_MS * 1000);
	igt_assert(dmabuf_is_free(old->dmabuf, true));

	hold = hold_new(screen);
	flip(screen, fb, fb ? &hold : NULL);
	if (fb) {
		igt_assert(!dmabuf_is_free(old->dmabuf, true));
		igt_assert(!dmabuf_is_free(new->dmabuf, true));
		igt_assert(dmabuf_is_free(old->dmabuf, false));
		igt_assert_eq(kms_wait_flip(&screen->kms, FENCE_QUIET_MS), -ETIMEDOUT);
		igt_assert(!dmabuf_is_free(old->dmabuf, true));
	}
	hold_end(screen, &hold);
	flip_end(screen);
	wait_free(old, true);
	wait_free(new, true);
}

static void scanout_native(struct screen *screen)
{
	struct shown old = shown_native(screen, 64, 64), new = shown_native(screen, 64, 64);

	check_scanout(screen, &old, &new, new.fb);
	check_scanout(screen, &old, &new, NULL);
	shown_free(&old);
	shown_free(&new);
}

static void scanout_import(struct screen *screen)
{
	int vgem = drm_open_card("vgem", 0);
	struct shown old, new;

	igt_require_f(vgem >= 0, "needs vgem\n");
	old = shown_vgem(screen, vgem, 64, 64);
	new = shown_vgem(screen, vgem, 64, 64);
	check_scanout(screen, &old, &new, new.fb);
	shown_free(&old);
	shown_free(&new);
	close(vgem);
}

/* A commit that is only tried, or refused, leaves nothing on the buffers. */
static void tried_only(struct screen *screen)
{
	struct shown one = shown_native(screen, 64, 64), two = shown_native(screen, 64, 64);
	struct layer layer = layer_new(&screen->kms.overlay[0], one.fb, 0, 0);
	struct hold hold = hold_new(screen);

	scene_show(screen, NULL, 0);
	igt_assert_eq(__scene_show(screen, &layer, 1, DRM_MODE_ATOMIC_TEST_ONLY, NULL), 0);
	igt_assert(dmabuf_is_free(one.dmabuf, true));
	flip(screen, one.fb, &hold);
	igt_assert_eq(__flip(screen, two.fb, NULL, NULL, NULL), -EBUSY);
	igt_assert(dmabuf_is_free(two.dmabuf, true));
	igt_assert(!dmabuf_is_free(one.dmabuf, true));
	hold_end(screen, &hold);
	flip_end(screen);
	wait_free(&one, true);
	shown_free(&one);
	shown_free(&two);
}

/* Who waits for the dma-buf alone finds the whole picture. */
static void check_writeback(struct screen *screen, struct shown *out, void *map)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 320, 240);
	struct layer layer = layer_new(&screen->kms.overlay[0], fb, 0, 0);
	struct hold hold = hold_new(screen);
	struct picture picture;
	int32_t fence = -1;

	pattern_noise_fb(fb, 31);
	memset(map, 0x55, 640 * 480 * 4);
	scene_show(screen, NULL, 0);
	igt_assert_eq(__flip(screen, fb, &hold, out->fb, &fence), 0);
	igt_assert(!dmabuf_is_free(out->dmabuf, false));
	igt_assert(!dmabuf_is_free(out->dmabuf, true));
	usleep(FENCE_QUIET_MS * 1000);
	igt_assert(!dmabuf_is_free(out->dmabuf, false));
	hold_end(screen, &hold);
	wait_free(out, false);

	picture = scene_compose(screen, &layer, 1);
	out->fb->map = map;
	picture_assert_in_fb(&picture, out->fb, 0);
	if (out->dumb.map)
		out->fb->map = NULL;
	picture_free(&picture);
	igt_assert_eq(kms_wait_fence(fence, FENCE_PATIENCE_MS), 0);
	flip_end(screen);
}

static void writeback_native(struct screen *screen)
{
	struct shown out = shown_native(screen, 640, 480);

	check_writeback(screen, &out, out.fb->map);
	shown_free(&out);
}

static void writeback_import(struct screen *screen)
{
	int vgem = drm_open_card("vgem", 0);
	struct shown out;

	igt_require_f(vgem >= 0, "needs vgem\n");
	out = shown_vgem(screen, vgem, 640, 480);
	check_writeback(screen, &out, out.dumb.map);
	shown_free(&out);
	close(vgem);
}

/* Somebody reads the last picture: the next is not written into it. */
static void writeback_waits(struct screen *screen)
{
	struct shown out = shown_native(screen, 640, 480);
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 64, 64);
	uint32_t reader, *first = out.fb->map;
	int32_t fence = -1;

	pattern_plain(fb, 0xff123456);
	scene_show(screen, NULL, 0);
	memset(out.fb->map, 0, 64);
	reader = soft_attach(screen->kms.fd, out.fb->handle, false, 0);
	igt_assert_eq(__flip(screen, fb, NULL, out.fb, &fence), 0);
	usleep(FENCE_QUIET_MS * 1000);
	igt_assert_eq(sync_file_status(fence), 0);
	igt_assert_eq(*first, 0);
	soft_signal(screen->kms.fd, reader, 0);
	igt_assert_eq(kms_wait_fence(fence, FENCE_PATIENCE_MS), 0);
	igt_assert_eq(*first, 0xff123456);
	flip_end(screen);
	shown_free(&out);
}

/* CPU access to an import can't be opened behind its own fence, nor waited for. */
static void writeback_busy_import(struct screen *screen)
{
	struct drm_vgem_fence_attach attach = {};
	int vgem = drm_open_card("vgem", 0);
	struct drm_vgem_fence_signal end = {};
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 64, 64);
	int32_t fence = -1;
	struct shown out;

	igt_require_f(vgem >= 0, "needs vgem\n");
	out = shown_vgem(screen, vgem, 640, 480);
	scene_show(screen, NULL, 0);
	attach.handle = out.dumb.handle;
	igt_assert_errno(drmIoctl(vgem, DRM_IOCTL_VGEM_FENCE_ATTACH, &attach), 0);
	igt_assert_eq(__flip(screen, fb, NULL, out.fb, &fence), -EBUSY);
	end.fence = attach.out_fence;
	igt_assert_errno(drmIoctl(vgem, DRM_IOCTL_VGEM_FENCE_SIGNAL, &end), 0);
	igt_assert_eq(__flip(screen, fb, NULL, out.fb, &fence), 0);
	igt_assert_eq(kms_wait_fence(fence, FENCE_PATIENCE_MS), 0);
	flip_end(screen);
	shown_free(&out);
	close(vgem);
}

/* A commit that shows what it writes must not wait for itself. */
static void feedback(struct screen *screen)
{
	struct kms_fb *out = screen_fb(screen, "XRGB8888", 640, 480);
	long long expired = fence_count(screen->kms.fd, "writeback", true);
	int32_t fence = -1;

	scene_show(screen, NULL, 0);
	for (int i = 0; i < 3; i++) {
		igt_assert_eq(__flip(screen, out, NULL, out, &fence), 0);
		flip_end(screen);
		igt_assert_eq(kms_wait_fence(fence, FENCE_PATIENCE_MS), 0);
	}
	igt_assert_eq(fence_count(screen->kms.fd, "writeback", true), expired);
}

/* Two cards, or two buffers in turn: nobody is held up for good, nothing expires. */
static void in_turn(struct screen *screen)
{
	struct shown shown[] = { shown_native(screen, 640, 480), shown_native(screen, 640, 480),
				 shown_native(screen, 640, 480) };
	unsigned long scanout = fence_count(screen->kms.fd, "scanout", true);
	unsigned long writeback = fence_count(screen->kms.fd, "writeback", true);
	int32_t fence;

	scene_show(screen, NULL, 0);
	for (int i = 0; i < 30; i++) {
		/* What was written last is shown next. */
		fence = -1;
		igt_assert_eq(__flip(screen, shown[i % 3].fb, NULL, shown[(i + 1) % 3].fb, &fence),
			      0);
		close(fence);
		flip_end(screen);
	}
	for (int i = 0; i < 3; i++) {
		wait_free(&shown[i], true);
		shown_free(&shown[i]);
	}
	igt_assert_eq(fence_count(screen->kms.fd, "scanout", true), scanout);
	igt_assert_eq(fence_count(screen->kms.fd, "writeback", true), writeback);
}

static const struct subtest subtests[] = {
	{ "scanout-native", "Scan-out reads from the commit until its flip.", scanout_native },
	{ "scanout-import", "The same of vgem's buffers, as others see it.", scanout_import },
	{ "scanout-tried", "A commit that is not made leaves no fence.", tried_only },
	{ "writeback-native", "Writeback writes until the last line.", writeback_native },
	{ "writeback-import", "The same into a buffer of vgem's.", writeback_import },
	{ "writeback-waits", "Writeback waits for who reads its destination.", writeback_waits },
	{ "writeback-busy-import", "An import in use is refused, not waited for.",
	  writeback_busy_import },
	{ "writeback-feedback", "A buffer may be shown and written at once.", feedback },
	{ "implicit-in-turn", "Buffers go round and nothing expires.", in_turn },
};

void implicit_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
