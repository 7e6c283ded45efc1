// SPDX-License-Identifier: MIT
/*
 * Cards: a buffer that is exported, and an import that the card shows on its
 * screen, or that is exported again where it has none.
 */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <linux/dma-buf.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "share.h"

static const char *driver_of(const char *driver)
{
	return driver ? driver : share_driver();
}

/* Only vprime has a way to ask for one piece. */
static void create_contiguous(struct source *source)
{
	struct drm_vprime_gem_create create = {
		.size = SHARE_SIZE,
		.flags = VPRIME_GEM_CONTIGUOUS,
	};

	igt_require_f(!strcmp(share_driver(), "vprime"), "%s has no contiguous buffers\n",
		      share_driver());
	igt_assert_errno(drmIoctl(source->device, DRM_IOCTL_VPRIME_GEM_CREATE, &create), 0);
	igt_assert_eq(create.size, SHARE_SIZE);
	source->handle = create.handle;
}

static void create_dumb(struct source *source)
{
	uint32_t pitch;
	uint64_t size;

	igt_assert_errno(drmModeCreateDumbBuffer(source->device, SHARE_WIDTH, SHARE_HEIGHT, 32, 0,
						 &source->handle, &pitch, &size),
			 0);
	igt_assert_eq(size, SHARE_SIZE);
}

void make_gem(struct source *source)
{
	const struct exporter *exporter = source->exporter;
	const char *driver = driver_of(exporter->driver);
	int protection = PROT_READ | PROT_WRITE;
	uint64_t offset;

	source->device = drm_open_card(driver, exporter->index);
	igt_require_f(source->device >= 0, "no card %u of %s\n", exporter->index, driver);
	/* The screen is for whoever imports; a card without one has no master. */
	drmDropMaster(source->device);
	if (exporter->kind.contiguous)
		create_contiguous(source);
	else
		create_dumb(source);
	igt_assert_errno(drmModeMapDumbBuffer(source->device, source->handle, &offset), 0);
	source->map = mmap(NULL, SHARE_SIZE, protection, MAP_SHARED, source->device, offset);
	igt_assert(source->map != MAP_FAILED);
	source->fd = prime_export(source->device, source->handle, DRM_CLOEXEC | DRM_RDWR);
}

void refuse_gem(struct source *source)
{
	int closed = fcntl(source->device, F_DUPFD_CLOEXEC, 0), fd = -1;

	close(closed);
	for (int bit = 0; bit < 32; bit++)
		if (!((DRM_CLOEXEC | DRM_RDWR) & 1u << bit))
			igt_assert_errno(drmPrimeHandleToFD(source->device, source->handle,
							    1u << bit, &fd),
					 EINVAL);
	igt_assert_errno(drmPrimeHandleToFD(source->device, 0, DRM_CLOEXEC, &fd), ENOENT);
	igt_assert_errno(drmPrimeHandleToFD(source->device, ~source->handle, 0, &fd), ENOENT);
	igt_assert_errno(drmPrimeHandleToFD(closed, source->handle, 0, &fd), EBADF);
	igt_assert_eq(fd, -1);
}

void close_gem(struct source *source)
{
	munmap(source->map, SHARE_SIZE);
	gem_close(source->device, source->handle);
	close(source->device);
}

/* The screen: sees by showing and reading back, draws by reading back into it. */
static void open_screen(struct user *user)
{
	screen_open_driver(&user->screen, driver_of(user->importer->driver),
			   user->importer->index);
	user->device = user->screen.kms.fd;
}

static int import_screen(struct user *user, int fd)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct pixel_layout layout;
	int ret;

	pixel_layout_fill(&layout, format, SHARE_WIDTH * 4, SHARE_HEIGHT);
	screen_reset(&user->screen);
	user->shown = screen_fb_slot(&user->screen);
	ret = kms_fb_import(user->shown, user->device, fd, format, SHARE_WIDTH, SHARE_HEIGHT,
			    &layout);
	user->handle = user->shown->handle;
	return ret;
}

/* One more framebuffer for each use: reset with the import. */
static struct kms_fb *own_picture(struct user *user)
{
	if (user->screen.num_fbs < 2)
		screen_picture_fb(&user->screen, "XRGB8888");
	return &user->screen.fbs[1];
}

static void look_screen(struct user *user, const uint32_t *expected)
{
	struct layer layer = layer_new(&user->screen.kms.primary, user->shown, 0, 0);
	struct kms_fb *read_back = own_picture(user);

	memset(read_back->map, 0x5a, SHARE_SIZE);
	scene_read_back(&user->screen, &layer, 1, read_back);
	share_assert_same(read_back->map, expected, "on the screen");
}

static void draw_screen(struct user *user, unsigned int turn, uint32_t *drawn)
{
	struct kms_fb *own = own_picture(user);
	struct layer layer = layer_new(&user->screen.kms.primary, own, 0, 0);

	share_noise(own->map, turn);
	memcpy(drawn, own->map, SHARE_SIZE);
	scene_read_back(&user->screen, &layer, 1, user->shown);
}

static void drop_screen(struct user *user)
{
	screen_reset(&user->screen);
}

static void close_screen(struct user *user)
{
	screen_close(&user->screen);
}

static int export_again(struct user *user)
{
	return prime_export(user->device, user->handle, DRM_CLOEXEC | DRM_RDWR);
}

/* A card with no screen: what it has of an import is another dma-buf of it. */
static void open_card(struct user *user)
{
	const char *driver = driver_of(user->importer->driver);

	user->device = drm_open_card(driver, user->importer->index);
	igt_require_f(user->device >= 0, "no card of %s\n", driver);
}

static void open_render(struct user *user)
{
	int card = drm_open_card(share_driver(), 0);
	char *path;

	igt_require_f(card >= 0, "no card of %s\n", share_driver());
	path = drmGetRenderDeviceNameFromFd(card);
	close(card);
	igt_require_f(path, "%s has no render node\n", share_driver());
	user->device = open(path, O_RDWR | O_CLOEXEC);
	free(path);
	igt_assert_errno(user->device, 0);
}

static int import_card(struct user *user, int fd)
{
	return drmPrimeFDToHandle(user->device, fd, &user->handle) ? -errno : 0;
}

static void map_import(struct user *user, int fd, uint64_t flags)
{
	struct dma_buf_sync sync = { .flags = flags };

	if (flags & DMA_BUF_SYNC_END) {
		munmap(user->map, SHARE_SIZE);
		user->map = NULL;
	} else {
		user->map = mmap(NULL, SHARE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		igt_assert_f(user->map != MAP_FAILED, "%s\n", strerror(errno));
	}
	igt_assert_errno(ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync), 0);
}

static void look_card(struct user *user, const uint32_t *expected)
{
	int fd = export_again(user);

	map_import(user, fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	share_assert_same(user->map, expected, "by another dma-buf");
	map_import(user, fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	close(fd);
}

static void draw_card(struct user *user, unsigned int turn, uint32_t *drawn)
{
	int fd = export_again(user);

	share_noise(drawn, turn);
	map_import(user, fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE);
	memcpy(user->map, drawn, SHARE_SIZE);
	map_import(user, fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
	close(fd);
}

static void drop_card(struct user *user)
{
	gem_close(user->device, user->handle);
}

static void close_card(struct user *user)
{
	close(user->device);
}

#define SCREEN_DOORS                                                  \
	.no_fd = EBADF, .no_dmabuf = EINVAL, .too_small = EINVAL,     \
	.waits = true, .open = open_screen, .import = import_screen,  \
	.look = look_screen, .draw = draw_screen, .fd = export_again, \
	.drop = drop_screen, .close = close_screen

#define CARD_DOORS                                                   \
	.no_fd = EBADF, .no_dmabuf = EINVAL, .waits = true,          \
	.import = import_card, .look = look_card, .draw = draw_card, \
	.fd = export_again, .drop = drop_card, .close = close_card

const struct importer importer_screen = {
	.name = "vprime",
	.about = "shown on a plane; written by the writeback connector",
	.ours = true,
	SCREEN_DOORS,
};

const struct importer importer_second = {
	.name = "second",
	.about = "the same of another device of vprime",
	.ours = true,
	.index = 1,
	SCREEN_DOORS,
};

const struct importer importer_render = {
	.name = "render",
	.about = "vprime's render node, exported again",
	.ours = true,
	.open = open_render,
	CARD_DOORS,
};

const struct importer importer_vgem = {
	.name = "vgem",
	.about = "vgem's node, exported again",
	.driver = "vgem",
	.open = open_card,
	CARD_DOORS,
};
