// SPDX-License-Identifier: GPL-2.0-only
/*
 * Colorimetry: the connector's properties that say what pixel values mean. The
 * screen shows the values as they are; what they mean goes to its consumers with
 * each frame. The connector calls it when a commit is checked, the CRTC when it is
 * carried out.
 */

#include <linux/hdmi.h>

#include <drm/drm_atomic.h>
#include <drm/drm_connector.h>

#include "vprime_colorimetry.h"

/**
 * vprime_colorimetry_attach - give a connector the properties
 * @connector: connector, not registered yet
 *
 * Return: 0 or a negative error code.
 */
int vprime_colorimetry_attach(struct drm_connector *connector)
{
	int ret;

	ret = drm_mode_create_dp_colorspace_property(connector,
						     BIT(DRM_MODE_COLORIMETRY_BT2020_RGB));
	if (ret)
		return ret;
	drm_connector_attach_colorspace_property(connector);
	drm_connector_attach_hdr_output_metadata_property(connector);

	return 0;
}

/* CTA-861-G, 6.9: static metadata type 1 is the only one. */
static bool
vprime_colorimetry_is_shown(const struct drm_connector *connector,
			    const struct hdr_output_metadata *metadata)
{
	const struct hdr_metadata_infoframe *frame = &metadata->hdmi_metadata_type1;
	u16 eotfs = connector->display_info.hdr_sink_metadata.hdmi_type1.eotf;

	return metadata->metadata_type == HDMI_STATIC_METADATA_TYPE1 &&
	       frame->metadata_type == HDMI_STATIC_METADATA_TYPE1 &&
	       frame->eotf <= HDMI_EOTF_BT_2100_HLG &&
	       eotfs & BIT(frame->eotf);
}

/**
 * vprime_colorimetry_check - &drm_connector_helper_funcs.atomic_check
 * @connector: connector
 * @commit: commit with a state of it
 *
 * What was set before stays valid when the screen's EDID changes.
 *
 * Return: 0; -EINVAL: the metadata is none that the screen's EDID has.
 */
int vprime_colorimetry_check(struct drm_connector *connector,
			     struct drm_atomic_commit *commit)
{
	struct drm_connector_state *old =
		drm_atomic_get_old_connector_state(commit, connector);
	struct drm_connector_state *new =
		drm_atomic_get_new_connector_state(commit, connector);

	if (!new->hdr_output_metadata ||
	    drm_connector_atomic_hdr_metadata_equal(old, new) ||
	    vprime_colorimetry_is_shown(connector,
					new->hdr_output_metadata->data))
		return 0;

	return -EINVAL;
}

/**
 * vprime_colorimetry_commit - follow what a commit says
 * @colorimetry: of the screen; follows the connector
 * @connector: connector
 * @commit: commit, past its check
 *
 * Return: true if it changed.
 */
bool vprime_colorimetry_commit(struct vprime_colorimetry *colorimetry,
			       struct drm_connector *connector,
			       struct drm_atomic_commit *commit)
{
	struct drm_connector_state *state =
		drm_atomic_get_new_connector_state(commit, connector);
	struct vprime_colorimetry old = *colorimetry;

	if (!state)
		return false;

	memset(colorimetry, 0, sizeof(*colorimetry));
	colorimetry->space = state->colorspace;
	if (state->hdr_output_metadata) {
		colorimetry->hdr = true;
		colorimetry->metadata =
			*(struct hdr_output_metadata *)state->hdr_output_metadata->data;
	}

	return colorimetry->hdr != old.hdr || colorimetry->space != old.space ||
	       memcmp(&colorimetry->metadata, &old.metadata,
		      sizeof(old.metadata));
}
