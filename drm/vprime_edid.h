/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_EDID_H
#define VPRIME_EDID_H

#include <linux/types.h>

struct drm_display_mode;

#define VPRIME_EDID_SIZE 256

/* kHz: a detailed timing counts 10 kHz in 16 bits */
#define VPRIME_EDID_MAX_CLOCK 655350

void vprime_edid_build(u8 edid[VPRIME_EDID_SIZE],
		       const struct drm_display_mode *preferred, u32 serial);

#endif /* VPRIME_EDID_H */
