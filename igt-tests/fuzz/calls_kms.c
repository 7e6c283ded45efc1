// SPDX-License-Identifier: MIT
/*
 * Calls: what a screen is asked and lent: framebuffers, blobs, properties, leases.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include <drm/drm.h>
#include <drm/drm_mode.h>
#include <drm_fourcc.h>

#include "call.h"
#include "mode.h"
#include "parts.h"
#include "run.h"

static int64_t fb_add(struct step *step, const uint64_t *args)
{
	struct drm_mode_fb_cmd2 fb = {
		.width = args[1],
		.height = args[2],
		.pixel_format = args[3],
		.handles = { args[4] },
		.pitches = { args[5] },
		.offsets = { args[6] },
		.flags = args[7] == DRM_FORMAT_MOD_LINEAR ? 0 : DRM_MODE_FB_MODIFIERS,
		.modifier = { args[7] == DRM_FORMAT_MOD_LINEAR ? 0 : args[7] },
	};
	int ret;

	if (fb.pixel_format == DRM_FORMAT_NV12 || fb.pixel_format == DRM_FORMAT_NV16) {
		fb.handles[1] = fb.handles[0];
		fb.pitches[1] = fb.pitches[0];
		fb.offsets[1] = fb.offsets[0] + fb.pitches[0] * fb.height;
		fb.modifier[1] = fb.modifier[0];
	}
	ret = STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_ADDFB2, &fb);
	return step_result(ret, fb.fb_id);
}

/* One that fits: what most programs would make. */
static int64_t fb_fitting(struct step *step, const uint64_t *args)
{
	uint32_t pitch = args[1] * (args[3] == DRM_FORMAT_YUYV ? 2 : 4);
	const uint64_t with[] = { args[0], args[1], args[2], args[3], args[4], pitch, 0, 0 };

	return fb_add(step, with);
}

static int64_t fb_legacy(struct step *step, const uint64_t *args)
{
	struct drm_mode_fb_cmd fb = { .width = args[1],
				      .height = args[2],
				      .pitch = args[3],
				      .bpp = args[4],
				      .depth = args[5],
				      .handle = args[6] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_MODE_ADDFB, &fb, fb.fb_id);
}

static int64_t fb_remove(struct step *step, const uint64_t *args)
{
	uint32_t id = args[1];

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_RMFB, &id);
}

static int64_t fb_close(struct step *step, const uint64_t *args)
{
	struct drm_mode_closefb close = { .fb_id = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_CLOSEFB, &close);
}

static int64_t fb_get(struct step *step, const uint64_t *args)
{
	struct drm_mode_fb_cmd2 fb = { .fb_id = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_MODE_GETFB2, &fb, fb.handles[0]);
}

static int64_t fb_get_legacy(struct step *step, const uint64_t *args)
{
	struct drm_mode_fb_cmd fb = { .fb_id = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_MODE_GETFB, &fb, fb.handle);
}

/* On a small screen, or on a large one. */
static uint16_t edge(struct random *random)
{
	return random_below(random, random_chance(random, 70) ? 80 : 700);
}

static int64_t fb_dirty(struct step *step, const uint64_t *args)
{
	struct drm_clip_rect clips[4];
	struct drm_mode_fb_dirty_cmd dirty = { .fb_id = args[1],
					       .flags = args[2],
					       .num_clips = args[3],
					       .clips_ptr = (uintptr_t)clips };
	struct random random = { .state = args[4] };

	for (unsigned int i = 0; i < 4; i++)
		clips[i] = (struct drm_clip_rect){ edge(&random), edge(&random), edge(&random),
						   edge(&random) };
	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_DIRTYFB, &dirty);
}

static int64_t blob(struct step *step, int fd, const void *data, uint32_t length)
{
	struct drm_mode_create_blob create = { .data = (uintptr_t)data, .length = length };

	return STEP_MAKE(step, fd, DRM_IOCTL_MODE_CREATEPROPBLOB, &create, create.blob_id);
}

static int64_t blob_create(struct step *step, const uint64_t *args)
{
	struct random random = { .state = args[2] };
	uint64_t data[64];
	uint32_t size = args[1];

	for (unsigned int i = 0; i < 64; i++)
		data[i] = value_boundary(&random);
	/* DRM allocates up to 2 GiB before it looks for the data, which takes a minute. */
	return blob(step, args[0], data, size <= sizeof(data) || size >> 31 ? size : 64);
}

static int64_t blob_mode(struct step *step, const uint64_t *args)
{
	struct drm_mode_modeinfo mode;

	mode_make(&mode, args[1], args[2], args[3], args[4], args[5]);
	return blob(step, args[0], &mode, sizeof(mode));
}

static int64_t blob_clips(struct step *step, const uint64_t *args)
{
	struct drm_mode_rect clips[8];
	struct random random = { .state = args[2] };

	for (unsigned int i = 0; i < 8; i++) {
		clips[i].x1 = edge(&random);
		clips[i].y1 = edge(&random);
		clips[i].x2 = random_chance(&random, 90) ? clips[i].x1 + 9 : (int)args[2];
		clips[i].y2 = clips[i].y1 + random_below(&random, 60);
	}
	return blob(step, args[0], clips, args[1] % 9 * sizeof(clips[0]));
}

static int64_t blob_destroy(struct step *step, const uint64_t *args)
{
	struct drm_mode_destroy_blob destroy = { .blob_id = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_DESTROYPROPBLOB, &destroy);
}

static int64_t blob_get(struct step *step, const uint64_t *args)
{
	char data[256];
	struct drm_mode_get_blob get = { .blob_id = args[1],
					 .length = args[2],
					 .data = (uintptr_t)data };

	if (get.length > sizeof(data) && get.length < UINT32_MAX)
		get.length = sizeof(data);
	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_GETPROPBLOB, &get);
}

static int64_t get_properties(struct step *step, const uint64_t *args)
{
	uint32_t ids[64];
	uint64_t values[64];
	struct drm_mode_obj_get_properties get = { .obj_id = args[1],
						   .obj_type = args[2] ? 0xcccccccc : 0,
						   .count_props = 64,
						   .props_ptr = (uintptr_t)ids,
						   .prop_values_ptr = (uintptr_t)values };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_OBJ_GETPROPERTIES, &get);
}

static int64_t set_property(struct step *step, const uint64_t *args)
{
	struct drm_mode_obj_set_property set = { .obj_id = args[1],
						 .prop_id = args[2],
						 .value = args[3] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_OBJ_SETPROPERTY, &set);
}

/* DPMS and whatever a connector lets old programs set. */
static int64_t set_connector(struct step *step, const uint64_t *args)
{
	struct drm_mode_connector_set_property set = {
		.connector_id = args[1],
		.prop_id = args[2] ? args[2] : parts_property(args[1], "DPMS"),
		.value = args[3],
	};

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_SETPROPERTY, &set);
}

static int64_t get_connector(struct step *step, const uint64_t *args)
{
	/* More than any screen has: the kernel writes what there is. */
	struct drm_mode_modeinfo modes[128];
	struct drm_mode_get_connector get = { .connector_id = args[1],
					      .count_modes = args[2] % 129,
					      .modes_ptr = (uintptr_t)modes };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_GETCONNECTOR, &get);
}

static int64_t get_plane(struct step *step, const uint64_t *args)
{
	uint32_t formats[64];
	struct drm_mode_get_plane get = { .plane_id = args[1],
					  .count_format_types = 64,
					  .format_type_ptr = (uintptr_t)formats };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_GETPLANE, &get);
}

static int64_t lease_create(struct step *step, const uint64_t *args)
{
	uint32_t objects[] = { args[1], args[2], args[3] };
	struct drm_mode_create_lease create = { .object_ids = (uintptr_t)objects,
						.object_count = args[4],
						.flags = O_CLOEXEC | O_NONBLOCK };
	int ret;

	if (create.object_count > 3 && create.object_count < 1000)
		create.object_count = 3;
	ret = STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_CREATE_LEASE, &create);
	if (ret)
		return ret;
	step_made(step, 1, create.lessee_id);
	return create.fd;
}

static int64_t lease_revoke(struct step *step, const uint64_t *args)
{
	struct drm_mode_revoke_lease revoke = { .lessee_id = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_REVOKE_LEASE, &revoke);
}

static int64_t lease_get(struct step *step, const uint64_t *args)
{
	uint32_t objects[16];
	struct drm_mode_get_lease get = { .count_objects = 16, .objects_ptr = (uintptr_t)objects };
	struct drm_mode_list_lessees list = { .count_lessees = 16,
					      .lessees_ptr = (uintptr_t)objects };

	return args[1] ? STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_GET_LEASE, &get) :
			 STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_LIST_LESSEES, &list);
}

const struct call kms_calls[] = {
	CALL("fb_add", MODE_SCREEN, 14, fb_add, MAKES(KIND_FB), ANY(CARD), ANY(WIDTH), ANY(HEIGHT),
	     ANY(FORMAT), ANY(HANDLE), ANY(PITCH), MOST(NUMBER, 0), ANY(MODIFIER)),
	CALL("fb_fitting", MODE_SCREEN, 24, fb_fitting, MAKES(KIND_FB), ANY(CARD), ANY(WIDTH),
	     ANY(HEIGHT), ANY(FORMAT), ANY(HANDLE)),
	CALL("fb_legacy", MODE_SCREEN, 3, fb_legacy, MAKES(KIND_FB), ANY(CARD), ANY(WIDTH),
	     ANY(HEIGHT), ANY(PITCH), MOST(NUMBER, 32), MOST(NUMBER, 24), ANY(HANDLE)),
	CALL("fb_remove", MODE_SCREEN | MODE_ENDS, 6, fb_remove, MAKES(KIND_NONE), ANY(CARD),
	     ANY(FB)),
	CALL("fb_close", MODE_SCREEN | MODE_ENDS, 4, fb_close, MAKES(KIND_NONE), ANY(CARD),
	     ANY(FB)),
	CALL("fb_get", MODE_SCREEN | MODE_PASSED, 4, fb_get, MAKES(KIND_HANDLE), ANY(CARD),
	     ANY(FB)),
	CALL("fb_get_legacy", MODE_SCREEN | MODE_PASSED, 2, fb_get_legacy, MAKES(KIND_HANDLE),
	     ANY(CARD), ANY(FB)),
	CALL("fb_dirty", MODE_SCREEN, 4, fb_dirty, MAKES(KIND_NONE), ANY(CARD), ANY(FB),
	     MOST(NUMBER, 2), MOST(NUMBER, 4), ANY(SEED)),
	CALL("blob_create", MODE_SCREEN, 3, blob_create, MAKES(KIND_BLOB), ANY(CARD),
	     MOST(NUMBER, 128), ANY(SEED)),
	CALL("blob_mode", MODE_SCREEN, 6, blob_mode, MAKES(KIND_BLOB), ANY(CARD), ANY(WIDTH),
	     ANY(HEIGHT), MOST(NUMBER, 400), MOST(NUMBER, 40), ANY(SEED)),
	CALL("blob_clips", MODE_SCREEN, 3, blob_clips, MAKES(KIND_BLOB), ANY(CARD),
	     MOST(NUMBER, 8), ANY(SEED)),
	CALL("blob_destroy", MODE_SCREEN | MODE_ENDS, 2, blob_destroy, MAKES(KIND_NONE), ANY(CARD),
	     ANY(BLOB)),
	CALL("blob_get", MODE_SCREEN, 1, blob_get, MAKES(KIND_NONE), ANY(CARD), ANY(BLOB),
	     MOST(NUMBER, 256)),
	CALL("get_plane_properties", MODE_SCREEN, 1, get_properties, MAKES(KIND_NONE), ANY(CARD),
	     ANY(PLANE), MOST(NUMBER, 0)),
	CALL("get_crtc_properties", MODE_SCREEN, 1, get_properties, MAKES(KIND_NONE), ANY(CARD),
	     ANY(CRTC), MOST(NUMBER, 0)),
	CALL("set_plane_property", MODE_SCREEN, 3, set_property, MAKES(KIND_NONE), ANY(CARD),
	     ANY(PLANE), ANY(PROPERTY), MOST(NUMBER, 4)),
	CALL("set_crtc_property", MODE_SCREEN, 3, set_property, MAKES(KIND_NONE), ANY(CARD),
	     ANY(CRTC), ANY(PROPERTY), MOST(NUMBER, 4)),
	CALL("set_dpms", MODE_SCREEN, 6, set_connector, MAKES(KIND_NONE), ANY(CARD),
	     ANY(CONNECTOR), MOST(NUMBER, 0), MOST(NUMBER, 3)),
	CALL("set_connector", MODE_SCREEN, 3, set_connector, MAKES(KIND_NONE), ANY(CARD),
	     ANY(CONNECTOR), ANY(PROPERTY), MOST(NUMBER, 4)),
	CALL("get_connector", MODE_SCREEN, 2, get_connector, MAKES(KIND_NONE), ANY(CARD),
	     ANY(CONNECTOR), MOST(NUMBER, 4)),
	CALL("get_plane", MODE_SCREEN, 1, get_plane, MAKES(KIND_NONE), ANY(CARD), ANY(PLANE)),
	CALL("lease_create", MODE_SCREEN | MODE_PASSED, 5, lease_create,
	     MAKES(KIND_CARD, KIND_LESSEE), ANY(CARD), ANY(CRTC), ANY(CONNECTOR), ANY(PLANE),
	     MOST(NUMBER, 3)),
	CALL("lease_revoke", MODE_SCREEN | MODE_ENDS, 4, lease_revoke, MAKES(KIND_NONE), ANY(CARD),
	     ANY(LESSEE)),
	CALL("lease_get", MODE_SCREEN, 1, lease_get, MAKES(KIND_NONE), ANY(CARD), MOST(NUMBER, 1)),
	CALL_END,
};
