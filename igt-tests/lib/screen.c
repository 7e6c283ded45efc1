// SPDX-License-Identifier: MIT
/*
 * A vprime card under test and the framebuffers a subtest makes on it.
 *
 * A subtest that fails is left in the middle, so nothing a subtest makes may
 * live in its local variables alone: the framebuffers are kept here and freed
 * when the next subtest begins. Knows nothing of what is shown.
 */
#include "screen.h"

#include <poll.h>
#include <unistd.h>

#include <xf86drm.h>

#include "igt_api.h"

void screen_open_driver(struct screen *screen, const char *driver, unsigned int index)
{
	int fd = drm_open_card(driver, index);

	igt_require_f(fd >= 0, "no card %u of %s\n", index, driver);
	close(fd);
	memset(screen, 0, sizeof(*screen));
	igt_assert_eq(kms_device_open(&screen->kms, driver, index), 0);
	igt_assert_f(screen->kms.writeback.id, "no writeback connector\n");
	screen_set_mode(screen, 640, 480);
}

void screen_open(struct screen *screen, unsigned int index)
{
	screen_open_driver(screen, "vprime", index);
	igt_assert_f(screen->kms.num_overlays >= 2, "no two overlay planes\n");
}

void screen_close(struct screen *screen)
{
	screen_reset(screen);
	drmModeDestroyPropertyBlob(screen->kms.fd, screen->mode_blob);
	kms_device_close(&screen->kms);
}

/* A flip nobody waited for must not be taken for the next subtest's. */
static void drop_events(int fd)
{
	struct pollfd events = { .fd = fd, .events = POLLIN };
	char buffer[4096];

	while (poll(&events, 1, 0) > 0)
		igt_assert(read(fd, buffer, sizeof(buffer)) > 0);
}

void screen_reset(struct screen *screen)
{
	for (unsigned int i = 0; i < screen->num_fbs; i++)
		kms_fb_destroy(&screen->fbs[i]);
	screen->num_fbs = 0;
	drop_events(screen->kms.fd);
	if (screen->mode->hdisplay != 640 || screen->mode->vdisplay != 480)
		screen_set_mode(screen, 640, 480);
}

void screen_set_mode(struct screen *screen, uint32_t width, uint32_t height)
{
	const drmModeModeInfo *mode = kms_find_mode(&screen->kms, width, height);

	igt_assert_f(mode, "no mode %ux%u\n", width, height);
	screen_use_mode(screen, mode);
}

void screen_use_mode(struct screen *screen, const drmModeModeInfo *mode)
{
	if (screen->mode_blob)
		drmModeDestroyPropertyBlob(screen->kms.fd, screen->mode_blob);
	screen->mode = mode;
	igt_assert_eq(drmModeCreatePropertyBlob(screen->kms.fd, mode, sizeof(*mode),
						&screen->mode_blob),
		      0);
}

struct kms_fb *screen_fb_slot(struct screen *screen)
{
	igt_assert(screen->num_fbs < SCREEN_MAX_FBS);
	return &screen->fbs[screen->num_fbs++];
}

struct kms_fb *screen_fb(struct screen *screen, const char *format, uint32_t width,
			 uint32_t height)
{
	struct kms_fb *fb = screen_fb_slot(screen);

	igt_assert_eq(kms_fb_create(fb, screen->kms.fd, pixel_format_by_name(format),
				    width, height),
		      0);
	return fb;
}

struct kms_fb *screen_picture_fb(struct screen *screen, const char *format)
{
	return screen_fb(screen, format, screen->mode->hdisplay, screen->mode->vdisplay);
}
