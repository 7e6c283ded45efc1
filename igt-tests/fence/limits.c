// SPDX-License-Identifier: MIT
/*
 * No descriptor and no place for one more fence: what can't be had is refused with its
 * errno, and leaves no fence behind that somebody would wait for.
 */
#include "fence_subtests.h"

#include <unistd.h>

#include <drm/vprime_drm.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/descriptors.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "software.h"

/* A file may have so many fences. */
#define MAX_FENCES 4096

/* Buffers that they are on: each fence is compared with those before it. */
#define OTHERS 16

static void no_descriptor_for_point(struct screen *screen)
{
	struct dumb dumb = dumb_new(screen->kms.fd, 4096);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
	struct drm_vprime_timeline_fence fence = {
		.timeline = timeline_new(dumb.card),
		.flags = VPRIME_TIMELINE_SYNC_FILE | VPRIME_FENCE_WRITE,
		.point = 1,
		.handle = dumb.handle,
	};
	struct rlimit limit = descriptors_deny();
	int ret = drmIoctl(dumb.card, DRM_IOCTL_VPRIME_TIMELINE_FENCE, &fence), error = errno;

	descriptors_allow(&limit);
	igt_assert_eq(ret, -1);
	igt_assert_eq(error, EMFILE);
	igt_assert(dmabuf_is_free(dmabuf, true));

	igt_assert_errno(drmIoctl(dumb.card, DRM_IOCTL_VPRIME_TIMELINE_FENCE, &fence), 0);
	igt_assert(!dmabuf_is_free(dmabuf, true));
	timeline_signal(dumb.card, fence.timeline, 1, 0);
	igt_assert(dmabuf_is_free(dmabuf, true));
	igt_assert_errno(__timeline_destroy(dumb.card, fence.timeline), 0);
	close(fence.fd);
	close(dmabuf);
	dumb_free(&dumb);
}

static int flip(struct screen *screen, const struct kms_fb *fb, int32_t *out_fence)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int ret;

	igt_assert(request);
	igt_assert_eq(kms_show(request, &screen->kms, &screen->kms.overlay[0], fb, 0, 0), 0);
	igt_assert_eq(kms_set(request, &screen->kms.crtc, "OUT_FENCE_PTR", (uintptr_t)out_fence),
		      0);
	ret = kms_commit_flip(&screen->kms, request, 0);
	drmModeAtomicFree(request);
	return ret;
}

static void no_descriptor_for_flip(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 64, 64);
	int dmabuf = prime_export(screen->kms.fd, fb->handle, DRM_CLOEXEC), ret;
	int32_t out_fence = -1;
	struct rlimit limit;

	scene_show(screen, NULL, 0);
	limit = descriptors_deny();
	ret = flip(screen, fb, &out_fence);
	descriptors_allow(&limit);
	igt_assert_eq(ret, -EMFILE);
	igt_assert_eq(out_fence, -1);
	igt_assert(dmabuf_is_free(dmabuf, true));

	igt_assert_eq(flip(screen, fb, &out_fence), 0);
	igt_assert_eq(sync_file_wait(out_fence), 1);
	igt_assert_eq(kms_wait_flip(&screen->kms, FENCE_PATIENCE_MS), 0);
	close(out_fence);
	close(dmabuf);
}

/*
 * Points of a timeline and fences on buffers count together, points until they are
 * passed. On a slow machine the fences may be expired by then: they count all the same.
 */
static void too_many_points(struct screen *screen)
{
	int card = drm_open_card("vprime", 0);
	struct dumb dumb = dumb_new(card, 4096), others[OTHERS];
	int dmabuf = prime_export(card, dumb.handle, DRM_CLOEXEC);
	uint32_t timeline = timeline_new(card);

	(void)screen;
	for (int i = 0; i < OTHERS; i++)
		others[i] = dumb_new(card, 4096);
	for (int i = 0; i < MAX_FENCES - 1; i++)
		soft_attach(card, others[i % OTHERS].handle, false, 0);
	close(timeline_sync_file(card, timeline, 1, 0));
	igt_assert_errno(__timeline_attach(card, timeline, 2, dumb.handle, true), ENOSPC);
	igt_assert(dmabuf_is_free(dmabuf, true));
	timeline_signal(card, timeline, 1, 0);
	igt_assert_errno(__timeline_attach(card, timeline, 2, dumb.handle, true), 0);
	igt_assert(!dmabuf_is_free(dmabuf, true));
	timeline_signal(card, timeline, 2, 0);
	igt_assert(dmabuf_is_free(dmabuf, true));
	for (int i = 0; i < OTHERS; i++)
		dumb_free(&others[i]);
	close(dmabuf);
	dumb_free(&dumb);
	close(card);
}

static const struct subtest subtests[] = {
	{ "no-descriptor-point", "A point without a descriptor leaves no fence.",
	  no_descriptor_for_point },
	{ "no-descriptor-flip", "Nor does a flip without one for its OUT_FENCE.",
	  no_descriptor_for_flip },
	{ "too-many-points", "Nor does a point that is one too many.", too_many_points },
};

void limit_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
