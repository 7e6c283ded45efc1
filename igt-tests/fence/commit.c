// SPDX-License-Identifier: MIT
/*
 * Explicit fences of commits: what IN_FENCE_FD holds up, what OUT_FENCE_PTR says,
 * DRM's sync objects beside them, and the legacy cursor, which waits for no flip.
 */
#include "fence_subtests.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/crc.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "software.h"

static int32_t start_flip(struct screen *screen, const struct kms_fb *fb, int in_fence)
{
	const struct kms_object *plane = &screen->kms.overlay[0];
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int32_t out_fence = -1;

	igt_assert(request);
	igt_assert_eq(kms_show(request, &screen->kms, plane, fb, 0, 0), 0);
	igt_assert_eq(kms_set(request, plane, "IN_FENCE_FD", in_fence), 0);
	igt_assert_eq(kms_set(request, &screen->kms.crtc, "OUT_FENCE_PTR", (uintptr_t)&out_fence),
		      0);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	drmModeAtomicFree(request);
	igt_assert(out_fence >= 0);
	return out_fence;
}

static void in_fence(struct screen *screen)
{
	uint32_t timeline = timeline_new(screen->kms.fd);
	int fence = timeline_sync_file(screen->kms.fd, timeline, 1, 0);
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 64, 64);
	struct layer layer = layer_new(&screen->kms.overlay[0], fb, 0, 0);
	int out_fence;

	scene_show(screen, NULL, 0);
	out_fence = start_flip(screen, fb, fence);
	igt_assert_eq(kms_wait_flip(&screen->kms, FENCE_QUIET_MS), -ETIMEDOUT);
	igt_assert_eq(sync_file_status(out_fence), 0);
	pattern_noise_fb(fb, 11);
	timeline_signal(screen->kms.fd, timeline, 1, 0);
	igt_assert_eq(kms_wait_flip(&screen->kms, FENCE_PATIENCE_MS), 0);
	igt_assert_eq(sync_file_wait(out_fence), 1);
	scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
	close(fence);
	close(out_fence);
	igt_assert_errno(__timeline_destroy(screen->kms.fd, timeline), 0);
}

/* A fence that failed has ended: the commit is carried out. */
static void flip_after_error(struct screen *screen, int fence)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 64, 64);
	struct layer layer = layer_new(&screen->kms.overlay[0], fb, 0, 0);
	int out_fence;

	pattern_noise_fb(fb, 12);
	scene_show(screen, NULL, 0);
	out_fence = start_flip(screen, fb, fence);
	igt_assert_eq(kms_wait_flip(&screen->kms, FENCE_PATIENCE_MS), 0);
	igt_assert_eq(sync_file_wait(out_fence), 1);
	scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
	close(out_fence);
}

static void in_fence_error(struct screen *screen)
{
	uint32_t timeline = timeline_new(screen->kms.fd);
	int fence = timeline_sync_file(screen->kms.fd, timeline, 1, 0);

	timeline_signal(screen->kms.fd, timeline, 1, EIO);
	igt_assert_eq(sync_file_status(fence), -EIO);
	flip_after_error(screen, fence);
	close(fence);
	igt_assert_errno(__timeline_destroy(screen->kms.fd, timeline), 0);
}

static void in_fence_expired(struct screen *screen)
{
	uint32_t timeline = timeline_new(screen->kms.fd);
	int fence = timeline_sync_file(screen->kms.fd, timeline, 1, 300);

	flip_after_error(screen, fence);
	igt_assert_eq(sync_file_status(fence), -ETIMEDOUT);
	close(fence);
	igt_assert_errno(__timeline_destroy(screen->kms.fd, timeline), 0);
}

#define CURSOR 64

static void cursor_set(struct screen *screen, const struct kms_fb *fb)
{
	igt_assert_errno(drmModeSetCursor(screen->kms.fd, screen->kms.crtc.id, fb ? fb->handle : 0,
					  fb ? CURSOR : 0, fb ? CURSOR : 0),
			 0);
}

static void cursor_move(struct screen *screen, const struct layer *layer)
{
	igt_assert_errno(drmModeMoveCursor(screen->kms.fd, screen->kms.crtc.id, layer->x, layer->y),
			 0);
}

static void wait_free(int dmabuf)
{
	int sync_file = dmabuf_sync_file(dmabuf, true);

	igt_assert_eq(sync_file_wait(sync_file), 1);
	close(sync_file);
}

/*
 * The cursor moves at once while a flip is held up. It brings nothing of that flip to
 * the screen, and lets go of nothing that the flip reads.
 */
static void cursor_during_flip(struct screen *screen)
{
	uint32_t timeline = timeline_new(screen->kms.fd), held;
	int fence = timeline_sync_file(screen->kms.fd, timeline, 1, 0);
	struct kms_fb *one = screen_fb(screen, "XRGB8888", 64, 64);
	struct kms_fb *two = screen_fb(screen, "XRGB8888", 64, 64);
	struct kms_fb *cursor = screen_fb(screen, "ARGB8888", CURSOR, CURSOR);
	int dmabuf = prime_export(screen->kms.fd, one->handle, DRM_CLOEXEC), out_fence;
	struct layer layers[] = {
		layer_new(&screen->kms.overlay[0], one, 0, 0),
		layer_new(&screen->kms.cursor, cursor, 200, 100),
	};

	pattern_noise_fb(one, 41);
	pattern_noise_fb(two, 42);
	pattern_alpha_ramp(cursor);
	scene_show(screen, layers, 1);
	cursor_set(screen, cursor);
	wait_free(dmabuf);

	out_fence = start_flip(screen, two, fence);
	cursor_move(screen, &layers[1]);
	igt_assert_eq(sync_file_status(out_fence), 0);
	igt_assert(!dmabuf_is_free(dmabuf, true));
	held = crc_read(screen);

	timeline_signal(screen->kms.fd, timeline, 1, 0);
	igt_assert_eq(kms_wait_flip(&screen->kms, FENCE_PATIENCE_MS), 0);
	igt_assert_eq(sync_file_wait(out_fence), 1);
	wait_free(dmabuf);
	layers[0].fb = two;
	scene_check_shown(screen, layers, 2, "XRGB8888", 0);
	layers[0].fb = one;
	scene_show(screen, layers, 2);
	igt_assert_eq(crc_read(screen), held);

	cursor_set(screen, NULL);
	close(out_fence);
	close(dmabuf);
	close(fence);
	igt_assert_errno(__timeline_destroy(screen->kms.fd, timeline), 0);
}

/*
 * A new picture for the cursor waits for who writes it, and for no flip. The old one
 * may be drawn into when its fences say so: nothing of that is seen.
 */
static void cursor_cuts_flip(struct screen *screen)
{
	unsigned long expired = fence_count(screen->kms.fd, "scanout", true);
	struct kms_fb *below = screen_fb(screen, "XRGB8888", 640, 480);
	struct kms_fb *one = screen_fb(screen, "ARGB8888", CURSOR, CURSOR);
	struct kms_fb *two = screen_fb(screen, "ARGB8888", CURSOR, CURSOR);
	int dmabuf = prime_export(screen->kms.fd, one->handle, DRM_CLOEXEC), writer;
	int other = prime_export(screen->kms.fd, two->handle, DRM_CLOEXEC);
	struct layer layers[] = {
		layer_new(&screen->kms.primary, below, 0, 0),
		layer_new(&screen->kms.cursor, two, 31, 7),
	};
	uint32_t fence;

	pattern_noise_fb(below, 43);
	pattern_noise_fb(one, 44);
	scene_show(screen, layers, 1);
	cursor_set(screen, one);
	cursor_move(screen, &layers[1]);

	fence = soft_attach(screen->kms.fd, two->handle, true, 300);
	writer = dmabuf_sync_file(other, false);
	igt_assert_eq(sync_file_status(writer), 0);
	cursor_set(screen, two);
	igt_assert_eq(sync_file_status(writer), -ETIMEDOUT);
	igt_assert_errno(__soft_signal(screen->kms.fd, fence, 0), ETIMEDOUT);

	wait_free(dmabuf);
	wait_free(other);
	pattern_noise_fb(one, 45);
	scene_check_shown(screen, layers, 2, "XRGB8888", 0);
	igt_assert_eq(fence_count(screen->kms.fd, "scanout", true), expired);

	cursor_set(screen, NULL);
	close(writer);
	close(other);
	close(dmabuf);
}

static int render_open(struct screen *screen)
{
	char *name = drmGetRenderDeviceNameFromFd(screen->kms.fd);
	int render;

	igt_assert(name);
	render = open(name, O_RDWR | O_CLOEXEC);
	free(name);
	igt_assert(render >= 0);
	return render;
}

/* A fence of ours goes into a sync object on a render node, and wakes who waits. */
static void syncobj(struct screen *screen)
{
	int card = render_open(screen), fence, event;
	uint32_t timeline = timeline_new(card), binary, points;
	uint64_t one = 1, value = 0;
	uint32_t has;

	igt_assert_errno(drmGetCap(card, DRM_CAP_SYNCOBJ, &value), 0);
	igt_assert_eq(value, 1);
	igt_assert_errno(drmGetCap(card, DRM_CAP_SYNCOBJ_TIMELINE, &value), 0);
	igt_assert_eq(value, 1);
	igt_assert_errno(drmSyncobjCreate(card, 0, &binary), 0);
	igt_assert_errno(drmSyncobjCreate(card, 0, &points), 0);
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	igt_assert(event >= 0);
	/* Asked before there is a fence. */
	igt_assert_errno(drmSyncobjEventfd(card, points, 1, event, 0), 0);

	fence = timeline_sync_file(card, timeline, 1, 0);
	igt_assert_errno(drmSyncobjImportSyncFile(card, binary, fence), 0);
	igt_assert_errno(drmSyncobjTransfer(card, points, 1, binary, 0, 0), 0);
	igt_assert_eq(drmSyncobjTimelineWait(card, &points, &one, 1, 0, 0, &has), -ETIME);
	igt_assert(read(event, &value, sizeof(value)) < 0);
	timeline_signal(card, timeline, 1, 0);
	igt_assert_eq(drmSyncobjTimelineWait(card, &points, &one, 1, 0, 0, &has), 0);
	igt_assert_errno(drmSyncobjQuery(card, &points, &value, 1), 0);
	igt_assert_eq(value, 1);
	igt_assert_eq(read(event, &value, sizeof(value)), sizeof(value));
	close(event);
	close(fence);
	close(card);
}

static const struct subtest subtests[] = {
	{ "in-fence", "A flip waits for IN_FENCE_FD, its OUT_FENCE for the flip.", in_fence },
	{ "in-fence-error", "A fence that failed holds no flip up.", in_fence_error },
	{ "in-fence-expired", "Nor does one that expires.", in_fence_expired },
	{ "cursor-during-flip", "The cursor moves while a flip waits.", cursor_during_flip },
	{ "cursor-cuts-flip", "A new cursor waits for its writer alone.", cursor_cuts_flip },
	{ "syncobj", "Fences go into sync objects on a render node.", syncobj },
};

void commit_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
