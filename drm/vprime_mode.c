// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which modes a screen takes. Every number of a mode may come from a program, so
 * nothing is computed here that could run over, and what is not known is refused.
 * The CRTC asks it for each commit; it knows no DRM object.
 */

#include <linux/limits.h>
#include <linux/math64.h>

#include "vprime_mode.h"

/*
 * Polarities mean nothing here, so both are taken. No other flag is: interlaced,
 * doubled, stereo or with composite sync is not what the screen shows.
 */
#define VPRIME_MODE_FLAGS                              \
	(DRM_MODE_FLAG_PHSYNC | DRM_MODE_FLAG_NHSYNC | \
	 DRM_MODE_FLAG_PVSYNC | DRM_MODE_FLAG_NVSYNC)

static enum drm_mode_status
vprime_mode_period_valid(const struct drm_display_mode *mode)
{
	u64 pixels = mul_u32_u32(mode->htotal, mode->vtotal);
	u64 rate = mul_u32_u32(mode->clock, 1000);

	/* DRM has the pixels of a frame in an int, its nanoseconds too. */
	if (pixels > INT_MAX)
		return MODE_BAD;
	if (rate < pixels * VPRIME_MIN_REFRESH)
		return MODE_CLOCK_LOW;
	if (rate > pixels * VPRIME_MAX_REFRESH)
		return MODE_CLOCK_HIGH;

	return MODE_OK;
}

/**
 * vprime_mode_valid - ask whether a screen can be in a mode
 * @mode: mode, by its own numbers: those of a CRTC are the same for a mode that is
 *	taken, and not set yet while a connector is probed
 *
 * Context: any.
 *
 * Return: MODE_OK if it is progressive, of 1 to VPRIME_MAX_WIDTH by VPRIME_MAX_HEIGHT
 * pixels and shows VPRIME_MIN_REFRESH to VPRIME_MAX_REFRESH pictures a second, to the
 * pixel; otherwise why not.
 */
enum drm_mode_status vprime_mode_valid(const struct drm_display_mode *mode)
{
	if (mode->flags & ~VPRIME_MODE_FLAGS || mode->vscan > 1)
		return MODE_BAD;
	if (!mode->clock || !mode->htotal || !mode->vtotal)
		return MODE_BAD;
	if (mode->hdisplay > VPRIME_MAX_WIDTH)
		return MODE_VIRTUAL_X;
	if (mode->vdisplay > VPRIME_MAX_HEIGHT)
		return MODE_VIRTUAL_Y;

	return vprime_mode_period_valid(mode);
}
