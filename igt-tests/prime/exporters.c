// SPDX-License-Identifier: MIT
/*
 * Buffers of exporters that are no DRM devices: the system heap, whose pages are
 * scattered, and udmabuf, whose pages are those of a memfd.
 */
#include "prime_subtests.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-heap.h>
#include <linux/udmabuf.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define WIDTH 200
#define HEIGHT 100
#define SEED 110

/* Shows the dma-buf as NV12 and compares the screen with its bytes. */
static void show(struct screen *screen, int dmabuf, size_t size)
{
	const struct pixel_format *format = pixel_format_by_name("NV12");
	struct kms_fb *fb = screen_fb_slot(screen);
	struct pixel_layout layout;
	struct layer layer;

	pixel_layout_fill(&layout, format, WIDTH, HEIGHT);
	dmabuf_fill_noise(dmabuf, size, SEED);
	igt_assert_eq(kms_fb_import(fb, screen->kms.fd, dmabuf, format, WIDTH, HEIGHT, &layout),
		      0);
	igt_assert_eq(handle_inode(screen->kms.fd, fb->handle), dmabuf_inode(dmabuf));
	fb->map = mmap(NULL, layout.size, PROT_READ, MAP_SHARED, dmabuf, 0);
	igt_assert(fb->map != MAP_FAILED);

	layer = layer_new(&screen->kms.overlay[0], fb, 12, 34);
	scene_check(screen, &layer, 1, "XRGB8888", 1);
	dmabuf_fill_noise(dmabuf, size, SEED + 1);
	scene_check(screen, &layer, 1, "XRGB8888", 1);
	close(dmabuf);
}

static size_t picture_size(void)
{
	const size_t page = sysconf(_SC_PAGESIZE);

	return (WIDTH * HEIGHT * 3 / 2 + page - 1) / page * page;
}

static void from_heap(struct screen *screen)
{
	struct dma_heap_allocation_data allocation = {
		.len = picture_size(),
		.fd_flags = O_RDWR | O_CLOEXEC,
	};
	int heap = open("/dev/dma_heap/system", O_RDONLY | O_CLOEXEC);

	igt_require_f(heap >= 0, "no system heap\n");
	igt_assert_errno(ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &allocation), 0);
	close(heap);
	show(screen, allocation.fd, allocation.len);
}

static void from_memfd(struct screen *screen)
{
	struct udmabuf_create create = { .flags = UDMABUF_FLAGS_CLOEXEC, .size = picture_size() };
	int device = open("/dev/udmabuf", O_RDWR | O_CLOEXEC), dmabuf;

	igt_require_f(device >= 0, "no udmabuf\n");
	create.memfd = memfd_create("picture", MFD_ALLOW_SEALING | MFD_CLOEXEC);
	igt_assert_errno(create.memfd, 0);
	igt_assert_errno(ftruncate(create.memfd, create.size), 0);
	igt_assert_errno(fcntl(create.memfd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	dmabuf = ioctl(device, UDMABUF_CREATE, &create);
	igt_assert_errno(dmabuf, 0);
	close(create.memfd);
	close(device);
	show(screen, dmabuf, create.size);
}

static const struct subtest subtests[] = {
	{ "scanout-heap", "Buffers of the system heap are shown.", from_heap },
	{ "scanout-udmabuf", "Buffers made of a memfd are shown.", from_memfd },
};

void exporter_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
