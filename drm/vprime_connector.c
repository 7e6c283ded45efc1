// SPDX-License-Identifier: GPL-2.0-only
/*
 * The screen's connector: connected unless its user forces it off, its modes come
 * from an EDID of the driver's own making unless its user gives another. Both are
 * the DRM core's business: sysfs status, debugfs edid_override, drm.edid_firmware.
 */

#include <drm/drm_atomic_helper.h>
#include <drm/drm_edid.h>
#include <drm/drm_file.h>
#include <drm/drm_managed.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_probe_helper.h>

#include "vprime_colorimetry.h"
#include "vprime_connector.h"
#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_edid.h"

static int vprime_connector_read_edid(void *context, u8 *buf,
				      unsigned int block, size_t len)
{
	struct vprime_device *vdev = context;
	u8 raw[VPRIME_EDID_SIZE];

	if (block * EDID_LENGTH + len > sizeof(raw))
		return -EINVAL;

	vprime_edid_build(raw, &vdev->preferred, vdev->drm.primary->index + 1);
	memcpy(buf, raw + block * EDID_LENGTH, len);

	return 0;
}

static int vprime_connector_get_modes(struct drm_connector *connector)
{
	struct vprime_device *vdev = to_vprime_device(connector->dev);
	const struct drm_edid *edid;
	int count;

	edid = drm_edid_read_custom(connector, vprime_connector_read_edid,
				    vdev);
	drm_edid_connector_update(connector, edid);
	count = drm_edid_connector_add_modes(connector);
	drm_edid_free(edid);

	return count;
}

static const struct drm_connector_helper_funcs vprime_connector_helper_funcs = {
	.get_modes = vprime_connector_get_modes,
	.atomic_check = vprime_colorimetry_check,
};

static const struct drm_connector_funcs vprime_connector_funcs = {
	.reset = drm_atomic_helper_connector_reset,
	.fill_modes = drm_helper_probe_single_connector_modes,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

/**
 * vprime_connector_create - make a device's screen
 * @vdev: device; it must have its CRTC
 *
 * Return: 0 or a negative error code.
 */
int vprime_connector_create(struct vprime_device *vdev)
{
	struct drm_connector *connector = &vdev->connector;
	struct drm_encoder *encoder = &vdev->encoder;
	int ret;

	ret = drmm_encoder_init(&vdev->drm, encoder, NULL,
				DRM_MODE_ENCODER_VIRTUAL, NULL);
	if (ret)
		return ret;
	encoder->possible_crtcs = drm_crtc_mask(&vdev->vcrtc->base);

	ret = drmm_connector_init(&vdev->drm, connector,
				  &vprime_connector_funcs,
				  DRM_MODE_CONNECTOR_VIRTUAL, NULL);
	if (ret)
		return ret;

	drm_connector_helper_add(connector, &vprime_connector_helper_funcs);
	drm_connector_attach_edid_property(connector);
	ret = vprime_colorimetry_attach(connector);
	if (ret)
		return ret;

	return drm_connector_attach_encoder(connector, encoder);
}
