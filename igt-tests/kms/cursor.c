// SPDX-License-Identifier: MIT
/*
 * The cursor: by the legacy calls that most programs use, and as a plane.
 */
#include "kms_subtests.h"

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define SIZE 64

/* A picture below and a half transparent cursor that is not shown yet. */
static void new_cursor(struct screen *screen, struct layer layers[2])
{
	struct kms_fb *below = screen_fb(screen, "XRGB8888", 640, 480);
	struct kms_fb *cursor = screen_fb(screen, "ARGB8888", SIZE, SIZE);

	pattern_noise_fb(below, 21);
	pattern_alpha_ramp(cursor);
	layers[0] = layer_new(&screen->kms.primary, below, 0, 0);
	layers[1] = layer_new(&screen->kms.cursor, cursor, 0, 0);
	scene_show(screen, layers, 1);
}

static const struct {
	int x, y;
} places[] = { { 0, 0 }, { 301, 207 }, { -40, -50 }, { 610, 450 }, { 639, -63 } };

#define PLACES (sizeof(places) / sizeof(places[0]))

/* What a program that comes later is told. */
static void assert_reported(const struct screen *screen, const struct layer *layer)
{
	uint64_t x = 0, y = 0;

	kms_get(screen->kms.fd, layer->plane, DRM_MODE_OBJECT_PLANE, "CRTC_X", &x);
	kms_get(screen->kms.fd, layer->plane, DRM_MODE_OBJECT_PLANE, "CRTC_Y", &y);
	igt_assert_eq((int64_t)x, layer->x);
	igt_assert_eq((int64_t)y, layer->y);
}

static void legacy_move(struct screen *screen)
{
	int fd = screen->kms.fd;
	struct layer layers[2];

	new_cursor(screen, layers);
	igt_assert_errno(drmModeSetCursor(fd, screen->kms.crtc.id, layers[1].fb->handle,
					  SIZE, SIZE),
			 0);
	for (size_t i = 0; i < PLACES; i++) {
		layers[1].x = places[i].x;
		layers[1].y = places[i].y;
		igt_assert_errno(drmModeMoveCursor(fd, screen->kms.crtc.id, places[i].x,
						   places[i].y),
				 0);
		assert_reported(screen, &layers[1]);
		scene_check_shown(screen, layers, 2, "XRGB8888", 0);
	}
	igt_assert_errno(drmModeSetCursor(fd, screen->kms.crtc.id, 0, 0, 0), 0);
	scene_check_shown(screen, layers, 1, "XRGB8888", 0);
}

/* A new picture in the same place, and a place that was set before the picture. */
static void legacy_change(struct screen *screen)
{
	struct kms_fb *other;
	struct layer layers[2];
	int fd = screen->kms.fd;

	new_cursor(screen, layers);
	other = screen_fb(screen, "ARGB8888", SIZE, SIZE);
	pattern_noise_fb(other, 22);
	igt_assert_errno(drmModeMoveCursor(fd, screen->kms.crtc.id, 99, 77), 0);
	igt_assert_errno(drmModeSetCursor(fd, screen->kms.crtc.id, layers[1].fb->handle,
					  SIZE, SIZE),
			 0);
	layers[1].x = 99;
	layers[1].y = 77;
	scene_check_shown(screen, layers, 2, "XRGB8888", 0);
	igt_assert_errno(drmModeSetCursor(fd, screen->kms.crtc.id, other->handle, SIZE, SIZE), 0);
	layers[1].fb = other;
	scene_check_shown(screen, layers, 2, "XRGB8888", 0);
	igt_assert_errno(drmModeSetCursor(fd, screen->kms.crtc.id, 0, 0, 0), 0);
}

static void atomic_move(struct screen *screen)
{
	struct layer layers[2];

	new_cursor(screen, layers);
	for (size_t i = 0; i < PLACES; i++) {
		layers[1].x = places[i].x;
		layers[1].y = places[i].y;
		scene_check(screen, layers, 2, "XRGB8888", 0);
	}
}

static void largest(struct screen *screen)
{
	uint64_t width, height;
	struct kms_fb *fb;
	struct layer layer;

	igt_assert_errno(drmGetCap(screen->kms.fd, DRM_CAP_CURSOR_WIDTH, &width), 0);
	igt_assert_errno(drmGetCap(screen->kms.fd, DRM_CAP_CURSOR_HEIGHT, &height), 0);
	igt_assert_f(width >= 64 && height >= 64, "a cursor has at most %dx%d\n", (int)width,
		     (int)height);
	fb = screen_fb(screen, "ARGB8888", width, height);
	pattern_alpha_ramp(fb);
	layer = layer_new(&screen->kms.cursor, fb, 5, 6);
	scene_check(screen, &layer, 1, "XRGB8888", 0);
}

static void set_active(struct screen *screen, bool active)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	kms_set(request, &screen->kms.crtc, "ACTIVE", active);
	igt_assert_errno(drmModeAtomicCommit(screen->kms.fd, request,
					     DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
			 0);
	drmModeAtomicFree(request);
}

static void set_dpms(struct screen *screen, bool on)
{
	const struct kms_object *connector = &screen->kms.connector;

	igt_assert_errno(drmModeConnectorSetProperty(screen->kms.fd, connector->id,
						     kms_property_id(connector, "DPMS"),
						     on ? DRM_MODE_DPMS_ON : DRM_MODE_DPMS_OFF),
			 0);
}

/* The way of X servers: the cursor moves on while the screen sleeps. */
static void moved_while_off(struct screen *screen, void (*set_on)(struct screen *screen, bool on))
{
	int fd = screen->kms.fd, crtc = screen->kms.crtc.id;
	struct layer layers[2];

	new_cursor(screen, layers);
	igt_assert_errno(drmModeSetCursor(fd, crtc, layers[1].fb->handle, SIZE, SIZE), 0);
	set_on(screen, false);
	for (size_t i = 0; i < PLACES; i++)
		igt_assert_errno(drmModeMoveCursor(fd, crtc, places[i].x, places[i].y), 0);
	layers[1].x = 77;
	layers[1].y = 55;
	igt_assert_errno(drmModeMoveCursor(fd, crtc, 77, 55), 0);
	assert_reported(screen, &layers[1]);
	set_on(screen, true);
	scene_check_shown(screen, layers, 2, "XRGB8888", 0);
	igt_assert_errno(drmModeSetCursor(fd, crtc, 0, 0, 0), 0);
}

static void while_off(struct screen *screen)
{
	moved_while_off(screen, set_dpms);
	moved_while_off(screen, set_active);
}

/* It appears, is changed and goes while the screen is off. */
static void changed_while_off(struct screen *screen)
{
	int fd = screen->kms.fd, crtc = screen->kms.crtc.id;
	struct layer layers[2];

	new_cursor(screen, layers);
	set_active(screen, false);
	igt_assert_errno(drmModeMoveCursor(fd, crtc, 31, 32), 0);
	igt_assert_errno(drmModeSetCursor(fd, crtc, layers[1].fb->handle, SIZE, SIZE), 0);
	igt_assert_errno(drmModeMoveCursor(fd, crtc, 33, 34), 0);
	igt_assert_errno(drmModeSetCursor(fd, crtc, 0, 0, 0), 0);
	igt_assert_errno(drmModeSetCursor(fd, crtc, layers[1].fb->handle, SIZE, SIZE), 0);
	set_active(screen, true);
	layers[1].x = 33;
	layers[1].y = 34;
	scene_check_shown(screen, layers, 2, "XRGB8888", 0);
	igt_assert_errno(drmModeSetCursor(fd, crtc, 0, 0, 0), 0);
}

static void too_large(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "ARGB8888", 513, 513);
	struct layer layer = layer_new(&screen->kms.cursor, fb, 5, 6);

	pattern_noise_fb(fb, 23);
	igt_assert_eq(__scene_show(screen, &layer, 1, 0, NULL), -EINVAL);
	layer.width = 512;
	igt_assert_eq(__scene_show(screen, &layer, 1, 0, NULL), -EINVAL);
	layer.width = 513;
	layer.height = 512;
	igt_assert_eq(__scene_show(screen, &layer, 1, 0, NULL), -EINVAL);
	layer.width = 512;
	layer.src_x = 1;
	layer.src_y = 1;
	scene_check(screen, &layer, 1, "XRGB8888", 0);
}

static const struct subtest subtests[] = {
	{ "cursor-legacy-move", "The cursor follows the legacy calls and goes away.",
	  legacy_move },
	{ "cursor-legacy-change", "The cursor changes its picture in place.", legacy_change },
	{ "cursor-atomic", "The cursor plane moves by atomic commits.", atomic_move },
	{ "cursor-largest", "A cursor of the largest size is shown.", largest },
	{ "cursor-too-large", "A part of more than 512x512 is refused.", too_large },
	{ "cursor-while-off", "The cursor is moved while the screen is off.", while_off },
	{ "cursor-changed-while-off", "It comes and goes while the screen is off.",
	  changed_while_off },
};

void cursor_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
