/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_CRC_H
#define VPRIME_CRC_H

#include <linux/types.h>

#include "vprime_composer.h"

struct drm_crtc;
struct vprime_crtc;
struct vprime_frame;

/**
 * struct vprime_crc_sink - computes the CRC of the lines it gets
 * @base: base
 * @active: vprime_crc_start() said that it is needed
 * @value: CRC so far
 */
struct vprime_crc_sink {
	struct vprime_sink base;
	bool active;
	u32 value;
};

bool vprime_crc_start(struct vprime_frame *frame, struct vprime_crc_sink *sink);
void vprime_crc_finish(struct vprime_frame *frame,
		       const struct vprime_crc_sink *sink);
void vprime_crc_vblank(struct vprime_crtc *vcrtc);

int vprime_crc_set_source(struct drm_crtc *crtc, const char *name);
int vprime_crc_verify_source(struct drm_crtc *crtc, const char *name,
			     size_t *values);
const char *const *vprime_crc_get_sources(struct drm_crtc *crtc, size_t *count);

#endif /* VPRIME_CRC_H */
