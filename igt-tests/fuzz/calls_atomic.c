// SPDX-License-Identifier: MIT
/*
 * Calls: atomic commits: a mode, a plane, a writeback, or single properties.
 */
#include <string.h>

#include <drm/drm.h>
#include <drm/drm_mode.h>

#include "call.h"
#include "parts.h"
#include "run.h"

#define MAX_PROPERTIES 24

/* Objects with their properties, in the order that the ioctl wants. */
struct request {
	uint32_t objects[4];
	uint32_t counts[4];
	uint32_t properties[MAX_PROPERTIES];
	uint64_t values[MAX_PROPERTIES];
	unsigned int num_objects;
	unsigned int num_properties;
};

static void begin(struct request *request, uint32_t object)
{
	request->objects[request->num_objects] = object;
	request->counts[request->num_objects++] = 0;
}

static void add_id(struct request *request, uint32_t property, uint64_t value)
{
	if (request->num_properties >= MAX_PROPERTIES)
		return;
	request->properties[request->num_properties] = property;
	request->values[request->num_properties++] = value;
	request->counts[request->num_objects - 1]++;
}

static void add(struct request *request, const char *name, uint64_t value)
{
	uint32_t property = parts_property(request->objects[request->num_objects - 1], name);

	if (property)
		add_id(request, property, value);
}

static int64_t commit(struct step *step, int fd, uint32_t flags, struct request *request)
{
	struct drm_mode_atomic atomic = {
		.flags = flags,
		.count_objs = request->num_objects,
		.objs_ptr = (uintptr_t)request->objects,
		.count_props_ptr = (uintptr_t)request->counts,
		.props_ptr = (uintptr_t)request->properties,
		.prop_values_ptr = (uintptr_t)request->values,
	};

	return STEP_IOCTL(step, fd, DRM_IOCTL_MODE_ATOMIC, &atomic);
}

/* A crtc with its screen, on or off. */
static int64_t atomic_mode(struct step *step, const uint64_t *args)
{
	struct request request = {};

	begin(&request, args[2]);
	add(&request, "MODE_ID", args[4]);
	add(&request, "ACTIVE", args[5]);
	begin(&request, args[3]);
	add(&request, "CRTC_ID", args[4] ? args[2] : 0);
	return commit(step, args[0], args[1] | (args[6] ? DRM_MODE_ATOMIC_ALLOW_MODESET : 0),
		      &request);
}

static void add_plane(struct request *request, const uint64_t *args)
{
	begin(request, args[2]);
	add(request, "FB_ID", args[4]);
	add(request, "CRTC_ID", args[4] ? args[3] : 0);
	add(request, "CRTC_X", args[5]);
	add(request, "CRTC_Y", args[6]);
	add(request, "CRTC_W", args[7]);
	add(request, "CRTC_H", args[8]);
	add(request, "SRC_X", 0);
	add(request, "SRC_Y", 0);
	add(request, "SRC_W", args[7] << 16);
	add(request, "SRC_H", args[8] << 16);
}

static int64_t atomic_plane(struct step *step, const uint64_t *args)
{
	struct request request = {};

	add_plane(&request, args);
	return commit(step, args[0], args[1], &request);
}

/* With a fence to wait for, damage, and a fence that comes back. */
static int64_t atomic_fenced(struct step *step, const uint64_t *args)
{
	struct request request = {};
	int fence = -1, ret;

	add_plane(&request, args);
	add(&request, "IN_FENCE_FD", (int)args[9]);
	if (args[11] & 1)
		add(&request, "FB_DAMAGE_CLIPS", args[10]);
	begin(&request, args[3]);
	if (args[11] & 2)
		add(&request, "OUT_FENCE_PTR", (uintptr_t)&fence);
	ret = commit(step, args[0], args[1], &request);
	return step_result(ret, fence < 0 ? 0 : fence);
}

/* What the screen shows goes to a framebuffer; the connector is the second. */
static int64_t atomic_writeback(struct step *step, const uint64_t *args)
{
	uint32_t connector = parts_id(KIND_CONNECTOR, 1);
	struct request request = {};
	int fence = -1, ret;

	begin(&request, connector);
	add(&request, "CRTC_ID", args[2]);
	add(&request, "WRITEBACK_FB_ID", args[3]);
	if (args[4])
		add(&request, "WRITEBACK_OUT_FENCE_PTR", (uintptr_t)&fence);
	ret = commit(step, args[0], args[1] | DRM_MODE_ATOMIC_ALLOW_MODESET, &request);
	return step_result(ret, fence < 0 ? 0 : fence);
}

static int64_t atomic_property(struct step *step, const uint64_t *args)
{
	struct request request = {};

	begin(&request, args[2]);
	add_id(&request, args[3], args[4]);
	add_id(&request, args[5], args[6]);
	return commit(step, args[0], args[1] | (args[7] ? DRM_MODE_ATOMIC_ALLOW_MODESET : 0),
		      &request);
}

#define COMMIT_FLAGS \
	(DRM_MODE_ATOMIC_NONBLOCK | DRM_MODE_PAGE_FLIP_EVENT | DRM_MODE_ATOMIC_TEST_ONLY)

const struct call atomic_calls[] = {
	CALL("atomic_mode", MODE_SCREEN, 10, atomic_mode, MAKES(KIND_NONE), ANY(CARD),
	     MOST(FLAGS, COMMIT_FLAGS), ANY(CRTC), ANY(CONNECTOR), ANY(BLOB), MOST(NUMBER, 1),
	     MOST(NUMBER, 3)),
	CALL("atomic_plane", MODE_SCREEN, 18, atomic_plane, MAKES(KIND_NONE), ANY(CARD),
	     MOST(FLAGS, COMMIT_FLAGS), ANY(PLANE), ANY(CRTC), ANY(FB), ANY(X), ANY(Y),
	     ANY(WIDTH), ANY(HEIGHT)),
	CALL("atomic_fenced", MODE_SCREEN, 14, atomic_fenced, MAKES(KIND_SYNC_FILE), ANY(CARD),
	     MOST(FLAGS, COMMIT_FLAGS), ANY(PLANE), ANY(CRTC), ANY(FB), ANY(X), ANY(Y),
	     ANY(WIDTH), ANY(HEIGHT), ANY(SYNC_FILE), ANY(BLOB), MOST(FLAGS, 3)),
	CALL("atomic_writeback", MODE_SCREEN, 14, atomic_writeback, MAKES(KIND_SYNC_FILE),
	     ANY(CARD), MOST(FLAGS, COMMIT_FLAGS), ANY(CRTC), ANY(FB), MOST(NUMBER, 1)),
	CALL("atomic_plane_properties", MODE_SCREEN, 5, atomic_property, MAKES(KIND_NONE),
	     ANY(CARD), MOST(FLAGS, COMMIT_FLAGS), ANY(PLANE), ANY(PROPERTY), MOST(NUMBER, 700),
	     ANY(PROPERTY), MOST(NUMBER, 4), MOST(NUMBER, 1)),
	CALL("atomic_crtc_properties", MODE_SCREEN, 3, atomic_property, MAKES(KIND_NONE),
	     ANY(CARD), MOST(FLAGS, COMMIT_FLAGS), ANY(CRTC), ANY(PROPERTY), ANY(BLOB),
	     ANY(PROPERTY), MOST(NUMBER, 4), MOST(NUMBER, 1)),
	CALL("atomic_connector_properties", MODE_SCREEN, 3, atomic_property, MAKES(KIND_NONE),
	     ANY(CARD), MOST(FLAGS, COMMIT_FLAGS), ANY(CONNECTOR), ANY(PROPERTY), ANY(BLOB),
	     ANY(PROPERTY), MOST(NUMBER, 4), MOST(NUMBER, 1)),
	CALL_END,
};
