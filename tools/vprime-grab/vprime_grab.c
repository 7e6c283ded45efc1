// SPDX-License-Identifier: MIT
/*
 * libvprime-grab: the calls of a screen consumer, and the CPU's way to the pixels.
 * Knows nothing of files and formats.
 */
#include "vprime_grab.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#define FENCE_MS 10000

struct vprime_grab {
	int fd;
};

static int call(int fd, unsigned long request, void *args)
{
	int ret;

	do {
		ret = ioctl(fd, request, args);
	} while (ret == -1 && errno == EINTR);
	return ret == -1 ? -errno : 0;
}

static int first_crtc(int card, uint32_t *id)
{
	drmModeResPtr resources = drmModeGetResources(card);
	int ret = -ENOENT;

	if (!resources)
		return -errno;
	if (resources->count_crtcs > 0) {
		*id = resources->crtcs[0];
		ret = 0;
	}
	drmModeFreeResources(resources);
	return ret;
}

int vprime_grab_open(int card, uint32_t crtc_id, uint32_t flags, uint32_t queue,
		     uint32_t deadline_ms, struct vprime_grab **grab)
{
	struct drm_vprime_consumer_open args = {
		.crtc_id = crtc_id,
		.flags = flags | VPRIME_CONSUMER_CLOEXEC,
		.policy = queue ? VPRIME_CONSUMER_QUEUE : VPRIME_CONSUMER_LATEST,
		.queue = queue,
		.deadline_ms = deadline_ms,
	};
	int ret = crtc_id ? 0 : first_crtc(card, &args.crtc_id);

	if (!ret)
		ret = call(card, DRM_IOCTL_VPRIME_CONSUMER_OPEN, &args);
	return ret ? ret : vprime_grab_from_fd(args.fd, grab);
}

int vprime_grab_from_fd(int fd, struct vprime_grab **grab)
{
	*grab = malloc(sizeof(**grab));
	if (!*grab) {
		close(fd);
		return -ENOMEM;
	}
	(*grab)->fd = fd;
	return 0;
}

void vprime_grab_close(struct vprime_grab *grab)
{
	if (!grab)
		return;
	close(grab->fd);
	free(grab);
}

int vprime_grab_fd(const struct vprime_grab *grab)
{
	return grab->fd;
}

int vprime_grab_next(struct vprime_grab *grab, struct vprime_grab_frame *frame, int timeout_ms)
{
	memset(frame, 0, sizeof(*frame));
	frame->info.timeout_ms = timeout_ms;
	return call(grab->fd, DRM_IOCTL_VPRIME_CONSUMER_ACQUIRE, &frame->info);
}

int vprime_grab_wait(struct vprime_grab_frame *frame, int timeout_ms)
{
	struct pollfd fence = { .fd = frame->info.fence_fd, .events = POLLIN };
	int ret;

	if (fence.fd < 0)
		return 0;
	do {
		ret = poll(&fence, 1, timeout_ms);
	} while (ret == -1 && errno == EINTR);
	if (ret <= 0)
		return ret ? -errno : -ETIME;
	close(fence.fd);
	frame->info.fence_fd = -1;
	return 0;
}

static int sync_cpu(int dmabuf, uint64_t edge)
{
	struct dma_buf_sync sync = { .flags = edge | DMA_BUF_SYNC_READ };

	return call(dmabuf, DMA_BUF_IOCTL_SYNC, &sync);
}

static void unmap(struct vprime_grab_frame *frame)
{
	for (unsigned int i = 0; i < 4; i++) {
		if (!frame->map[i])
			continue;
		sync_cpu(frame->info.planes[i].fd, DMA_BUF_SYNC_END);
		munmap(frame->map[i], frame->map_size[i]);
		frame->map[i] = NULL;
		frame->data[i] = NULL;
	}
}

static int map_plane(struct vprime_grab_frame *frame, unsigned int i)
{
	const struct drm_vprime_consumer_plane *plane = &frame->info.planes[i];
	off_t size = lseek(plane->fd, 0, SEEK_END);
	void *map;
	int ret;

	if (size < 0)
		return -errno;
	map = mmap(NULL, size, PROT_READ, MAP_SHARED, plane->fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	ret = sync_cpu(plane->fd, DMA_BUF_SYNC_START);
	if (ret) {
		munmap(map, size);
		return ret;
	}
	frame->map[i] = map;
	frame->map_size[i] = size;
	frame->data[i] = (const uint8_t *)map + plane->offset;
	return 0;
}

int vprime_grab_map(struct vprime_grab_frame *frame)
{
	int ret = vprime_grab_wait(frame, FENCE_MS);

	for (unsigned int i = 0; !ret && i < frame->info.num_planes; i++)
		ret = map_plane(frame, i);
	if (ret)
		unmap(frame);
	return ret;
}

int vprime_grab_release(struct vprime_grab *grab, struct vprime_grab_frame *frame, int fence)
{
	struct drm_vprime_consumer_release args = { .id = frame->info.id, .fence_fd = fence };

	if (frame->info.kind != VPRIME_CONSUMER_FRAME)
		return 0;
	unmap(frame);
	if (frame->info.fence_fd >= 0)
		close(frame->info.fence_fd);
	for (unsigned int i = 0; i < frame->info.num_planes; i++)
		close(frame->info.planes[i].fd);
	if (frame->info.flags & VPRIME_CONSUMER_CURSOR_VISIBLE)
		close(frame->info.cursor.plane.fd);
	return call(grab->fd, DRM_IOCTL_VPRIME_CONSUMER_RELEASE, &args);
}
