// SPDX-License-Identifier: MIT
/*
 * The pattern of tools/handoff for buffers that carry no fences: a camera's buffer
 * goes back when the flip that took it off the screen has come and nobody reads
 * it any more. Flips are held up here, so that a camera that got a buffer too early
 * has the time to spoil it.
 */
#include "vivid_subtests.h"

#include <stdlib.h>
#include <unistd.h>

#include <xf86drm.h>

#include "capture.h"
#include "fence/software.h"
#include "igt_api.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define ROUNDS 6

static struct capture capture;

/* What the camera delivered, however its buffer changes later. */
static struct kms_fb keep(const struct kms_fb *fb)
{
	struct kms_fb kept = *fb;

	kept.map = malloc(fb->layout.size);
	igt_assert(kept.map);
	memcpy(kept.map, fb->map, fb->layout.size);
	return kept;
}

/* The camera fills all that it has, each buffer with another picture. */
static void fill_all(unsigned int frames[], unsigned int count)
{
	static const char *const patterns[] = { "100% Red", "100% Green", "100% Blue" };
	static unsigned int turn;

	for (unsigned int i = 0; i < count; i++) {
		capture_choose(&capture, "Test Pattern", patterns[turn++ % 3]);
		frames[i] = capture_frame(&capture);
	}
}

static void commit_held(struct screen *screen, const struct layer *layer, int in_fence)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	igt_assert(request);
	igt_assert_eq(kms_show(request, &screen->kms, layer->plane, layer->fb, layer->x, layer->y),
		      0);
	igt_assert_eq(kms_set(request, layer->plane, "IN_FENCE_FD", in_fence), 0);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	drmModeAtomicFree(request);
}

/* Step 4: off the screen, and read by nobody. */
static void give_back(unsigned int index)
{
	int sync_file = dmabuf_sync_file(capture.camera.buffers[index].dmabuf, true);

	igt_assert_eq(sync_file_wait(sync_file), 1);
	close(sync_file);
	igt_assert_eq(camera_queue(&capture.camera, index), 0);
}

/* The next frame takes the place of the buffer *@shown; -1 if there is none. */
static void round_trip(struct screen *screen, int *shown)
{
	struct layer layer = { .plane = NULL };
	unsigned int count = capture.camera.num_buffers - (*shown >= 0), frames[8];
	uint32_t timeline = timeline_new(screen->kms.fd);
	int fence = timeline_sync_file(screen->kms.fd, timeline, 1, 0);
	struct kms_fb kept;

	/* The first is shown; the camera is to fill all others while the flip waits. */
	fill_all(frames, 1);
	layer = layer_new(&screen->kms.overlay[0], capture_fb(screen, &capture, frames[0]), 64,
			  32);
	layer.color = capture_color(&capture);
	kept = keep(layer.fb);
	commit_held(screen, &layer, fence);
	fill_all(frames + 1, count - 1);
	if (*shown >= 0)
		igt_assert(!dmabuf_is_free(capture.camera.buffers[*shown].dmabuf, true));
	igt_assert_eq(kms_wait_flip(&screen->kms, FENCE_QUIET_MS), -ETIMEDOUT);
	timeline_signal(screen->kms.fd, timeline, 1, 0);
	igt_assert_eq(kms_wait_flip(&screen->kms, FENCE_PATIENCE_MS), 0);
	if (*shown >= 0)
		give_back(*shown);
	*shown = frames[0];

	layer.fb = &kept;
	scene_check_shown(screen, &layer, 1, "XRGB8888", 1);
	free(kept.map);
	/* These were never on the screen. */
	for (unsigned int i = 1; i < count; i++)
		igt_assert_eq(camera_queue(&capture.camera, frames[i]), 0);
	close(fence);
	igt_assert_errno(__timeline_destroy(screen->kms.fd, timeline), 0);
}

static void whole_frames(struct screen *screen)
{
	int shown = -1;

	scene_show(screen, NULL, 0);
	capture_open(&capture);
	capture_start(&capture, pixel_format_by_name("YUYV"));
	for (int i = 0; i < ROUNDS; i++)
		round_trip(screen, &shown);
	capture_close(&capture);
}

static const struct subtest subtests[] = {
	{ "handoff-whole", "By the pattern of handoff a frame on the screen stays whole.",
	  whole_frames },
};

void handoff_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
