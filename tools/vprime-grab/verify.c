// SPDX-License-Identifier: MIT
/*
 * What is grabbed against what the writeback connector gives. Needs to be DRM
 * master, so no compositor may run: it is for tests of still screens.
 */
#include "verify.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>

#include <drm_fourcc.h>
#include <xf86drm.h>

#include "kms_commit.h"
#include "kms_device.h"
#include "kms_fb.h"

#define WRITEBACK_MS 10000

struct verify {
	struct kms_device kms;
	struct kms_fb fb;
};

static int read_back(struct verify *verify)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int32_t fence = -1;
	int ret = -ENOMEM;

	if (request)
		ret = kms_read_back(request, &verify->kms, &verify->fb, &fence);
	if (!ret && drmModeAtomicCommit(verify->kms.fd, request, DRM_MODE_ATOMIC_ALLOW_MODESET,
					NULL))
		ret = -errno;
	if (!ret)
		ret = kms_wait_fence(fence, WRITEBACK_MS);
	drmModeAtomicFree(request);
	return ret;
}

static int mode_fb(struct verify *verify)
{
	drmModeCrtcPtr crtc = drmModeGetCrtc(verify->kms.fd, verify->kms.crtc.id);
	int ret = crtc ? 0 : -errno;

	if (!ret && !crtc->mode_valid)
		ret = -ENODATA;
	if (!ret)
		ret = kms_fb_create(&verify->fb, verify->kms.fd, pixel_format_by_name("XRGB8888"),
				    crtc->mode.hdisplay, crtc->mode.vdisplay);
	drmModeFreeCrtc(crtc);
	return ret;
}

int verify_read_back(unsigned int index, struct verify **verify)
{
	int ret;

	*verify = calloc(1, sizeof(**verify));
	if (!*verify)
		return -ENOMEM;
	ret = kms_device_open(&(*verify)->kms, "vprime", index);
	if (ret) {
		free(*verify);
		*verify = NULL;
		return ret;
	}
	ret = mode_fb(*verify);
	if (!ret)
		ret = read_back(*verify);
	if (ret) {
		errno = -ret;
		warn("the screen can't be read back");
		verify_free(*verify);
		*verify = NULL;
	}
	return ret;
}

int verify_frame(const struct verify *verify, const struct vprime_grab_frame *frame)
{
	const struct drm_vprime_consumer_acquire *info = &frame->info;
	const struct kms_fb *fb = &verify->fb;

	if (info->format != DRM_FORMAT_XRGB8888 || info->modifier || info->width != fb->width ||
	    info->height != fb->height) {
		warnx("the frame is not XRGB8888 of the screen's size: try --composed");
		return -EILSEQ;
	}
	for (uint32_t y = 0; y < info->height; y++) {
		const uint32_t *is = (const uint32_t *)(frame->data[0] +
							(size_t)y * info->planes[0].pitch);
		const uint32_t *should = (const uint32_t *)((const uint8_t *)fb->map +
							    (size_t)y * fb->layout.pitch[0]);

		for (uint32_t x = 0; x < info->width; x++) {
			if (!((is[x] ^ should[x]) & 0xffffff))
				continue;
			warnx("(%u, %u) is %06x, writeback has %06x", x, y, is[x] & 0xffffff,
			      should[x] & 0xffffff);
			return -EILSEQ;
		}
	}
	return 0;
}

void verify_free(struct verify *verify)
{
	kms_fb_destroy(&verify->fb);
	kms_device_close(&verify->kms);
	free(verify);
}
