// SPDX-License-Identifier: MIT
/*
 * The screen that grab-bench grabs: it plays the compositor. Knows nothing of
 * consumers.
 */
#include "stage.h"

#include <err.h>
#include <stdlib.h>

#include <xf86drm.h>

#include "kms_commit.h"

#define FLIP_MS 10000

static void check(int ret, const char *what)
{
	if (ret)
		errx(EXIT_FAILURE, "%s: error %d", what, -ret);
}

void stage_open(struct stage *stage, const char *driver)
{
	*stage = (struct stage){ 0 };
	check(kms_device_open(&stage->kms, driver, 0), "the card");
}

static void free_fbs(struct stage *stage)
{
	for (int i = 0; i < 2; i++) {
		kms_fb_destroy(&stage->fb[i]);
		stage->fb[i] = (struct kms_fb){ 0 };
	}
}

void stage_close(struct stage *stage)
{
	free_fbs(stage);
	kms_device_close(&stage->kms);
}

void stage_set(struct stage *stage, unsigned int width, unsigned int height)
{
	const drmModeModeInfo *mode = kms_find_mode(&stage->kms, width, height);
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	uint32_t blob;

	if (!mode || !request)
		errx(EXIT_FAILURE, "no mode %ux%u", width, height);
	free_fbs(stage);
	for (int i = 0; i < 2; i++)
		check(kms_fb_create(&stage->fb[i], stage->kms.fd,
				    pixel_format_by_name("XRGB8888"), width, height),
		      "a buffer");
	stage->shown = 0;
	check(kms_enable(request, &stage->kms, mode, &blob), "the mode");
	check(kms_show(request, &stage->kms, &stage->kms.primary, &stage->fb[0], 0, 0), "a plane");
	check(drmModeAtomicCommit(stage->kms.fd, request, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
	      "the first commit");
	drmModeDestroyPropertyBlob(stage->kms.fd, blob);
	drmModeAtomicFree(request);
}

void stage_flip(struct stage *stage)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	stage->shown = !stage->shown;
	check(kms_set(request, &stage->kms.primary, "FB_ID", stage->fb[stage->shown].id), "FB_ID");
	check(kms_commit_flip(&stage->kms, request, 0), "a flip");
	drmModeAtomicFree(request);
}

void stage_flip_done(struct stage *stage)
{
	check(kms_wait_flip(&stage->kms, FLIP_MS), "the end of a flip");
}
