/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_COLORIMETRY_H
#define VPRIME_COLORIMETRY_H

#include <linux/types.h>

#include <drm/drm_mode.h>

struct drm_atomic_commit;
struct drm_connector;

/**
 * struct vprime_colorimetry - what the pixels of a screen mean, as its owner says
 * @hdr: @metadata is set
 * @metadata: HDR_OUTPUT_METADATA; zeroes if there is none
 * @space: Colorspace, enum drm_colorspace
 */
struct vprime_colorimetry {
	bool hdr;
	struct hdr_output_metadata metadata;
	u8 space;
};

int vprime_colorimetry_attach(struct drm_connector *connector);
int vprime_colorimetry_check(struct drm_connector *connector,
			     struct drm_atomic_commit *commit);
bool vprime_colorimetry_commit(struct vprime_colorimetry *colorimetry,
			       struct drm_connector *connector,
			       struct drm_atomic_commit *commit);

#endif /* VPRIME_COLORIMETRY_H */
