// SPDX-License-Identifier: MIT
/*
 * The kernel is out of memory, once, at each place in turn, for those who make, use, name
 * and move native buffers, and for who plugs a device in. A table of handles that has no
 * place left gives its caller the same way back.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/fail_nth.h"
#include "lib/subtests.h"

#define SIZE (40 * PAGE_BYTES)

static const struct kind {
	const char *name;
	uint32_t flags;
} kinds[] = {
	{ "scattered", 0 },
	{ "contiguous", VPRIME_GEM_CONTIGUOUS },
	{ "write-combined", VPRIME_GEM_WRITE_COMBINE },
};

/* What an operation works on and what it made. */
static struct {
	uint32_t flags, handle, imported, name;
	int dmabuf, file;
	const char *text;
} stage;

/* Keeps errno. */
static void drop(int card, uint32_t handle)
{
	struct drm_gem_close args = { .handle = handle };
	int saved = errno;

	ioctl(card, DRM_IOCTL_GEM_CLOSE, &args);
	errno = saved;
}

static int create(void)
{
	struct drm_vprime_gem_create args = { .size = SIZE, .flags = stage.flags };
	int ret = ioctl(cards.vprime, DRM_IOCTL_VPRIME_GEM_CREATE, &args);

	stage.handle = args.handle;
	return ret;
}

static void destroy(void)
{
	drop(cards.vprime, stage.handle);
}

static int create_dumb(void)
{
	struct drm_mode_create_dumb args = { .width = 64, .height = 64, .bpp = 32 };
	int ret = ioctl(cards.vprime, DRM_IOCTL_MODE_CREATE_DUMB, &args);

	stage.handle = args.handle;
	return ret;
}

static void created(struct screen *screen)
{
	(void)screen;
	fail_nth_require();
	fail_nth_walk("a dumb buffer", create_dumb, destroy);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		stage.flags = kinds[i].flags;
		fail_nth_walk(kinds[i].name, create, destroy);
	}
}

/* Its pages come with the first who wants them. */
static int share(void)
{
	struct drm_prime_handle args;
	int ret = create();

	if (ret)
		return ret;
	args = (struct drm_prime_handle){ .handle = stage.handle, .flags = DRM_CLOEXEC };
	ret = ioctl(cards.vprime, DRM_IOCTL_PRIME_HANDLE_TO_FD, &args);
	if (ret) {
		destroy();
		return ret;
	}
	stage.dmabuf = args.fd;
	args = (struct drm_prime_handle){ .fd = stage.dmabuf };
	ret = ioctl(cards.second, DRM_IOCTL_PRIME_FD_TO_HANDLE, &args);
	stage.imported = args.handle;
	if (ret) {
		int saved = errno;

		close(stage.dmabuf);
		errno = saved;
		destroy();
	}
	return ret;
}

static void unshare(void)
{
	drop(cards.second, stage.imported);
	close(stage.dmabuf);
	destroy();
}

static void shared(struct screen *screen)
{
	(void)screen;
	fail_nth_require();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		stage.flags = kinds[i].flags;
		fail_nth_walk(kinds[i].name, share, unshare);
	}
}

static int open_name(void)
{
	struct drm_gem_open args = { .name = stage.name };
	int ret = ioctl(cards.again, DRM_IOCTL_GEM_OPEN, &args);

	stage.handle = args.handle;
	return ret;
}

static void close_name(void)
{
	drop(cards.again, stage.handle);
}

static void named(struct screen *screen)
{
	struct drm_gem_flink args = { .handle = gem_new(cards.vprime, SIZE, 0) };

	(void)screen;
	fail_nth_require();
	igt_assert_errno(ioctl(cards.vprime, DRM_IOCTL_GEM_FLINK, &args), 0);
	stage.name = args.name;
	fail_nth_walk("a name", open_name, close_name);
	gem_close(cards.vprime, args.handle);
}

static int write_text(void)
{
	return pwrite(stage.file, stage.text, strlen(stage.text), 0) < 0 ? -1 : 0;
}

/* It stays where it is, with all that is in it. */
static void moved(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);
	int dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);
	char text[32];

	(void)screen;
	fail_nth_require();
	gem_fill(cards.vprime, handle, SIZE, 1);
	snprintf(text, sizeof(text), "%lu", (unsigned long)dmabuf_inode(dmabuf));
	stage.text = text;
	stage.file = open("/sys/kernel/debug/dri/vprime.0/vprime_move", O_WRONLY | O_CLOEXEC);
	igt_assert_errno(stage.file, 0);
	fail_nth_walk("a move", write_text, NULL);
	close(stage.file);
	gem_assert_noise(cards.vprime, handle, SIZE, 1);
	close(dmabuf);
	gem_close(cards.vprime, handle);
}

/* ENODEV: why a device did not come up is not told. */
static int plug(void)
{
	int ret;

	stage.text = "1";
	ret = write_text();
	if (ret && errno == ENODEV)
		errno = ENOMEM;
	return ret;
}

static void unplug(void)
{
	stage.text = "0";
	igt_assert_errno(write_text(), 0);
}

/*
 * Only where planes, CRTC and connectors get their states. All of the probe takes too long;
 * and DRM 7.2 puts an error pointer when a minor has no memory for its device, and frees a
 * CRTC that is in its list when there is none for its CRC.
 */
static void comes_up(struct screen *screen)
{
	(void)screen;
	fail_nth_require();
	fail_nth_within("drm_mode_config_reset");
	stage.file = open("/sys/kernel/config/vprime/vprime.1/plugged", O_WRONLY | O_CLOEXEC);
	igt_assert_errno(stage.file, 0);
	close(cards.second);
	unplug();
	fail_nth_walk("a device", plug, unplug);
	igt_assert_errno(plug(), 0);
	close(stage.file);
	cards.second = slot_open_card(1);
}

static const struct subtest subtests[] = {
	{ "no-memory-create", "A buffer is not made, or is whole.", created },
	{ "no-memory-share", "It has pages, a dma-buf and an import, or nothing.", shared },
	{ "no-memory-name", "A name is not opened.", named },
	{ "no-memory-move", "A buffer that can't be moved is as it was.", moved },
	{ "no-memory-plug", "A device does not come up, and nothing is left of it.", comes_up },
};

void no_memory_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
