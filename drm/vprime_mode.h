/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_MODE_H
#define VPRIME_MODE_H

#include <drm/drm_modes.h>

#define VPRIME_MAX_WIDTH 4096
#define VPRIME_MAX_HEIGHT 4096

/* Pictures a second. */
#define VPRIME_MIN_REFRESH 1
#define VPRIME_MAX_REFRESH 480

enum drm_mode_status vprime_mode_valid(const struct drm_display_mode *mode);

#endif /* VPRIME_MODE_H */
