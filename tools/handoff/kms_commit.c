// SPDX-License-Identifier: MIT
/*
 * The words an atomic request is made of, and the two things to wait for.
 *
 * Called for every change of the screen. The request and its framebuffers belong
 * to the caller, who decides what goes into one commit.
 */
#include "kms_commit.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

#include <xf86drm.h>

int kms_enable(drmModeAtomicReq *request, const struct kms_device *device,
	       const drmModeModeInfo *mode, uint32_t *mode_blob)
{
	int ret;

	if (drmModeCreatePropertyBlob(device->fd, mode, sizeof(*mode), mode_blob))
		return -errno;
	ret = kms_set(request, &device->connector, "CRTC_ID", device->crtc.id);
	if (!ret)
		ret = kms_set(request, &device->crtc, "MODE_ID", *mode_blob);
	if (!ret)
		ret = kms_set(request, &device->crtc, "ACTIVE", 1);
	return ret;
}

int kms_show(drmModeAtomicReq *request, const struct kms_device *device,
	     const struct kms_object *plane, const struct kms_fb *fb, int32_t x, int32_t y)
{
	const struct {
		const char *name;
		uint64_t value;
	} props[] = {
		{ "FB_ID", fb ? fb->id : 0 },
		{ "CRTC_ID", fb ? device->crtc.id : 0 },
		{ "CRTC_X", (int64_t)x },
		{ "CRTC_Y", (int64_t)y },
		{ "CRTC_W", fb ? fb->width : 0 },
		{ "CRTC_H", fb ? fb->height : 0 },
		{ "SRC_X", 0 },
		{ "SRC_Y", 0 },
		{ "SRC_W", fb ? (uint64_t)fb->width << 16 : 0 },
		{ "SRC_H", fb ? (uint64_t)fb->height << 16 : 0 },
	};
	int ret = 0;

	for (size_t i = 0; !ret && i < sizeof(props) / sizeof(props[0]); i++)
		ret = kms_set(request, plane, props[i].name, props[i].value);
	return ret;
}

int kms_read_back(drmModeAtomicReq *request, const struct kms_device *device,
		  const struct kms_fb *fb, int32_t *fence)
{
	const struct kms_object *writeback = &device->writeback;
	int ret;

	*fence = -1;
	ret = kms_set(request, writeback, "CRTC_ID", device->crtc.id);
	if (!ret)
		ret = kms_set(request, writeback, "WRITEBACK_FB_ID", fb->id);
	if (!ret)
		ret = kms_set(request, writeback, "WRITEBACK_OUT_FENCE_PTR", (uintptr_t)fence);
	return ret;
}

int kms_commit_flip(const struct kms_device *device, drmModeAtomicReq *request, uint32_t flags)
{
	flags |= DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT;
	return drmModeAtomicCommit(device->fd, request, flags, NULL) ? -errno : 0;
}

static int poll_in(int fd, int timeout_ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	int ret;

	do {
		ret = poll(&pollfd, 1, timeout_ms);
	} while (ret < 0 && errno == EINTR);
	if (ret < 0)
		return -errno;
	return ret ? 0 : -ETIMEDOUT;
}

static void ignore_flip(int fd, unsigned int sequence, unsigned int sec, unsigned int usec,
			void *data)
{
	(void)fd, (void)sequence, (void)sec, (void)usec, (void)data;
}

int kms_wait_flip(const struct kms_device *device, int timeout_ms)
{
	drmEventContext context = {
		.version = 2,
		.page_flip_handler = ignore_flip,
	};
	int ret = poll_in(device->fd, timeout_ms);

	if (ret)
		return ret;
	return drmHandleEvent(device->fd, &context) ? -EIO : 0;
}

int kms_wait_fence(int32_t fence, int timeout_ms)
{
	int ret = poll_in(fence, timeout_ms);

	close(fence);
	return ret;
}
