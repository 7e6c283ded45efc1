// SPDX-License-Identifier: MIT
/*
 * Scan-out as a reader, of a framebuffer whose planes lie in several buffers: who has
 * the dma-buf of any of them sees that it is read.
 */
#include "fence_subtests.h"

#include <unistd.h>

#include <drm_fourcc.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "software.h"

#define SIDE 64

/* An NV12 framebuffer, luma and chroma each in a buffer of its own. */
struct parted {
	struct kms_fb *fb;
	uint32_t handles[2];
	int dmabufs[2];
};

static struct parted parted_new(struct screen *screen)
{
	const struct pixel_format *format = pixel_format_by_name("NV12");
	uint32_t pitches[4] = { SIDE, SIDE }, offsets[4] = {}, handles[4] = {};
	struct parted parted = { .fb = screen_fb_slot(screen) };
	int card = screen->kms.fd;

	for (int i = 0; i < 2; i++) {
		struct drm_mode_create_dumb create = { .width = SIDE, .height = SIDE, .bpp = 8 };

		igt_assert_errno(drmIoctl(card, DRM_IOCTL_MODE_CREATE_DUMB, &create), 0);
		parted.handles[i] = create.handle;
		handles[i] = create.handle;
		parted.dmabufs[i] = prime_export(card, create.handle, DRM_CLOEXEC);
	}
	*parted.fb = (struct kms_fb){
		.card = card,
		.format = format,
		.width = SIDE,
		.height = SIDE,
	};
	igt_assert_eq(drmModeAddFB2(card, SIDE, SIDE, DRM_FORMAT_NV12, handles, pitches, offsets,
				    &parted.fb->id, 0),
		      0);
	return parted;
}

static void parted_free(struct screen *screen, struct parted *parted)
{
	for (int i = 0; i < 2; i++) {
		close(parted->dmabufs[i]);
		gem_close(screen->kms.fd, parted->handles[i]);
	}
}

static void assert_free(const struct parted *parted, bool write, bool expected)
{
	for (int i = 0; i < 2; i++)
		igt_assert_f(dmabuf_is_free(parted->dmabufs[i], write) == expected,
			     "the buffer of plane %d is %s\n", i, expected ? "read" : "free");
}

static void show_behind(struct screen *screen, const struct kms_fb *fb, int fence)
{
	const struct kms_object *plane = &screen->kms.overlay[0];
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	igt_assert(request);
	igt_assert_eq(kms_show(request, &screen->kms, plane, fb, 0, 0), 0);
	igt_assert_eq(kms_set(request, plane, "IN_FENCE_FD", fence), 0);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	drmModeAtomicFree(request);
}

/* From the commit on, which its in-fence holds up, until the flip. */
static void scanout_planes(struct screen *screen)
{
	struct parted parted = parted_new(screen);
	uint32_t timeline = timeline_new(screen->kms.fd);
	int fence = timeline_sync_file(screen->kms.fd, timeline, 1, 0);

	scene_show(screen, NULL, 0);
	assert_free(&parted, true, true);
	show_behind(screen, parted.fb, fence);
	assert_free(&parted, true, false);
	assert_free(&parted, false, true);
	timeline_signal(screen->kms.fd, timeline, 1, 0);
	igt_assert_eq(kms_wait_flip(&screen->kms, SCREEN_PATIENCE_MS), 0);
	for (int i = 0; i < 2; i++) {
		int readers = dmabuf_sync_file(parted.dmabufs[i], true);

		igt_assert_eq(sync_file_wait(readers), 1);
		close(readers);
	}
	igt_assert_errno(__timeline_destroy(screen->kms.fd, timeline), 0);
	close(fence);
	screen_reset(screen);
	parted_free(screen, &parted);
}

static const struct subtest subtests[] = {
	{ "scanout-planes", "All buffers of a picture are read, not only the first.",
	  scanout_planes },
};

void plane_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
