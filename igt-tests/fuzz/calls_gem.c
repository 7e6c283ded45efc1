// SPDX-License-Identifier: MIT
/*
 * Calls: files of devices, and buffers by their handles, vprime's own and dumb ones.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <drm/drm.h>
#include <drm/drm_mode.h>
#include <drm/vprime_drm.h>

#include "call.h"
#include "parts.h"
#include "run.h"

/* More would only make the guest slow. */
#define MAX_SIZE (8u << 20)

static int64_t open_node(unsigned int device, const char *node, int flags)
{
	char path[64];

	if (!parts_node(device, node, path, sizeof(path)))
		return -1;
	return open(path, O_RDWR | O_CLOEXEC | flags);
}

static int64_t open_render(struct step *step, const uint64_t *args)
{
	(void)step;
	/* One in four is vgem's. */
	return open_node(args[0] == 3 ? 0 : args[0], "renderD", O_NONBLOCK);
}

static void set_cap(int fd, uint64_t cap)
{
	struct drm_set_client_cap set = { .capability = cap, .value = 1 };

	ioctl(fd, DRM_IOCTL_SET_CLIENT_CAP, &set);
}

/* Mostly a card that can do everything. */
static int64_t open_card(struct step *step, const uint64_t *args)
{
	int64_t card = open_node(args[0], "card", O_NONBLOCK);

	(void)step;
	if (card < 0 || args[1] & 0x8)
		return card;
	set_cap(card, DRM_CLIENT_CAP_UNIVERSAL_PLANES);
	set_cap(card, DRM_CLIENT_CAP_ATOMIC);
	set_cap(card, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS);
	if (args[1] & 0x4)
		set_cap(card, DRM_CLIENT_CAP_ASPECT_RATIO);
	return card;
}

static int64_t client_cap(struct step *step, const uint64_t *args)
{
	struct drm_set_client_cap set = { .capability = args[1], .value = args[2] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_SET_CLIENT_CAP, &set);
}

static int64_t get_cap(struct step *step, const uint64_t *args)
{
	struct drm_get_cap get = { .capability = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_GET_CAP, &get);
}

static int64_t gem_create(struct step *step, const uint64_t *args)
{
	struct drm_vprime_gem_create create = { .size = value_bounded(args[1], MAX_SIZE),
						.flags = args[2] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_VPRIME_GEM_CREATE, &create, create.handle);
}

static int64_t gem_info(struct step *step, const uint64_t *args)
{
	struct drm_vprime_gem_info info = { .handle = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_VPRIME_GEM_INFO, &info, info.offset);
}

static int64_t gem_close(struct step *step, const uint64_t *args)
{
	struct drm_gem_close close = { .handle = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_GEM_CLOSE, &close);
}

static int64_t gem_flink(struct step *step, const uint64_t *args)
{
	struct drm_gem_flink flink = { .handle = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_GEM_FLINK, &flink, flink.name);
}

static int64_t gem_open(struct step *step, const uint64_t *args)
{
	struct drm_gem_open open = { .name = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_GEM_OPEN, &open, open.handle);
}

static int64_t dumb_create(struct step *step, const uint64_t *args)
{
	static const uint8_t bpps[] = { 32, 32, 32, 8 };
	struct drm_mode_create_dumb create = { .width = args[1],
					       .height = args[2],
					       .bpp = args[3] < 4 ? bpps[args[3]] : args[3],
					       .flags = args[4] };
	uint64_t pixels = (uint64_t)create.width * create.height;

	if (value_bounded(pixels, MAX_SIZE / 4) != pixels) {
		create.width %= 65536;
		create.height = 1 + create.height % 64;
	}
	return STEP_MAKE(step, args[0], DRM_IOCTL_MODE_CREATE_DUMB, &create, create.handle);
}

static int64_t dumb_map(struct step *step, const uint64_t *args)
{
	struct drm_mode_map_dumb map = { .handle = args[1] };

	return STEP_MAKE(step, args[0], DRM_IOCTL_MODE_MAP_DUMB, &map, map.offset);
}

static int64_t dumb_destroy(struct step *step, const uint64_t *args)
{
	struct drm_mode_destroy_dumb destroy = { .handle = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_MODE_DESTROY_DUMB, &destroy);
}

static int64_t get_magic(struct step *step, const uint64_t *args)
{
	struct drm_auth auth = {};

	return STEP_MAKE(step, args[0], DRM_IOCTL_GET_MAGIC, &auth, auth.magic);
}

static int64_t auth_magic(struct step *step, const uint64_t *args)
{
	struct drm_auth auth = { .magic = args[1] };

	return STEP_IOCTL(step, args[0], DRM_IOCTL_AUTH_MAGIC, &auth);
}

static int64_t set_master(struct step *step, const uint64_t *args)
{
	(void)step;
	return ioctl(args[0], DRM_IOCTL_SET_MASTER, 0);
}

static int64_t drop_master(struct step *step, const uint64_t *args)
{
	(void)step;
	return ioctl(args[0], DRM_IOCTL_DROP_MASTER, 0);
}

const struct call gem_calls[] = {
	CALL("open_render", MODE_ALL | MODE_RARE, 8, open_render, MAKES(KIND_RENDER),
	     MOST(NUMBER, 3)),
	CALL("open_card", MODE_SCREEN | MODE_RARE, 8, open_card, MAKES(KIND_CARD), MOST(NUMBER, 1),
	     MOST(FLAGS, 0xc)),
	CALL("client_cap", MODE_SCREEN, 2, client_cap, MAKES(KIND_NONE), ANY(CARD),
	     MOST(NUMBER, 7), MOST(NUMBER, 2)),
	CALL("get_cap", MODE_ALL, 1, get_cap, MAKES(KIND_NONE), ANY(DRM), MOST(NUMBER, 0x16)),
	CALL("gem_create", MODE_ALL, 24, gem_create, MAKES(KIND_HANDLE), ANY(DRM), ANY(SIZE),
	     MOST(FLAGS, 3)),
	CALL("gem_info", MODE_ALL, 12, gem_info, MAKES(KIND_OFFSET), ANY(DRM), ANY(HANDLE)),
	CALL("gem_close", MODE_ALL | MODE_ENDS, 16, gem_close, MAKES(KIND_NONE), ANY(DRM),
	     ANY(HANDLE)),
	CALL("gem_flink", MODE_SCREEN, 4, gem_flink, MAKES(KIND_NAME), ANY(CARD), ANY(HANDLE)),
	CALL("gem_open", MODE_SCREEN | MODE_PASSED, 4, gem_open, MAKES(KIND_HANDLE), ANY(CARD),
	     ANY(NAME)),
	CALL("dumb_create", MODE_ALL, 14, dumb_create, MAKES(KIND_HANDLE), ANY(DRM), ANY(WIDTH),
	     ANY(HEIGHT), MOST(NUMBER, 3), MOST(NUMBER, 0)),
	CALL("dumb_map", MODE_ALL, 8, dumb_map, MAKES(KIND_OFFSET), ANY(DRM), ANY(HANDLE)),
	CALL("dumb_destroy", MODE_ALL | MODE_ENDS, 4, dumb_destroy, MAKES(KIND_NONE), ANY(DRM),
	     ANY(HANDLE)),
	CALL("get_magic", MODE_SCREEN, 2, get_magic, MAKES(KIND_MAGIC), ANY(CARD)),
	CALL("auth_magic", MODE_SCREEN, 2, auth_magic, MAKES(KIND_NONE), ANY(CARD), ANY(MAGIC)),
	CALL("set_master", MODE_SCREEN, 5, set_master, MAKES(KIND_NONE), ANY(CARD)),
	CALL("drop_master", MODE_SCREEN, 3, drop_master, MAKES(KIND_NONE), ANY(CARD)),
	CALL_END,
};
