// SPDX-License-Identifier: MIT
/*
 * Read-only buffers while handles and framebuffers come and go: between any two
 * instructions of one call another is made, and never may who only reads write. Whoever
 * made the buffer is another client, which does nothing here.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm_fourcc.h>
#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/ambush.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define WIDTH 640
#define HEIGHT 480
#define SIZE (WIDTH * HEIGHT * 4)
#define SEED 15

/* What both threads work on; @handle is the reader's. */
static struct {
	struct screen *screen;
	int reader;
	int dmabuf;
	ino_t inode;
	uint64_t offset;
	volatile uint32_t handle;
	volatile uint32_t framebuffer;
} stage;

/* The reader gets the buffer; returns the handle of who made it. */
static uint32_t set_stage(struct screen *screen, int maker, int reader)
{
	uint32_t handle = gem_new(maker, SIZE, 0);

	gem_fill(maker, handle, SIZE, SEED);
	stage.screen = screen;
	stage.reader = reader;
	stage.dmabuf = prime_export(maker, handle, DRM_CLOEXEC);
	stage.inode = dmabuf_inode(stage.dmabuf);
	stage.offset = gem_info(maker, handle).offset;
	stage.handle = prime_import(reader, stage.dmabuf);
	stage.framebuffer = 0;
	return handle;
}

static void leave_stage(void)
{
	drmCloseBufferHandle(stage.reader, stage.handle);
	close(stage.dmabuf);
}

static bool import(void)
{
	uint32_t handle;

	if (drmPrimeFDToHandle(stage.reader, stage.dmabuf, &handle))
		return false;
	stage.handle = handle;
	return true;
}

static bool close_and_import(void)
{
	drmCloseBufferHandle(stage.reader, stage.handle);
	import();
	return false;
}

static bool close_handle(void)
{
	drmCloseBufferHandle(stage.reader, stage.handle);
	return false;
}

static bool is_mapped_writable(void)
{
	void *map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, stage.reader,
			 stage.offset);

	if (map == MAP_FAILED)
		return false;
	munmap(map, SIZE);
	return true;
}

static bool is_imported_writable(void)
{
	struct drm_vprime_gem_info info = {};

	if (!import())
		return false;
	info.handle = stage.handle;
	return !drmIoctl(stage.reader, DRM_IOCTL_VPRIME_GEM_INFO, &info) &&
	       !(info.state & VPRIME_GEM_READ_ONLY);
}

static bool add_framebuffer(void)
{
	uint32_t handles[4] = { stage.handle }, pitches[4] = { WIDTH * 4 }, offsets[4] = {}, id;

	if (drmModeAddFB2(stage.reader, WIDTH, HEIGHT, DRM_FORMAT_XRGB8888, handles, pitches,
			  offsets, &id, 0))
		return false;
	stage.framebuffer = id;
	return true;
}

/* Has the screen written into the framebuffer that was made last, if it is still there. */
static bool is_written_back(void)
{
	const struct kms_fb fb = { .id = stage.framebuffer };
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int32_t fence = -1;
	int ret;

	kms_read_back(request, &stage.screen->kms, &fb, &fence);
	ret = drmModeAtomicCommit(stage.reader, request, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	drmModeAtomicFree(request);
	if (!ret)
		kms_wait_fence(fence, SCREEN_PATIENCE_MS);
	return !ret;
}

static bool add_and_remove(void)
{
	if (add_framebuffer())
		drmModeRmFB(stage.reader, stage.framebuffer);
	return false;
}

static bool add_and_write(void)
{
	bool written;

	if (!import() || !add_framebuffer())
		return false;
	written = is_written_back();
	drmModeRmFB(stage.reader, stage.framebuffer);
	return written;
}

/* Another than that which was handed out, or one that can be written. */
static bool is_exported_again(uint32_t handle)
{
	bool again;
	int fd;

	if (drmPrimeHandleToFD(stage.reader, handle, DRM_CLOEXEC | DRM_RDWR, &fd))
		return false;
	again = dmabuf_inode(fd) != stage.inode || (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
	close(fd);
	return again;
}

/* A framebuffer whose handle went while it was made knows of no dma-buf. */
static bool export_from_framebuffer(void)
{
	drmModeFBPtr fb;
	bool again = false;

	if (!import() || !add_framebuffer())
		return false;
	fb = drmModeGetFB(stage.reader, stage.framebuffer);
	if (fb && fb->handle) {
		again = is_exported_again(fb->handle);
		drmCloseBufferHandle(stage.reader, fb->handle);
	}
	drmModeFreeFB(fb);
	drmModeRmFB(stage.reader, stage.framebuffer);
	drmCloseBufferHandle(stage.reader, stage.handle);
	return again;
}

static void mapped(struct screen *screen)
{
	uint32_t handle = set_stage(screen, cards.vprime, cards.again);

	igt_assert_f(!ambush(close_and_import, is_mapped_writable), "the reader may write it\n");
	leave_stage();
	gem_close(cards.vprime, handle);
}

static void imported(struct screen *screen)
{
	uint32_t handle = set_stage(screen, cards.vprime, cards.again);

	igt_assert_f(!ambush(close_and_import, is_imported_writable), "it became writable\n");
	leave_stage();
	gem_close(cards.vprime, handle);
}

static void written(struct screen *screen, bool (*victim)(void), bool (*intruder)(void))
{
	uint32_t handle = set_stage(screen, cards.again, cards.vprime);

	scene_show(screen, NULL, 0);
	igt_assert_f(!ambush(victim, intruder), "a commit wrote to it\n");
	gem_assert_noise(cards.again, handle, SIZE, SEED);
	leave_stage();
	gem_close(cards.again, handle);
}

static void framebuffer(struct screen *screen)
{
	written(screen, add_and_write, close_handle);
}

/* Numbers are used again, so the next one is known. */
static void guessed(struct screen *screen)
{
	written(screen, add_and_remove, is_written_back);
}

static void exported(struct screen *screen)
{
	gem_close(cards.again, set_stage(screen, cards.again, cards.vprime));
	igt_assert_f(!ambush(export_from_framebuffer, close_handle),
		     "there are two dma-bufs, or one that can be written\n");
	leave_stage();
}

static const struct subtest subtests[] = {
	{ "read-only-race-map", "Nor do mmap() and GEM_CLOSE at once.", mapped },
	{ "read-only-race-import", "Nor do GEM_CLOSE and an import at once.", imported },
	{ "read-only-race-framebuffer", "Nor do ADDFB2 and GEM_CLOSE at once.", framebuffer },
	{ "read-only-race-guess", "Nor does a commit that guesses the number ADDFB2 gives.",
	  guessed },
	{ "read-only-race-export", "A buffer has one dma-buf, whatever closes meanwhile.",
	  exported },
};

void read_only_race_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
