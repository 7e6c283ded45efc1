// SPDX-License-Identifier: MIT
/*
 * Exporters that are no devices, udmabuf and the heaps, and the importer that is
 * none: a process that maps the dma-buf.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/udmabuf.h>

#include "igt_api.h"
#include "lib/cpu_buffer.h"
#include "share.h"

static uint32_t *map_whole(int fd)
{
	uint32_t *map = mmap(NULL, SHARE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	igt_assert_f(map != MAP_FAILED, "%s\n", strerror(errno));
	return map;
}

void make_udmabuf(struct source *source)
{
	source->fd = udmabuf_buffer(SHARE_SIZE, &source->device);
	source->map = map_whole(source->device);
}

void refuse_udmabuf(struct source *source)
{
	struct udmabuf_create create = { .memfd = source->device, .size = SHARE_SIZE };
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);

	igt_assert_errno(device, 0);
	create.offset = 1;
	igt_assert_errno(ioctl(device, UDMABUF_CREATE, &create), EINVAL);
	create.offset = SHARE_SIZE;
	igt_assert_errno(ioctl(device, UDMABUF_CREATE, &create), EINVAL);
	create.offset = 0;
	create.memfd = -1;
	igt_assert_errno(ioctl(device, UDMABUF_CREATE, &create), EBADFD);
	close(device);
	igt_assert_errno(ioctl(device, UDMABUF_CREATE, &create), EBADF);
}

/* A heap has no door but the dma-buf. */
void make_heap(struct source *source)
{
	source->fd = heap_buffer(source->exporter->driver, SHARE_SIZE);
	source->map = map_whole(source->fd);
}

void refuse_heap(struct source *source)
{
	struct dma_heap_allocation_data allocation = { .len = SHARE_SIZE, .fd_flags = ~0u };
	char path[64];
	int device;

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", source->exporter->driver);
	device = open(path, O_RDONLY | O_CLOEXEC);
	igt_assert_errno(device, 0);
	igt_assert_errno(ioctl(device, DMA_HEAP_IOCTL_ALLOC, &allocation), EINVAL);
	allocation.fd_flags = O_RDWR;
	allocation.heap_flags = 1;
	igt_assert_errno(ioctl(device, DMA_HEAP_IOCTL_ALLOC, &allocation), EINVAL);
	close(device);
	igt_assert_errno(ioctl(device, DMA_HEAP_IOCTL_ALLOC, &allocation), EBADF);
}

void close_memory(struct source *source)
{
	munmap(source->map, SHARE_SIZE);
	if (source->device >= 0)
		close(source->device);
}

static void open_cpu(struct user *user)
{
	user->device = -1;
}

/* Its import is a mapping, which needs no descriptor any more. */
static int import_cpu(struct user *user, int fd)
{
	struct dma_buf_export_sync_file export = { .flags = DMA_BUF_SYNC_RW };

	/* No other question that only a dma-buf understands waits for nobody. */
	if (ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export))
		return -errno;
	close(export.fd);
	user->device = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	user->map = map_whole(fd);
	return 0;
}

static void bracket(const struct user *user, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	igt_assert_errno(ioctl(user->device, DMA_BUF_IOCTL_SYNC, &sync), 0);
}

static void look_cpu(struct user *user, const uint32_t *expected)
{
	bracket(user, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	share_assert_same(user->map, expected, "mapped");
	bracket(user, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
}

static void draw_cpu(struct user *user, unsigned int turn, uint32_t *drawn)
{
	bracket(user, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE);
	share_noise(user->map, turn);
	bracket(user, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
	share_noise(drawn, turn);
}

static int fd_of_cpu(struct user *user)
{
	return fcntl(user->device, F_DUPFD_CLOEXEC, 0);
}

static void drop_cpu(struct user *user)
{
	munmap(user->map, SHARE_SIZE);
	close(user->device);
	user->device = -1;
}

static void close_cpu(struct user *user)
{
	if (user->device >= 0)
		drop_cpu(user);
}

const struct importer importer_cpu = {
	.name = "cpu",
	.about = "a process that maps it, between the ioctls for CPU access",
	.no_fd = EBADF,
	.no_dmabuf = ENOTTY,
	.waits = true,
	.open = open_cpu,
	.import = import_cpu,
	.look = look_cpu,
	.draw = draw_cpu,
	.fd = fd_of_cpu,
	.drop = drop_cpu,
	.close = close_cpu,
};
