// SPDX-License-Identifier: MIT
/*
 * What a consumer keeps of a composed picture shows it nothing of later ones, and what
 * it is handed it can't write: neither a picture that others read, nor the owner's buffer.
 */
#include "consumer_subtests.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/subtests.h"

#define PICTURE (640 * 480 * 4)
#define LATER 8
#define FIRST 0xffc01020
#define SECOND 0xff1020c0

static void *look(int fd, uint64_t offset)
{
	void *map = mmap(NULL, PICTURE, PROT_READ, MAP_SHARED, fd, offset);

	igt_assert(map != MAP_FAILED);
	return map;
}

static void *look_by_handle(int card, uint32_t handle)
{
	uint64_t offset;

	igt_assert_errno(drmModeMapDumbBuffer(card, handle, &offset), 0);
	return look(card, offset);
}

/* The colour is nowhere; who composes does it from the top, so the look is from the end. */
static void assert_none_of(const uint32_t *map, uint32_t colour)
{
	for (size_t i = PICTURE / 4; i--;)
		igt_assert_f((map[i] & 0xffffff) != (colour & 0xffffff),
			     "pixel %zu is of another picture\n", i);
}

/* A way to keep a picture; @fd may be closed after it. Returns a mapping of it, or NULL. */
struct keeper {
	const char *name;
	const uint32_t *(*keep)(struct screen *screen, int fd);
};

static const uint32_t *keep_mapping(struct screen *screen, int fd)
{
	(void)screen;
	return look(fd, 0);
}

static const uint32_t *keep_handle(struct screen *screen, int fd)
{
	return look_by_handle(screen->kms.fd, prime_import(screen->kms.fd, fd));
}

static const uint32_t *keep_other_card(struct screen *screen, int fd)
{
	(void)screen;
	igt_require_f(vgem >= 0, "needs vgem\n");
	prime_import(vgem, fd);
	return NULL;
}

static const uint32_t *keep_framebuffer(struct screen *screen, int fd)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *fb = screen_fb_slot(screen);
	struct pixel_layout layout;

	pixel_layout_fill(&layout, format, 640 * 4, 480);
	igt_assert_eq(kms_fb_import(fb, screen->kms.fd, fd, format, 640, 480, &layout), 0);
	return look_by_handle(screen->kms.fd, fb->handle);
}

static const struct keeper keepers[] = {
	{ "mapping", keep_mapping },
	{ "handle", keep_handle },
	{ "other-card", keep_other_card },
	{ "framebuffer", keep_framebuffer },
};

static void take_later(struct screen *screen, int consumer, struct kms_fb *fb, ino_t kept,
		       const uint32_t *map)
{
	struct drm_vprime_consumer_acquire frame;

	for (unsigned int i = 0; i < LATER; i++) {
		flip(screen, fb);
		flip_done(screen);
		frame = consumer_acquire(consumer);
		igt_assert_f(dmabuf_inode(frame.planes[0].fd) != kept,
			     "the buffer is used again\n");
		frame_assert_fb(&frame, fb);
		if (map)
			assert_none_of(map, SECOND);
		frame_done(consumer, &frame);
	}
}

static void later_kept_by(struct screen *screen, const struct keeper *keeper)
{
	struct kms_fb *fb[] = { screen_picture_fb(screen, "XRGB8888"),
				screen_picture_fb(screen, "XRGB8888") };
	struct drm_vprime_consumer_acquire frame;
	const uint32_t *map;
	int before, after;
	ino_t kept;

	pattern_plain(fb[0], FIRST);
	pattern_plain(fb[1], SECOND);
	show_only(screen, fb[0]);
	before = consumer_latest(screen, VPRIME_CONSUMER_COMPOSED, 1000);
	after = consumer_latest(screen, VPRIME_CONSUMER_COMPOSED, 1000);
	frame = consumer_acquire(before);
	kept = dmabuf_inode(frame.planes[0].fd);
	frame_assert_fb(&frame, fb[0]);
	map = keeper->keep(screen, frame.planes[0].fd);
	frame_done(before, &frame);
	take_later(screen, after, fb[1], kept, map);
	if (map) {
		igt_assert_eq(map[0] & 0xffffff, FIRST & 0xffffff);
		munmap((void *)map, PICTURE);
	}
	close(before);
	close(after);
}

static void later(struct screen *screen)
{
	for (size_t i = 0; i < sizeof(keepers) / sizeof(keepers[0]); i++)
		igt_dynamic(keepers[i].name)
		{
			screen_reset(screen);
			later_kept_by(screen, &keepers[i]);
		}
}

/* Before the picture is composed there is nothing in its memory, least of all an older one. */
static void earlier(struct screen *screen)
{
	struct kms_fb *fb[] = { screen_picture_fb(screen, "XRGB8888"),
				screen_picture_fb(screen, "XRGB8888") };
	int administrator, consumer;
	struct drm_vprime_consumer_acquire frame;
	const uint32_t *map;

	pattern_plain(fb[0], FIRST);
	pattern_plain(fb[1], SECOND);
	show_only(screen, fb[0]);
	administrator = consumer_latest(screen, VPRIME_CONSUMER_COMPOSED, 1000);
	frame = consumer_acquire(administrator);
	frame_done(administrator, &frame);
	flip(screen, fb[1]);
	flip_done(screen);
	frame = consumer_acquire(administrator);
	frame_done(administrator, &frame);
	flip(screen, fb[1]);
	flip_done(screen);
	consumer = consumer_latest(screen, VPRIME_CONSUMER_COMPOSED, 1000);
	frame = consumer_acquire(consumer);
	map = look(frame.planes[0].fd, 0);
	assert_none_of(map, FIRST);
	munmap((void *)map, PICTURE);
	frame_done(consumer, &frame);
	close(consumer);
	close(administrator);
}

static void assert_no_write(int fd, uint64_t offset)
{
	void *map;

	igt_assert(mmap(NULL, PICTURE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset) ==
		   MAP_FAILED);
	igt_assert_eq(errno, EACCES);
	map = look(fd, offset);
	igt_assert_errno(mprotect(map, PICTURE, PROT_READ | PROT_WRITE), EACCES);
	munmap(map, PICTURE);
}

/* By the descriptor, by a handle, and by what the handle is exported as. */
static void assert_read_only(int dmabuf, const char *node)
{
	int card = open(node, O_RDWR | O_CLOEXEC), again;
	uint32_t handle = prime_import(card, dmabuf);
	struct drm_vprime_gem_info info = { .handle = handle };

	assert_no_write(dmabuf, 0);
	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_GEM_INFO, &info), 0);
	igt_assert(info.state & VPRIME_GEM_READ_ONLY);
	assert_no_write(card, info.offset);
	again = prime_export(card, handle, DRM_CLOEXEC | DRM_RDWR);
	assert_no_write(again, 0);
	close(again);
	close(card);
}

static void read_only(struct screen *screen)
{
	static const uint32_t flags[] = { VPRIME_CONSUMER_COMPOSED, 0 };
	char *node = drmGetRenderDeviceNameFromFd(screen->kms.fd);

	for (size_t i = 0; i < 2; i++) {
		struct drm_vprime_consumer_acquire frame;
		int consumer;

		show_only(screen, screen_picture_fb(screen, "XRGB8888"));
		consumer = consumer_latest(screen, flags[i], 1000);
		frame = consumer_acquire(consumer);
		assert_read_only(frame.planes[0].fd, node);
		frame_done(consumer, &frame);
		close(consumer);
	}
	free(node);
}

/* Who looks at a buffer before its owner shares it does not say how it is shared. */
static void owner_export(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	int consumer, shared;

	show_only(screen, fb);
	consumer = consumer_latest(screen, 0, 1000);
	frame = consumer_acquire(consumer);
	shared = prime_export(fb->card, fb->handle, DRM_CLOEXEC);
	igt_assert_eq(dmabuf_inode(shared), dmabuf_inode(frame.planes[0].fd));
	assert_no_write(shared, 0);
	close(shared);
	frame_done(consumer, &frame);
	shared = prime_export(fb->card, fb->handle, DRM_CLOEXEC);
	assert_no_write(shared, 0);
	close(shared);
	close(consumer);
}

static const struct subtest subtests[] = {
	{ "private-earlier", "A new picture's memory shows no earlier one.", earlier },
	{ "read-only", "What is handed out can't be written.", read_only },
	{ "read-only-owner", "Nor is what its owner exports read-only after that.", owner_export },
};

void privacy_subtests(struct screen *screen)
{
	igt_describe("A picture that was kept does not become a later one.");
	igt_subtest_with_dynamic("private-later")
		later(screen);
	RUN_SUBTESTS(subtests, screen);
}
