// SPDX-License-Identifier: MIT
/*
 * dma-bufs that the CPU may draw into, of exporters that are no cameras. A dma-buf
 * keeps its memory, so the device it came from is closed at once. Knows nothing of
 * what is drawn.
 */
#include "memory.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "kms_device.h"

#define FIRST_RENDER 128
#define MAX_RENDER 64

static int complain(int ret, const char *what)
{
	errno = -ret;
	warn("%s", what);
	return ret;
}

static int export_handle(int device, uint32_t handle)
{
	int dmabuf;

	if (drmPrimeHandleToFD(device, handle, DRM_CLOEXEC | DRM_RDWR, &dmabuf))
		return -errno;
	return dmabuf;
}

int memory_vgem(uint32_t pitch, uint32_t height)
{
	int device = drm_open_card("vgem", 0), ret;
	uint32_t handle, stride;
	uint64_t size;

	if (device < 0)
		return complain(device, "a card of vgem");
	ret = drmModeCreateDumbBuffer(device, pitch / 4, height, 32, 0, &handle, &stride, &size);
	if (!ret)
		ret = stride == pitch ? export_handle(device, handle) : -EINVAL;
	close(device);
	return ret < 0 ? complain(ret, "a buffer of vgem") : ret;
}

int memory_udmabuf(uint32_t pitch, uint32_t height)
{
	long page = sysconf(_SC_PAGESIZE);
	struct udmabuf_create create = {
		.flags = UDMABUF_FLAGS_CLOEXEC,
		.size = ((uint64_t)pitch * height + page - 1) / page * page,
	};
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), memfd, ret;

	if (device < 0)
		return complain(-errno, "/dev/udmabuf");
	memfd = memfd_create("wl-handoff", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	create.memfd = memfd;
	ret = memfd;
	if (ret >= 0)
		ret = ftruncate(memfd, create.size);
	if (!ret)
		ret = fcntl(memfd, F_ADD_SEALS, F_SEAL_SHRINK);
	if (!ret)
		ret = ioctl(device, UDMABUF_CREATE, &create);
	if (ret < 0)
		ret = complain(-errno, "a buffer of udmabuf");
	if (memfd >= 0)
		close(memfd);
	close(device);
	return ret;
}

int memory_heap(uint32_t pitch, uint32_t height)
{
	struct dma_heap_allocation_data allocation = {
		.len = (uint64_t)pitch * height,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int device = open("/dev/dma_heap/system", O_RDONLY | O_CLOEXEC), ret;

	if (device < 0)
		return complain(-errno, "/dev/dma_heap/system");
	ret = ioctl(device, DMA_HEAP_IOCTL_ALLOC, &allocation);
	if (ret < 0)
		ret = complain(-errno, "a buffer of the system heap");
	close(device);
	return ret < 0 ? ret : (int)allocation.fd;
}

static int is_vprime(int device)
{
	drmVersionPtr version = drmGetVersion(device);
	int is = version && !strcmp(version->name, "vprime");

	drmFreeVersion(version);
	return is;
}

int memory_open_render(void)
{
	char path[32];

	for (int i = 0; i < MAX_RENDER; i++) {
		int device;

		snprintf(path, sizeof(path), "/dev/dri/renderD%d", FIRST_RENDER + i);
		device = open(path, O_RDWR | O_CLOEXEC);
		if (device < 0)
			continue;
		if (is_vprime(device))
			return device;
		close(device);
	}
	return complain(-ENODEV, "a render node of vprime");
}

int memory_render(uint32_t pitch, uint32_t height)
{
	struct drm_vprime_gem_create create = { .size = (uint64_t)pitch * height };
	int device = memory_open_render(), ret;

	if (device < 0)
		return device;
	ret = drmIoctl(device, DRM_IOCTL_VPRIME_GEM_CREATE, &create) ? -errno : 0;
	if (!ret)
		ret = export_handle(device, create.handle);
	close(device);
	return ret < 0 ? complain(ret, "a buffer of vprime's render node") : ret;
}
