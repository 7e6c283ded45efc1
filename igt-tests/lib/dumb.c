// SPDX-License-Identifier: MIT
/*
 * Dumb buffers of any card, PRIME between cards, and what a dma-buf holds.
 *
 * Every access of the CPU to a dma-buf stands between a start and an end of
 * DMA_BUF_IOCTL_SYNC, as its documentation asks.
 */
#include "dumb.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "pattern.h"

#define PAGE 4096u

struct dumb dumb_new(int card, size_t size)
{
	struct dumb dumb = { .card = card };
	uint64_t offset, real_size;
	uint32_t pitch;

	igt_assert_errno(drmModeCreateDumbBuffer(card, PAGE, (size + PAGE - 1) / PAGE, 8, 0,
						 &dumb.handle, &pitch, &real_size),
			 0);
	dumb.size = real_size;
	igt_assert_errno(drmModeMapDumbBuffer(card, dumb.handle, &offset), 0);
	dumb.map = mmap(NULL, dumb.size, PROT_READ | PROT_WRITE, MAP_SHARED, card, offset);
	igt_assert(dumb.map != MAP_FAILED);
	return dumb;
}

void dumb_free(struct dumb *dumb)
{
	munmap(dumb->map, dumb->size);
	if (dumb->handle)
		gem_close(dumb->card, dumb->handle);
	memset(dumb, 0, sizeof(*dumb));
}

int prime_export(int card, uint32_t handle, uint32_t flags)
{
	int dmabuf = -1;

	igt_assert_errno(drmPrimeHandleToFD(card, handle, flags, &dmabuf), 0);
	igt_assert(dmabuf >= 0);
	return dmabuf;
}

uint32_t prime_import(int card, int dmabuf)
{
	uint32_t handle = 0;

	igt_assert_errno(drmPrimeFDToHandle(card, dmabuf, &handle), 0);
	igt_assert(handle);
	return handle;
}

void gem_close(int card, uint32_t handle)
{
	igt_assert_errno(drmCloseBufferHandle(card, handle), 0);
}

ino_t dmabuf_inode(int dmabuf)
{
	struct stat st;

	igt_assert_errno(fstat(dmabuf, &st), 0);
	return st.st_ino;
}

ino_t handle_inode(int card, uint32_t handle)
{
	int dmabuf = prime_export(card, handle, DRM_CLOEXEC);
	ino_t inode = dmabuf_inode(dmabuf);

	close(dmabuf);
	return inode;
}

static void bracket(int dmabuf, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	igt_assert_errno(ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync), 0);
}

void dmabuf_assert_noise(int dmabuf, size_t size, uint32_t seed)
{
	uint8_t *map = mmap(NULL, size, PROT_READ, MAP_SHARED, dmabuf, 0);
	uint8_t *expected = malloc(size);
	bool same;

	igt_assert(map != MAP_FAILED && expected);
	pattern_noise(expected, size, seed);
	bracket(dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	same = !memcmp(map, expected, size);
	bracket(dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	free(expected);
	munmap(map, size);
	igt_assert_f(same, "the dma-buf holds something else\n");
}

void dmabuf_fill_noise(int dmabuf, size_t size, uint32_t seed)
{
	uint8_t *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf, 0);

	igt_assert(map != MAP_FAILED);
	bracket(dmabuf, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE);
	pattern_noise(map, size, seed);
	bracket(dmabuf, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
	munmap(map, size);
}
