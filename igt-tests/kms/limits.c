// SPDX-License-Identifier: MIT
/*
 * The numbers that a program gives to planes and connectors, at their ends and beyond:
 * each is taken, or refused with what Documentation/uapi.rst says, and what is on the
 * screen stays.
 */
#include "kms_subtests.h"

#include <limits.h>
#include <stdlib.h>

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

static int set_one(struct screen *screen, const struct kms_object *object, const char *name,
		   uint64_t value)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int ret;

	igt_assert_eq(kms_set(request, object, name, value), 0);
	ret = drmModeAtomicCommit(screen->kms.fd, request, DRM_MODE_ATOMIC_ALLOW_MODESET, NULL) ?
		      errno :
		      0;
	drmModeAtomicFree(request);
	return ret;
}

static struct layer overlay(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 96, 64);
	struct layer layer = layer_new(&screen->kms.overlay[0], fb, 100, 50);

	pattern_noise_fb(fb, 91);
	scene_show(screen, &layer, 1);
	return layer;
}

static const struct {
	const char *name;
	uint64_t value;
	int error;
} values[] = {
	{ "CRTC_X", (uint64_t)INT_MAX - 96, 0 },
	{ "CRTC_X", (uint64_t)INT_MAX - 95, ERANGE },
	{ "CRTC_X", INT_MAX, ERANGE },
	{ "CRTC_X", (uint64_t)(int64_t)INT_MIN, 0 },
	{ "CRTC_X", (uint64_t)(int64_t)INT_MIN + 1, 0 },
	{ "CRTC_X", (uint64_t)INT_MAX + 1, EINVAL },
	{ "CRTC_X", UINT64_MAX, 0 }, /* -1 */
	{ "CRTC_Y", (uint64_t)INT_MAX - 64, 0 },
	{ "CRTC_Y", (uint64_t)INT_MAX - 63, ERANGE },
	{ "CRTC_Y", (uint64_t)(int64_t)INT_MIN, 0 },
	{ "CRTC_Y", (uint64_t)(int64_t)INT_MIN - 1, EINVAL },
	{ "CRTC_W", INT_MAX, ERANGE },
	{ "CRTC_W", (uint64_t)INT_MAX + 1, EINVAL },
	{ "CRTC_H", UINT_MAX, EINVAL },
	{ "CRTC_W", 0, 0 },
	{ "CRTC_H", 0, 0 },
	{ "SRC_X", 1, ENOSPC },
	{ "SRC_X", UINT_MAX, ENOSPC },
	{ "SRC_Y", UINT_MAX, ENOSPC },
	{ "SRC_X", (uint64_t)UINT_MAX + 1, EINVAL },
	{ "SRC_W", UINT_MAX, ENOSPC },
	{ "SRC_H", 0xffff0000, ENOSPC },
	{ "SRC_W", 0, ERANGE },
	{ "alpha", 0x10000, EINVAL },
	{ "alpha", UINT64_MAX, EINVAL },
	{ "zpos", 3, 0 },
	{ "zpos", 4, EINVAL },
	{ "zpos", UINT64_MAX, EINVAL },
	{ "pixel blend mode", 3, EINVAL },
	{ "COLOR_ENCODING", 3, EINVAL },
	{ "COLOR_RANGE", 2, EINVAL },
	{ "FB_DAMAGE_CLIPS", 0xffffffff, EINVAL },
	{ "IN_FENCE_FD", 12345, EINVAL },
	{ "FB_ID", UINT_MAX, EINVAL },
	{ "CRTC_ID", UINT_MAX, EINVAL },
};

/* A number that is taken takes the plane away, or scales it to nothing. */
static void plane_values(struct screen *screen)
{
	struct layer layer = overlay(screen);

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		int error = set_one(screen, layer.plane, values[i].name, values[i].value);

		igt_assert_f(error == values[i].error, "%s = %#llx: %s, expected %s\n",
			     values[i].name, (unsigned long long)values[i].value,
			     strerror(error), strerror(values[i].error));
		if (!error)
			scene_show(screen, &layer, 1);
	}
	scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
}

static uint32_t blob(struct screen *screen, const void *data, size_t size)
{
	uint32_t id;

	igt_assert_errno(drmModeCreatePropertyBlob(screen->kms.fd, data, size, &id), 0);
	return id;
}

/* More than the driver looks at, and clips that are wrong or beyond the framebuffer. */
static void damage_clips(struct screen *screen)
{
	static struct drm_mode_rect clips[5000];
	static const struct drm_mode_rect wrong[] = {
		{ 10, 10, 5, 20 },
		{ -1, 0, 5, 5 },
		{ 0, 0, INT_MAX, INT_MAX },
		{ INT_MIN, INT_MIN, INT_MAX, INT_MAX },
	};
	static const int counts[] = { 1, 256, 257, 5000 };
	struct layer layer = overlay(screen);
	uint32_t id;

	for (int i = 0; i < 5000; i++)
		clips[i] = (struct drm_mode_rect){ i % 90, i % 60, i % 90 + 3, i % 60 + 2 };
	for (int i = 0; i < 4; i++) {
		id = blob(screen, clips, counts[i] * sizeof(clips[0]));
		pattern_noise_fb(layer.fb, 100 + i);
		igt_assert_eq(set_one(screen, layer.plane, "FB_DAMAGE_CLIPS", id), 0);
		scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
		drmModeDestroyPropertyBlob(screen->kms.fd, id);
	}
	for (int i = 0; i < 4; i++) {
		id = blob(screen, &wrong[i], sizeof(wrong[i]));
		igt_assert_eq(set_one(screen, layer.plane, "FB_DAMAGE_CLIPS", id), EINVAL);
		drmModeDestroyPropertyBlob(screen->kms.fd, id);
	}
	id = blob(screen, clips, sizeof(clips[0]) + 1);
	igt_assert_eq(set_one(screen, layer.plane, "FB_DAMAGE_CLIPS", id), EINVAL);
	drmModeDestroyPropertyBlob(screen->kms.fd, id);
}

static void connector_values(struct screen *screen)
{
	const struct kms_object *connector = &screen->kms.connector;
	struct hdr_output_metadata hdr = { .metadata_type = 0 };
	struct layer layer = overlay(screen);
	uint32_t id;

	igt_assert_eq(set_one(screen, connector, "Colorspace", 1), EINVAL);
	igt_assert_eq(set_one(screen, connector, "Colorspace", UINT64_MAX), EINVAL);
	igt_assert_eq(set_one(screen, connector, "HDR_OUTPUT_METADATA", UINT_MAX), EINVAL);
	id = blob(screen, &hdr, sizeof(hdr) - 1);
	igt_assert_eq(set_one(screen, connector, "HDR_OUTPUT_METADATA", id), EINVAL);
	drmModeDestroyPropertyBlob(screen->kms.fd, id);
	for (int eotf = 4; eotf < 256; eotf += 17) {
		hdr.hdmi_metadata_type1.eotf = eotf;
		id = blob(screen, &hdr, sizeof(hdr));
		igt_assert_eq(set_one(screen, connector, "HDR_OUTPUT_METADATA", id), EINVAL);
		drmModeDestroyPropertyBlob(screen->kms.fd, id);
	}
	hdr.hdmi_metadata_type1.eotf = 0;
	hdr.metadata_type = UINT_MAX;
	id = blob(screen, &hdr, sizeof(hdr));
	igt_assert_eq(set_one(screen, connector, "HDR_OUTPUT_METADATA", id), EINVAL);
	drmModeDestroyPropertyBlob(screen->kms.fd, id);
	scene_check_shown(screen, &layer, 1, "XRGB8888", 0);
}

static const struct subtest subtests[] = {
	{ "limit-plane", "Each number of a plane is taken or refused as documented.",
	  plane_values },
	{ "limit-damage", "Damage may be of many clips, none of them outside.", damage_clips },
	{ "limit-connector", "What a screen can't mean is refused.", connector_values },
};

void limit_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
