// SPDX-License-Identifier: MIT
/*
 * The calls of a screen consumer as the tests use them, straight from the ABI's
 * header. Knows nothing of what is tested.
 */
#include "consumer.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/scene.h"

int __consumer_open(int card, struct drm_vprime_consumer_open *args)
{
	return ioctl(card, DRM_IOCTL_VPRIME_CONSUMER_OPEN, args) ? -errno : args->fd;
}

int consumer_latest(struct screen *screen, uint32_t flags, uint32_t deadline_ms)
{
	struct drm_vprime_consumer_open args = {
		.crtc_id = screen->kms.crtc.id,
		.flags = flags | VPRIME_CONSUMER_CLOEXEC,
		.policy = VPRIME_CONSUMER_LATEST,
		.deadline_ms = deadline_ms,
	};
	int fd = __consumer_open(screen->kms.fd, &args);

	igt_assert_f(fd >= 0, "open: %s\n", strerror(-fd));
	return fd;
}

int consumer_queue(struct screen *screen, uint32_t length, uint32_t deadline_ms)
{
	struct drm_vprime_consumer_open args = {
		.crtc_id = screen->kms.crtc.id,
		.flags = VPRIME_CONSUMER_CLOEXEC,
		.policy = VPRIME_CONSUMER_QUEUE,
		.queue = length,
		.deadline_ms = deadline_ms,
	};
	int fd = __consumer_open(screen->kms.fd, &args);

	igt_assert_f(fd >= 0, "open: %s\n", strerror(-fd));
	return fd;
}

int __consumer_acquire(int consumer, struct drm_vprime_consumer_acquire *frame, int timeout_ms)
{
	memset(frame, 0, sizeof(*frame));
	frame->timeout_ms = timeout_ms;
	return ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, frame) ? -errno : 0;
}

struct drm_vprime_consumer_acquire consumer_acquire(int consumer)
{
	struct drm_vprime_consumer_acquire frame;

	igt_assert_eq(__consumer_acquire(consumer, &frame, SCREEN_PATIENCE_MS), 0);
	igt_assert_eq(frame.kind, VPRIME_CONSUMER_FRAME);
	return frame;
}

int consumer_release(int consumer, uint32_t id, int fence)
{
	struct drm_vprime_consumer_release args = { .id = id, .fence_fd = fence };

	return ioctl(consumer, DRM_IOCTL_VPRIME_CONSUMER_RELEASE, &args) ? -errno : 0;
}

static void wait_fence(struct drm_vprime_consumer_acquire *frame)
{
	struct pollfd fence = { .fd = frame->fence_fd, .events = POLLIN };

	if (frame->fence_fd < 0)
		return;
	igt_assert_eq(poll(&fence, 1, SCREEN_PATIENCE_MS), 1);
	close(frame->fence_fd);
	frame->fence_fd = -1;
}

void frame_close(struct drm_vprime_consumer_acquire *frame)
{
	wait_fence(frame);
	for (uint32_t i = 0; i < frame->num_planes; i++)
		close(frame->planes[i].fd);
	if (frame->flags & VPRIME_CONSUMER_CURSOR_VISIBLE)
		close(frame->cursor.plane.fd);
}

void frame_done(int consumer, struct drm_vprime_consumer_acquire *frame)
{
	frame_close(frame);
	igt_assert_eq(consumer_release(consumer, frame->id, -1), 0);
}

static void sync_cpu(int dmabuf, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags | DMA_BUF_SYNC_READ };

	igt_assert_errno(ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync), 0);
}

void frame_assert_fb(struct drm_vprime_consumer_acquire *frame, const struct kms_fb *fb)
{
	const struct drm_vprime_consumer_plane *plane = &frame->planes[0];
	size_t size = plane->offset + (size_t)plane->pitch * frame->height;
	const uint8_t *map;

	igt_assert_eq(frame->width, fb->width);
	igt_assert_eq(frame->height, fb->height);
	igt_assert_eq(frame->format, pixel_format_by_name("XRGB8888")->drm);
	wait_fence(frame);
	map = mmap(NULL, size, PROT_READ, MAP_SHARED, plane->fd, 0);
	igt_assert(map != MAP_FAILED);
	sync_cpu(plane->fd, DMA_BUF_SYNC_START);
	for (uint32_t y = 0; y < frame->height; y++) {
		const uint32_t *is = (const uint32_t *)(map + plane->offset +
							(size_t)y * plane->pitch);
		const uint32_t *should = (const uint32_t *)((uint8_t *)fb->map +
							    (size_t)y * fb->layout.pitch[0]);

		for (uint32_t x = 0; x < frame->width; x++)
			igt_assert_f(!((is[x] ^ should[x]) & 0xffffff),
				     "(%u, %u): %06x, expected %06x\n", x, y, is[x] & 0xffffff,
				     should[x] & 0xffffff);
	}
	sync_cpu(plane->fd, DMA_BUF_SYNC_END);
	munmap((void *)map, size);
}

void flip(struct screen *screen, const struct kms_fb *fb)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	igt_assert(request);
	igt_assert_eq(kms_set(request, &screen->kms.primary, "FB_ID", fb->id), 0);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	drmModeAtomicFree(request);
}

void flip_done(struct screen *screen)
{
	igt_assert_eq(kms_wait_flip(&screen->kms, SCREEN_PATIENCE_MS), 0);
}

bool flip_waits(struct screen *screen, int timeout_ms)
{
	struct pollfd event = { .fd = screen->kms.fd, .events = POLLIN };

	return !poll(&event, 1, timeout_ms);
}

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

void show_only(struct screen *screen, const struct kms_fb *fb)
{
	struct layer layer = layer_new(&screen->kms.primary, fb, 0, 0);

	scene_show(screen, &layer, 1);
}
