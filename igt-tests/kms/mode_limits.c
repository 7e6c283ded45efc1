// SPDX-License-Identifier: MIT
/*
 * Which modes a program may set: progressive ones of 1 to 480 pictures a second, to the
 * pixel. Each number of a mode is the program's, and some make sums run over.
 */
#include "kms_subtests.h"

#include <limits.h>
#include <time.h>

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/made_mode.h"
#include "lib/scene.h"
#include "lib/subtests.h"

/* A million pixels: as many megahertz as pictures a second. */
#define TOTAL 1000
#define KHZ_PER_PICTURE (TOTAL * TOTAL / 1000)

static drmModeModeInfo plain_mode(uint32_t clock)
{
	return made_mode(64, 64, TOTAL, TOTAL, clock);
}

static drmModeModeInfo flagged(uint32_t flags, uint16_t vscan)
{
	drmModeModeInfo mode = plain_mode(60 * KHZ_PER_PICTURE);

	mode.flags = flags;
	mode.vscan = vscan;
	return mode;
}

static int try_mode(struct screen *screen, const drmModeModeInfo *mode)
{
	screen_use_mode(screen, mode);
	return __scene_show(screen, NULL, 0, DRM_MODE_ATOMIC_TEST_ONLY, NULL);
}

/*
 * Only a mode that is refused when it is tried is given to SETCRTC too, with a
 * framebuffer that has the lines of both eyes.
 */
static void assert_refused(struct screen *screen, const char *what, drmModeModeInfo mode)
{
	uint32_t lines = mode.vtotal < 4096 ? 2 * mode.vtotal : 8192;
	struct kms_fb *fb = screen_fb(screen, "RGB565", mode.hdisplay, lines);
	int ret = try_mode(screen, &mode);

	igt_assert_f(ret == -EINVAL, "%s: %d\n", what, ret);
	igt_assert_errno(drmModeSetCrtc(screen->kms.fd, screen->kms.crtc.id, fb->id, 0, 0,
					&screen->kms.connector.id, 1, &mode),
			 EINVAL);
	screen_set_mode(screen, 640, 480);
}

static void rates_refused(struct screen *screen)
{
	assert_refused(screen, "just below 1 Hz",
		       made_mode(64, 64, TOTAL, TOTAL + 1, KHZ_PER_PICTURE));
	assert_refused(screen, "just above 480 Hz", plain_mode(480 * KHZ_PER_PICTURE + 1));
	assert_refused(screen, "0.3 Hz", plain_mode(KHZ_PER_PICTURE * 3 / 10));
	assert_refused(screen, "MHz when its nanoseconds run over",
		       made_mode(640, 480, 2671, 1608, 1000));
	assert_refused(screen, "negative when they do", made_mode(64, 64, 2000, 1500, 1000));
	assert_refused(screen, "no clock", plain_mode(0));
	assert_refused(screen, "a clock that runs over", plain_mode(INT_MAX));
	assert_refused(screen, "pixels that run over",
		       made_mode(64, 64, 65535, 65535, UINT_MAX / 2));
	assert_refused(screen, "one line more than an int has pixels",
		       made_mode(64, 64, 65535, 32769, 130000000));
}

static void kinds_refused(struct screen *screen)
{
	drmModeModeInfo mode;

	assert_refused(screen, "interlace", flagged(DRM_MODE_FLAG_INTERLACE, 0));
	assert_refused(screen, "doublescan", flagged(DRM_MODE_FLAG_DBLSCAN, 0));
	assert_refused(screen, "two scans a line", flagged(0, 2));
	assert_refused(screen, "many scans a line", flagged(0, 65535));
	assert_refused(screen, "composite sync", flagged(DRM_MODE_FLAG_CSYNC, 0));
	assert_refused(screen, "positive composite sync", flagged(DRM_MODE_FLAG_PCSYNC, 0));
	assert_refused(screen, "negative composite sync", flagged(DRM_MODE_FLAG_NCSYNC, 0));
	assert_refused(screen, "skew", flagged(DRM_MODE_FLAG_HSKEW, 0));
	assert_refused(screen, "doubled clock", flagged(DRM_MODE_FLAG_DBLCLK, 0));
	assert_refused(screen, "halved clock", flagged(DRM_MODE_FLAG_CLKDIV2, 0));
	for (uint32_t layout = 1; layout <= 8; layout++)
		assert_refused(screen, "stereo", flagged(layout << 14, 0));
	assert_refused(screen, "too wide", made_mode(4097, 64, 5000, TOTAL, 300000));
	assert_refused(screen, "too high", made_mode(64, 4097, TOTAL, 5000, 300000));

	mode = made_mode(640, 480, 2671, 32768, 1000);
	mode.flags = DRM_MODE_FLAG_DBLSCAN;
	assert_refused(screen, "twice as many lines run over", mode);
}

static double seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static uint32_t vblanks(const struct screen *screen, uint32_t wait)
{
	drmVBlank vblank = {
		.request.type = DRM_VBLANK_RELATIVE,
		.request.sequence = wait,
	};

	igt_assert_errno(drmWaitVBlank(screen->kms.fd, &vblank), 0);
	return vblank.reply.sequence;
}

/* A guest that gets no processor sees fewer vblanks, never more. */
static void check_rate(struct screen *screen, const drmModeModeInfo *mode, uint32_t count,
		       double rate)
{
	double start, took;
	uint32_t first;

	screen_use_mode(screen, mode);
	scene_show(screen, NULL, 0);
	first = vblanks(screen, 1);
	start = seconds();
	count = vblanks(screen, count) - first;
	took = seconds() - start;
	igt_info("%u vblanks in %.3f s\n", count, took);
	igt_assert(count / took < rate * 1.2);
	screen_set_mode(screen, 640, 480);
	scene_show(screen, NULL, 0);
}

static void bounds_taken(struct screen *screen)
{
	drmModeModeInfo slow = plain_mode(KHZ_PER_PICTURE);
	drmModeModeInfo fast = plain_mode(480 * KHZ_PER_PICTURE);
	drmModeModeInfo large = made_mode(64, 64, 65535, 32768, 130000000);

	check_rate(screen, &slow, 3, 1);
	check_rate(screen, &fast, 96, 480);
	check_rate(screen, &large, 30, 60.6);
}

/*
 * DRM takes two modes whose pixels last as many picoseconds for one, and of the second
 * asks nobody: all clocks above 1 THz are alike to it.
 */
static void clock_not_compared(struct screen *screen)
{
	drmModeModeInfo fast = made_mode(64, 64, 65535, 32768, 1030776422);
	drmModeModeInfo faster = made_mode(64, 64, 65535, 32768, INT_MAX);

	screen_use_mode(screen, &fast);
	scene_show(screen, NULL, 0);
	igt_assert_eq(try_mode(screen, &faster), -EINVAL);
	screen_set_mode(screen, 640, 480);
	scene_show(screen, NULL, 0);
}

static const struct subtest subtests[] = {
	{ "mode-rates-refused", "Too slow, too fast, and what only looks right is refused.",
	  rates_refused },
	{ "mode-kinds-refused", "Interlaced, doubled, stereo and too large modes are refused.",
	  kinds_refused },
	{ "mode-bounds-taken", "1 Hz and 480 Hz are taken, and no vblank comes too early.",
	  bounds_taken },
	{ "mode-clock-not-compared", "A mode is looked at where DRM takes it for the last one.",
	  clock_not_compared },
};

void mode_limit_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
