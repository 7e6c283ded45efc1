// SPDX-License-Identifier: MIT
/*
 * Eight threads at once on the same few buffers, for a while (race.h): the
 * kernel's checkers have to be silent and nothing may be left behind. What a
 * thread asks for may have been taken away by another, so each has errnos that it
 * may get. The suite `races` gives each a minute.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <drm_fourcc.h>
#include <linux/dma-buf.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "lib/dmabuf_count.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "matrix.h"
#include "race.h"

#define FRAMEBUFFERS 4

/* What all of them work on. */
static struct arena {
	struct screen screen;
	int card; /* the screen's */
	int vgem;
	struct dumb own;
	struct dumb foreign;
	int own_fd;
	int foreign_fd;
	atomic_uint framebuffers[FRAMEBUFFERS];
} arena;

static int export_and_close(unsigned int round)
{
	int fd;

	(void)round;
	if (drmPrimeHandleToFD(arena.card, arena.own.handle, DRM_CLOEXEC | DRM_RDWR, &fd))
		return errno;
	return failed(close(fd));
}

/* Both threads have the same handle, and one closes it under the other. */
static int import_and_close(unsigned int round)
{
	uint32_t handle;

	(void)round;
	if (drmPrimeFDToHandle(arena.card, arena.foreign_fd, &handle))
		return errno;
	return failed(drmCloseBufferHandle(arena.card, handle));
}

static int import_into_vgem(unsigned int round)
{
	uint32_t handle;
	int fd;

	(void)round;
	if (drmPrimeFDToHandle(arena.vgem, arena.own_fd, &handle))
		return errno;
	if (!drmPrimeHandleToFD(arena.vgem, handle, DRM_CLOEXEC, &fd))
		close(fd);
	return failed(drmCloseBufferHandle(arena.vgem, handle));
}

/* A buffer of its own, whose handle goes while it is exported. */
static int create_and_close(unsigned int round)
{
	uint32_t handle, pitch;
	uint64_t size;
	int fd = -1, ret;

	if (drmModeCreateDumbBuffer(arena.card, 64, 64, 32, 0, &handle, &pitch, &size))
		return errno;
	ret = failed(drmPrimeHandleToFD(arena.card, handle, DRM_CLOEXEC, &fd));
	drmCloseBufferHandle(arena.card, handle);
	if (round & 1 && !ret)
		ret = failed(drmPrimeFDToHandle(arena.vgem, fd, &handle));
	if (round & 1 && !ret)
		ret = failed(drmCloseBufferHandle(arena.vgem, handle));
	close(fd);
	return ret;
}

static int map_and_touch(unsigned int round)
{
	int fd = round & 1 ? arena.own_fd : arena.foreign_fd;
	volatile uint8_t *map = mmap(NULL, SHARE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW };

	if (map == MAP_FAILED)
		return errno;
	ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
	map[round * 4096 % SHARE_SIZE] = round;
	sync.flags = DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW;
	ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
	return failed(munmap((void *)map, SHARE_SIZE));
}

/* The slot's last framebuffer is left to who removes them, or goes now. */
static int add_framebuffer(unsigned int round)
{
	uint32_t handles[4] = {}, pitches[4] = { SHARE_WIDTH * 4 }, offsets[4] = {}, id;
	int fd = round & 1 ? arena.own_fd : arena.foreign_fd;

	if (drmPrimeFDToHandle(arena.card, fd, &handles[0]))
		return errno;
	if (drmModeAddFB2(arena.card, SHARE_WIDTH, SHARE_HEIGHT, DRM_FORMAT_XRGB8888, handles,
			  pitches, offsets, &id, 0))
		return errno;
	id = atomic_exchange(&arena.framebuffers[round % FRAMEBUFFERS], id);
	return id ? failed(drmModeRmFB(arena.card, id)) : 0;
}

static int remove_framebuffer(unsigned int round)
{
	uint32_t id;

	/* Those who show it want it for a while. */
	usleep(2000);
	id = atomic_exchange(&arena.framebuffers[round % FRAMEBUFFERS], 0);
	return id ? failed(drmModeRmFB(arena.card, id)) : 0;
}

/* One that was there a moment ago, or 0. */
static uint32_t some_framebuffer(unsigned int round)
{
	uint32_t id = arena.framebuffers[round % FRAMEBUFFERS];

	if (!id)
		usleep(100);
	return id;
}

/* The framebuffer may be removed while it is being flipped to. */
static int flip(unsigned int round)
{
	uint32_t id = some_framebuffer(round);

	return id ? failed(drmModePageFlip(arena.card, arena.screen.kms.crtc.id, id, 0, NULL)) : 0;
}

static int set_plane(unsigned int round)
{
	uint32_t id = some_framebuffer(round);

	if (!id)
		return 0;
	return failed(drmModeSetPlane(arena.card, arena.screen.kms.primary.id,
				      arena.screen.kms.crtc.id, id, 0, 0, 0, SHARE_WIDTH,
				      SHARE_HEIGHT, 0, 0, SHARE_WIDTH << 16, SHARE_HEIGHT << 16));
}

static int move_fences(unsigned int round)
{
	struct dma_buf_export_sync_file out = { .flags = DMA_BUF_SYNC_RW, .fd = -1 };
	struct dma_buf_import_sync_file in = { .flags = DMA_BUF_SYNC_READ };

	if (ioctl(round & 1 ? arena.own_fd : arena.foreign_fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE,
		  &out))
		return errno;
	in.fd = out.fd;
	if (ioctl(round & 1 ? arena.foreign_fd : arena.own_fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &in))
		return errno;
	return failed(close(out.fd));
}

/* A file of the card that is closed with an import and an own buffer in it. */
static int open_and_leave(unsigned int round)
{
	int card = drm_open_card(share_driver(), 0);
	uint32_t handle, pitch;
	uint64_t size;
	int ret;

	if (card < 0)
		return -card;
	ret = failed(drmPrimeFDToHandle(card, round & 1 ? arena.own_fd : arena.foreign_fd,
					&handle));
	if (!ret)
		ret = failed(drmModeCreateDumbBuffer(card, 64, 64, 32, 0, &handle, &pitch, &size));
	close(card);
	return ret;
}

/* With a file open, nobody can take the module away. */
static int unload(unsigned int round)
{
	(void)round;
	usleep(1000);
	/* Success is nothing that it may get. */
	return syscall(SYS_delete_module, share_driver(), O_NONBLOCK) ? errno : ENOENT;
}

static const struct action actions[] = {
	{ "export", export_and_close, {} },
	/* The number was closed, or is another's by now. */
	{ "import", import_and_close, { EINVAL } },
	{ "vgem", import_into_vgem, { EINVAL, ENOENT } },
	{ "create", create_and_close, { EINVAL, ENOENT } },
	{ "map", map_and_touch, {} },
	{ "addfb", add_framebuffer, { ENOENT, EINVAL } },
	{ "rmfb", remove_framebuffer, { ENOENT } },
	{ "flip", flip, { ENOENT, EBUSY } },
	{ "plane", set_plane, { ENOENT, EBUSY } },
	{ "fence", move_fences, {} },
	{ "leave", open_and_leave, {} },
	{ "unload", unload, { EBUSY, EWOULDBLOCK } },
};

static void enter_arena(void)
{
	struct kms_fb *fb;
	struct layer layer;

	memset(&arena, 0, sizeof(arena));
	screen_open_driver(&arena.screen, share_driver(), 0);
	arena.card = arena.screen.kms.fd;
	arena.vgem = drm_open_card("vgem", 0);
	igt_require_f(arena.vgem >= 0, "needs vgem\n");
	fb = screen_picture_fb(&arena.screen, "XRGB8888");
	layer = layer_new(&arena.screen.kms.primary, fb, 0, 0);
	scene_show(&arena.screen, &layer, 1);
	arena.own = dumb_new(arena.card, SHARE_SIZE);
	arena.foreign = dumb_new(arena.vgem, SHARE_SIZE);
	arena.own_fd = prime_export(arena.card, arena.own.handle, DRM_CLOEXEC | DRM_RDWR);
	arena.foreign_fd = prime_export(arena.vgem, arena.foreign.handle, DRM_CLOEXEC | DRM_RDWR);
}

/*
 * The own handle may be closed by a thread that had it from an import: what is
 * left is closed with the files.
 */
static void leave_arena(void)
{
	close(arena.own_fd);
	close(arena.foreign_fd);
	munmap(arena.own.map, arena.own.size);
	munmap(arena.foreign.map, arena.foreign.size);
	close(arena.vgem);
	screen_close(&arena.screen);
}

static void race(const char *const names[RACE_THREADS])
{
	int before = dmabuf_count();

	enter_arena();
	race_run(actions, sizeof(actions) / sizeof(actions[0]), names);
	leave_arena();
	dmabuf_assert_count(before);
}

static const struct {
	const char *name;
	const char *about;
	const char *actions[RACE_THREADS];
} races[] = {
	{
		.name = "race-import",
		.about = "Exported, imported and closed.",
		.actions = { "export", "export", "import", "import", "vgem", "create", "map",
			     "leave" },
	},
	{
		.name = "race-map",
		.about = "Mapped while descriptors and handles come and go.",
		.actions = { "map", "map", "map", "export", "import", "vgem", "create", "fence" },
	},
	{
		.name = "race-flip",
		.about = "Flipped to while framebuffers come and go.",
		.actions = { "addfb", "addfb", "rmfb", "rmfb", "flip", "plane", "import", "map" },
	},
	{
		.name = "race-all",
		.about = "Everything at once, and somebody who wants the module gone.",
		.actions = { "addfb", "rmfb", "flip", "plane", "map", "import", "leave", "unload" },
	},
};

void race_subtests(void)
{
	for (size_t i = 0; i < sizeof(races) / sizeof(races[0]); i++) {
		igt_describe(races[i].about);
		igt_subtest(races[i].name)
			race(races[i].actions);
	}

	igt_describe("A device is taken away under its users.");
	igt_subtest("race-unplug")
		race_unplug();

	igt_describe("Clients that ask for whatever comes.");
	igt_subtest("race-random")
		race_random();
}
