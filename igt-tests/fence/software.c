// SPDX-License-Identifier: MIT
/*
 * vprime's fences and timelines, and what others see of them: sync files, poll on
 * a dma-buf, the counters in debugfs.
 */
#include "software.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <linux/dma-buf.h>
#include <linux/sync_file.h>
#include <xf86drm.h>

#include "igt_api.h"

uint32_t soft_attach(int card, uint32_t handle, bool write, uint32_t timeout_ms)
{
	struct drm_vprime_fence_attach attach = {
		.handle = handle,
		.flags = write ? VPRIME_FENCE_WRITE : 0,
		.timeout_ms = timeout_ms,
	};

	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_FENCE_ATTACH, &attach), 0);
	igt_assert(attach.out_fence);
	return attach.out_fence;
}

int __soft_signal(int card, uint32_t fence, uint32_t error)
{
	struct drm_vprime_fence_signal signal = { .fence = fence, .error = error };

	return drmIoctl(card, DRM_IOCTL_VPRIME_FENCE_SIGNAL, &signal);
}

void soft_signal(int card, uint32_t fence, uint32_t error)
{
	igt_assert_errno(__soft_signal(card, fence, error), 0);
}

uint32_t timeline_new(int card)
{
	struct drm_vprime_timeline_create create = {};

	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_CREATE, &create), 0);
	igt_assert(create.timeline);
	return create.timeline;
}

int __timeline_destroy(int card, uint32_t timeline)
{
	struct drm_vprime_timeline_destroy destroy = { .timeline = timeline };

	return drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_DESTROY, &destroy);
}

int __timeline_signal(int card, uint32_t timeline, uint64_t point, uint32_t error)
{
	struct drm_vprime_timeline_signal signal = {
		.timeline = timeline,
		.point = point,
		.error = error,
	};

	return drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_SIGNAL, &signal);
}

void timeline_signal(int card, uint32_t timeline, uint64_t point, uint32_t error)
{
	igt_assert_errno(__timeline_signal(card, timeline, point, error), 0);
}

int timeline_sync_file(int card, uint32_t timeline, uint64_t point, uint32_t timeout_ms)
{
	struct drm_vprime_timeline_fence fence = {
		.timeline = timeline,
		.flags = VPRIME_TIMELINE_SYNC_FILE,
		.point = point,
		.timeout_ms = timeout_ms,
	};

	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_FENCE, &fence), 0);
	igt_assert(fence.fd >= 0);
	return fence.fd;
}

int __timeline_attach(int card, uint32_t timeline, uint64_t point, uint32_t handle, bool write)
{
	struct drm_vprime_timeline_fence fence = {
		.timeline = timeline,
		.flags = write ? VPRIME_FENCE_WRITE : 0,
		.point = point,
		.handle = handle,
	};
	int ret = drmIoctl(card, DRM_IOCTL_VPRIME_TIMELINE_FENCE, &fence);

	if (!ret)
		igt_assert_eq(fence.fd, -1);
	return ret;
}

int sync_file_status(int fd)
{
	struct sync_file_info info = {};

	igt_assert_errno(ioctl(fd, SYNC_IOC_FILE_INFO, &info), 0);
	return info.status;
}

int sync_file_wait(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	igt_assert_f(poll(&pollfd, 1, FENCE_PATIENCE_MS) == 1, "it is not signalled\n");
	return sync_file_status(fd);
}

int dmabuf_sync_file(int dmabuf, bool write)
{
	struct dma_buf_export_sync_file export = {
		.flags = write ? DMA_BUF_SYNC_WRITE : DMA_BUF_SYNC_READ,
	};

	igt_assert_errno(ioctl(dmabuf, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export), 0);
	return export.fd;
}

bool dmabuf_is_free(int dmabuf, bool write)
{
	struct pollfd pollfd = { .fd = dmabuf, .events = write ? POLLOUT : POLLIN };
	int ret = poll(&pollfd, 1, 0);

	igt_assert(ret >= 0);
	return ret == 1;
}

unsigned long fence_count(int card, const char *kind, bool expired)
{
	unsigned long numbers[2] = {}, made, ended;
	char path[64], line[64], name[32];
	struct stat st;
	FILE *file;

	igt_assert_errno(fstat(card, &st), 0);
	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/%u/fences", minor(st.st_rdev));
	file = fopen(path, "r");
	igt_require_f(file, "no debugfs\n");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%31s %lu %lu", name, &made, &ended) == 3 &&
		    !strcmp(name, kind)) {
			numbers[0] = made;
			numbers[1] = ended;
		}
	fclose(file);
	return numbers[expired];
}
