// SPDX-License-Identifier: MIT
/*
 * Buffers of every exporter that the tests know: GEM objects of vgem and vprime,
 * the system heap, pages of a memfd, a camera's frames. What is done with them
 * is not known here.
 */
#include "buffers.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "camera.h"
#include "igt_api.h"
#include "lib/cpu_buffer.h"

static void make_gem(struct buffer *buffer, int card)
{
	buffer->dumb = dumb_new(card, BUFFER_SIZE);
	buffer->fd = prime_export(card, buffer->dumb.handle, DRM_CLOEXEC | DRM_RDWR);
}

static void make_vgem(struct buffer *buffer)
{
	make_gem(buffer, cards.vgem);
}

static void make_vprime(struct buffer *buffer)
{
	igt_require_f(cards.vprime >= 0, "needs vprime\n");
	make_gem(buffer, cards.vprime);
}

static void make_heap(struct buffer *buffer)
{
	buffer->fd = heap_buffer("system", BUFFER_SIZE);
}

static void make_udmabuf(struct buffer *buffer)
{
	int memfd;

	buffer->fd = udmabuf_buffer(BUFFER_SIZE, &memfd);
	close(memfd);
}

/* The camera lets its frames go when it is closed; who has the dma-buf keeps it. */
static void make_vivid(struct buffer *buffer)
{
	struct v4l2_exportbuffer export = {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.flags = O_RDWR | O_CLOEXEC,
	};
	struct camera camera;

	igt_require_f(!camera_open(&camera, "vivid"), "needs vivid\n");
	igt_assert_eq(camera_set_format(&camera, pixel_format_by_name("XRGB8888"), 640, 360), 0);
	igt_assert_eq(camera_allocate(&camera, 2), 0);
	igt_assert_errno(ioctl(camera.fd, VIDIOC_EXPBUF, &export), 0);
	buffer->fd = export.fd;
	camera_close(&camera);
}

const struct exporter exporters[] = {
	{ "vgem", "drm", 0, false, make_vgem },
	{ "vprime", "vprime", 0, false, make_vprime },
	{ "heap", "system", 0, true, make_heap },
	{ "udmabuf", "udmabuf", EINVAL, true, make_udmabuf },
	{ "vivid", "videobuf2_vmalloc", 0, false, make_vivid },
};

const size_t exporter_count = sizeof(exporters) / sizeof(exporters[0]);

struct buffer buffer_new(const struct exporter *exporter)
{
	struct buffer buffer = { .exporter = exporter, .fd = -1 };

	exporter->make(&buffer);
	buffer.size = lseek(buffer.fd, 0, SEEK_END);
	return buffer;
}

struct buffer buffer_new_vgem(void)
{
	return buffer_new(&exporters[0]);
}

void buffer_free(struct buffer *buffer)
{
	if (buffer->fd >= 0)
		close(buffer->fd);
	if (buffer->dumb.map)
		dumb_free(&buffer->dumb);
	buffer->fd = -1;
}

void *buffer_map(const struct buffer *buffer, int protection)
{
	void *map = mmap(NULL, buffer->size, protection, MAP_SHARED, buffer->fd, 0);

	igt_assert_f(map != MAP_FAILED, "mmap: %s\n", strerror(errno));
	return map;
}

int buffer_sync(int fd, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	return ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync) ? errno : 0;
}
