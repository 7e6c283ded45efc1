// SPDX-License-Identifier: MIT
/*
 * Frames of one imported buffer. A commit that does not wait prepares its
 * framebuffers, and maps them, in the system call; that is what is timed. What the
 * screen then does with the frame is the same for every frame.
 */
#include "frames.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h> /* DRM_CLOEXEC is made of its flags */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "bench.h"
#include "kms_commit.h"
#include "kms_device.h"
#include "kms_fb.h"
#include "results.h"
#include "tracer.h"

#define WIDTH 1920
#define HEIGHT 1080
#define LATER_FRAMES 4
#define PATIENCE_MS 10000

/* The driver's function that maps a framebuffer unless it is, and what it may call. */
#define MAPPING "vprime_fb_map"
#define VMAP "dma_buf_vmap"
#define MAP "dma_buf_map_attachment"

struct stage {
	struct kms_device kms;
	struct kms_fb other;
	uint32_t mode_blob;
};

static void must(int ret, const char *what)
{
	if (ret) {
		errno = -ret;
		err(EXIT_FAILURE, "%s", what);
	}
}

/* Shows @fb and waits until it is on the screen; returns how long the commit took. */
static double show(struct stage *stage, const struct kms_fb *fb, uint32_t flags)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	double start;

	if (flags)
		must(kms_enable(request, &stage->kms,
				kms_find_mode(&stage->kms, WIDTH, HEIGHT), &stage->mode_blob),
		     "mode");
	must(kms_show(request, &stage->kms, &stage->kms.primary, fb, 0, 0), "plane");
	start = bench_ns();
	must(kms_commit_flip(&stage->kms, request, flags), "commit");
	start = bench_ns() - start;
	must(kms_wait_flip(&stage->kms, PATIENCE_MS), "flip");
	drmModeAtomicFree(request);
	return start;
}

static void set(struct stage *stage)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");

	if (kms_device_open(&stage->kms, "vprime", 0) ||
	    !kms_find_mode(&stage->kms, WIDTH, HEIGHT))
		errx(EXIT_FAILURE, "no screen of %ux%u", WIDTH, HEIGHT);
	must(kms_fb_create(&stage->other, stage->kms.fd, format, WIDTH, HEIGHT), "framebuffer");
	show(stage, &stage->other, DRM_MODE_ATOMIC_ALLOW_MODESET);
}

static void import(struct stage *stage, int dmabuf, struct kms_fb *fb)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct pixel_layout layout;

	pixel_layout_fill(&layout, format, WIDTH * 4, HEIGHT);
	must(kms_fb_import(fb, stage->kms.fd, dmabuf, format, WIDTH, HEIGHT, &layout), "import");
}

static void show_again(struct stage *stage, const struct kms_fb *fb)
{
	struct tracer_sum mapping;
	unsigned int maps;

	show(stage, &stage->other, 0);
	tracer_take(MAPPING, 0);
	results_add("later-frame", show(stage, fb, 0));
	maps = tracer_take(VMAP, 1).calls + tracer_take(MAP, 1).calls;
	mapping = tracer_take(MAPPING, 0);
	if (mapping.calls != 1)
		errx(EXIT_FAILURE, "%u calls of %s in a frame", mapping.calls, MAPPING);
	results_add("later-frame-mapping", mapping.ns);
	results_add("later-frame-maps", maps);
}

static void show_buffer(struct stage *stage, int dmabuf)
{
	struct tracer_sum mapping;
	struct kms_fb fb;
	double start;

	tracer_take(MAPPING, 0);
	start = bench_ns();
	import(stage, dmabuf, &fb);
	start = bench_ns() - start;
	results_add("first-frame", start + show(stage, &fb, 0));
	if (!tracer_take(VMAP, 1).calls || !tracer_take(MAP, 1).calls)
		errx(EXIT_FAILURE, "a first frame that maps nothing");
	mapping = tracer_take(MAPPING, 0);
	results_add("first-frame-mapping", mapping.ns);
	for (unsigned int i = 0; i < LATER_FRAMES; i++)
		show_again(stage, &fb);
	show(stage, &stage->other, 0);
	kms_fb_destroy(&fb);
}

void frames_measure(const struct peer *from, unsigned int repetitions)
{
	struct stage stage = { 0 };

	set(&stage);
	tracer_start(MAPPING " " VMAP " " MAP);
	for (unsigned int i = 0; i < repetitions; i++) {
		int dmabuf = buffers_export_touched(from);

		show_buffer(&stage, dmabuf);
		close(dmabuf);
	}
	tracer_stop();
	kms_fb_destroy(&stage.other);
	drmModeDestroyPropertyBlob(stage.kms.fd, stage.mode_blob);
	kms_device_close(&stage.kms);
}
