// SPDX-License-Identifier: MIT
/*
 * dma-bufs of exporters that are no devices: the heaps and udmabuf. Used by every
 * program that wants one; what is done with it is not known here.
 */
#include "cpu_buffer.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-heap.h>
#include <linux/udmabuf.h>

#include "igt_api.h"

int heap_buffer(const char *heap, size_t size)
{
	struct dma_heap_allocation_data allocation = {
		.len = size,
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	char path[64];
	int device;

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", heap);
	device = open(path, O_RDONLY | O_CLOEXEC);
	igt_require_f(device >= 0, "this kernel has no heap %s\n", heap);
	igt_assert_errno(ioctl(device, DMA_HEAP_IOCTL_ALLOC, &allocation), 0);
	close(device);
	return allocation.fd;
}

int udmabuf_buffer(size_t size, int *memfd)
{
	struct udmabuf_create create = { .flags = UDMABUF_FLAGS_CLOEXEC, .size = size };
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), fd;

	igt_require_f(device >= 0, "this kernel has no udmabuf\n");
	*memfd = memfd_create("buffer", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	igt_assert_errno(*memfd, 0);
	igt_assert_errno(ftruncate(*memfd, size), 0);
	igt_assert_errno(fcntl(*memfd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	create.memfd = *memfd;
	fd = ioctl(device, UDMABUF_CREATE, &create);
	igt_assert_errno(fd, 0);
	close(device);
	return fd;
}
