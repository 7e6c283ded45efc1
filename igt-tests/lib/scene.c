// SPDX-License-Identifier: MIT
/*
 * A scene: what each plane shows. The same description becomes an atomic commit
 * and, apart from the driver, the picture that has to come out of it.
 *
 * Blending is done in whole numbers here, so it is exact. Must not look at how
 * the driver does it.
 */
#include "scene.h"

#include <stdlib.h>

#include "igt_api.h"

const char *const blend_mode_names[BLEND_MODES] = {
	[BLEND_PREMULTIPLIED] = "Pre-multiplied",
	[BLEND_COVERAGE] = "Coverage",
	[BLEND_NONE] = "None",
};

struct layer layer_new(const struct kms_object *plane, const struct kms_fb *fb,
		       int32_t x, int32_t y)
{
	return (struct layer){
		.plane = plane,
		.fb = fb,
		.x = x,
		.y = y,
		.width = fb->width,
		.height = fb->height,
		.alpha = 0xffff,
		.color = &color_readings[0],
		.zpos = -1,
	};
}

/* Only the planes that blend and convert have the properties for it. */
static void set_if_there(drmModeAtomicReq *request, const struct kms_object *plane,
			 const char *name, uint64_t value)
{
	if (kms_property_id(plane, name))
		igt_assert_eq(kms_set(request, plane, name, value), 0);
}

static void set_enum_if_there(drmModeAtomicReq *request, const struct kms_object *plane,
			      const char *name, const char *value)
{
	if (kms_property_id(plane, name))
		igt_assert_eq(kms_set_enum(request, plane, name, value), 0);
}

static void add_layer(drmModeAtomicReq *request, const struct screen *screen,
		      const struct layer *layer)
{
	const struct kms_object *plane = layer->plane;

	igt_assert_eq(kms_show(request, &screen->kms, plane, layer->fb, layer->x, layer->y), 0);
	kms_set(request, plane, "SRC_X", (uint64_t)layer->src_x << 16 | layer->src_fraction);
	kms_set(request, plane, "SRC_Y", (uint64_t)layer->src_y << 16 | layer->src_fraction);
	kms_set(request, plane, "SRC_W", (uint64_t)layer->width << 16);
	kms_set(request, plane, "SRC_H", (uint64_t)layer->height << 16);
	kms_set(request, plane, "CRTC_W", layer->width);
	kms_set(request, plane, "CRTC_H", layer->height);
	set_if_there(request, plane, "alpha", layer->alpha);
	set_enum_if_there(request, plane, "pixel blend mode", blend_mode_names[layer->blend]);
	set_enum_if_there(request, plane, "COLOR_ENCODING", layer->color->encoding);
	set_enum_if_there(request, plane, "COLOR_RANGE", layer->color->range);
	if (layer->zpos >= 0)
		igt_assert_eq(kms_set(request, plane, "zpos", layer->zpos), 0);
}

static void add_all_off(drmModeAtomicReq *request, const struct kms_device *kms)
{
	igt_assert_eq(kms_show(request, kms, &kms->primary, NULL, 0, 0), 0);
	igt_assert_eq(kms_show(request, kms, &kms->cursor, NULL, 0, 0), 0);
	for (unsigned int i = 0; i < kms->num_overlays; i++)
		igt_assert_eq(kms_show(request, kms, &kms->overlay[i], NULL, 0, 0), 0);
}

int __scene_show(struct screen *screen, const struct layer *layers, unsigned int count,
		 uint32_t flags, const struct kms_fb *read_back)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	struct kms_device *kms = &screen->kms;
	int32_t fence = -1;
	int ret;

	igt_assert(request);
	kms_set(request, &kms->connector, "CRTC_ID", kms->crtc.id);
	kms_set(request, &kms->crtc, "MODE_ID", screen->mode_blob);
	kms_set(request, &kms->crtc, "ACTIVE", 1);
	add_all_off(request, kms);
	for (unsigned int i = 0; i < count; i++)
		add_layer(request, screen, &layers[i]);
	if (read_back)
		igt_assert_eq(kms_read_back(request, kms, read_back, &fence), 0);

	ret = drmModeAtomicCommit(kms->fd, request, flags | DRM_MODE_ATOMIC_ALLOW_MODESET, NULL);
	if (ret)
		ret = -errno;
	drmModeAtomicFree(request);
	if (!ret && read_back)
		ret = kms_wait_fence(fence, SCREEN_PATIENCE_MS);
	return ret;
}

void scene_show(struct screen *screen, const struct layer *layers, unsigned int count)
{
	igt_assert_eq(__scene_show(screen, layers, count, 0, NULL), 0);
}

void scene_read_back(struct screen *screen, const struct layer *layers, unsigned int count,
		     const struct kms_fb *read_back)
{
	igt_assert_eq(__scene_show(screen, layers, count, 0, read_back), 0);
}

void screen_read_back(struct screen *screen, const struct kms_fb *read_back)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int32_t fence = -1;

	igt_assert(request);
	igt_assert_eq(kms_read_back(request, &screen->kms, read_back, &fence), 0);
	igt_assert_errno(drmModeAtomicCommit(screen->kms.fd, request,
					     DRM_MODE_ATOMIC_ALLOW_MODESET, NULL),
			 0);
	drmModeAtomicFree(request);
	igt_assert_eq(kms_wait_fence(fence, SCREEN_PATIENCE_MS), 0);
}

#define ONE 65535ull

/*
 * Channels are parts of ONE, so a product of two is in parts of ONE * ONE and a
 * product of three in parts of its third power. The quotient is rounded once.
 */
static uint16_t blend_channel(const struct layer *layer, uint64_t s, uint64_t sa, uint64_t d)
{
	uint64_t pa = layer->alpha, sum;

	switch (layer->blend) {
	case BLEND_NONE:
		sum = pa * s * ONE + (ONE - pa) * d * ONE;
		break;
	case BLEND_COVERAGE:
		sum = pa * sa * s + (ONE * ONE - pa * sa) * d;
		break;
	default:
		sum = pa * s * ONE + (ONE * ONE - pa * sa) * d;
		break;
	}
	sum = (2 * sum + ONE * ONE) / (2 * ONE * ONE);
	return sum < ONE ? sum : ONE;
}

static void compose_layer(struct picture *picture, const struct layer *layer)
{
	for (uint32_t y = 0; y < layer->height; y++) {
		int64_t line = (int64_t)layer->y + y;

		if (line < 0 || line >= picture->height)
			continue;
		for (uint32_t x = 0; x < layer->width; x++) {
			int64_t column = (int64_t)layer->x + x;
			struct pixel s, *d;

			if (column < 0 || column >= picture->width)
				continue;
			s = picture_read(layer->fb, layer->color, layer->src_x + x,
					 layer->src_y + y);
			d = &picture->pixels[line * picture->width + column];
			d->r = blend_channel(layer, s.r, s.a, d->r);
			d->g = blend_channel(layer, s.g, s.a, d->g);
			d->b = blend_channel(layer, s.b, s.a, d->b);
		}
	}
}

/* Of a driver that does not say, planes are in the order of their ids. */
static uint64_t stack_place(const struct screen *screen, const struct kms_object *plane)
{
	uint64_t zpos = 0;

	if (kms_property_id(plane, "zpos"))
		igt_assert_eq(kms_get(screen->kms.fd, plane, DRM_MODE_OBJECT_PLANE, "zpos", &zpos),
			      0);
	return zpos << 32 | plane->id;
}

/* From below to above: the lowest place that is higher than the last one's. */
struct picture scene_compose(const struct screen *screen, const struct layer *layers,
			     unsigned int count)
{
	struct picture picture = picture_new(screen->mode->hdisplay, screen->mode->vdisplay);
	uint64_t last = 0;

	for (unsigned int i = 0; i < count; i++) {
		const struct layer *next = NULL;
		uint64_t lowest = UINT64_MAX;

		for (unsigned int j = 0; j < count; j++) {
			uint64_t place = stack_place(screen, layers[j].plane);

			if (place > last && place < lowest) {
				lowest = place;
				next = &layers[j];
			}
		}
		igt_assert(next);
		compose_layer(&picture, next);
		last = lowest;
	}
	return picture;
}

static struct kms_fb *new_read_back(struct screen *screen, const char *format)
{
	struct kms_fb *read_back = screen_picture_fb(screen, format);

	memset(read_back->map, 0x5a, read_back->layout.size);
	return read_back;
}

static void check_read_back(struct screen *screen, const struct layer *layers,
			    unsigned int count, const struct kms_fb *read_back, int tolerance)
{
	struct picture picture = scene_compose(screen, layers, count);

	picture_assert_in_fb(&picture, read_back, tolerance);
	picture_free(&picture);
}

void scene_check(struct screen *screen, const struct layer *layers, unsigned int count,
		 const char *format, int tolerance)
{
	struct kms_fb *read_back = new_read_back(screen, format);

	scene_read_back(screen, layers, count, read_back);
	check_read_back(screen, layers, count, read_back, tolerance);
}

void scene_check_shown(struct screen *screen, const struct layer *layers, unsigned int count,
		       const char *format, int tolerance)
{
	struct kms_fb *read_back = new_read_back(screen, format);

	screen_read_back(screen, read_back);
	check_read_back(screen, layers, count, read_back, tolerance);
}
