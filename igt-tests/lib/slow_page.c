// SPDX-License-Identifier: MIT
/*
 * Memory that is slow to be there: a page of a buffer of vprime's that is being moved. The
 * move waits for a fence and holds the buffer, and whoever touches the page waits for the
 * move. So a copy of the kernel's to a program can be kept in its middle.
 */
#include "slow_page.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "dumb.h"
#include "igt_api.h"

#define PAGE 4096

static pid_t start_move(ino_t inode)
{
	int file = open("/sys/kernel/debug/dri/vprime.0/vprime_move", O_WRONLY | O_CLOEXEC);
	char text[24];
	pid_t child;

	igt_require_f(file >= 0, "needs debugfs\n");
	snprintf(text, sizeof(text), "%lu", (unsigned long)inode);
	child = fork();
	igt_assert(child >= 0);
	if (!child)
		_exit(write(file, text, strlen(text)) < 0);
	close(file);
	return child;
}

static uint8_t *map_buffer(const struct slow_page *page, uint8_t *where)
{
	uint64_t offset;
	uint8_t *map;

	igt_assert_errno(drmModeMapDumbBuffer(page->card, page->handle, &offset), 0);
	map = mmap(where, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | (where ? MAP_FIXED : 0),
		   page->card, offset);
	igt_assert(map != MAP_FAILED);
	return map;
}

struct slow_page slow_page_new(int card)
{
	struct slow_page page = { .card = card };
	uint32_t pitch;
	uint64_t size;

	page.memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	igt_assert(page.memory != MAP_FAILED);
	page.boundary = page.memory + PAGE;
	igt_assert_errno(drmModeCreateDumbBuffer(card, PAGE, 1, 8, 0, &page.handle, &pitch, &size),
			 0);
	map_buffer(&page, page.boundary);
	return page;
}

void slow_page_write(const struct slow_page *page, const void *data, size_t size)
{
	uint8_t *map = map_buffer(page, NULL);

	memcpy(map, data, size);
	munmap(map, PAGE);
}

void slow_page_begin(struct slow_page *page)
{
	struct drm_vprime_fence_attach attach = { .handle = page->handle };

	igt_assert_errno(drmIoctl(page->card, DRM_IOCTL_VPRIME_FENCE_ATTACH, &attach), 0);
	page->fence = attach.out_fence;
	page->mover = start_move(handle_inode(page->card, page->handle));
	/* Until the move waits. */
	usleep(200000);
}

void slow_page_let_go(struct slow_page *page)
{
	struct drm_vprime_fence_signal args = { .fence = page->fence };
	int status;

	igt_assert_errno(drmIoctl(page->card, DRM_IOCTL_VPRIME_FENCE_SIGNAL, &args), 0);
	igt_assert_eq(waitpid(page->mover, &status, 0), page->mover);
	igt_assert_eq(status, 0);
}

void slow_page_free(struct slow_page *page)
{
	munmap(page->memory, 2 * PAGE);
	gem_close(page->card, page->handle);
}
