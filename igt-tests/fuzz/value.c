// SPDX-License-Identifier: MIT
/*
 * Numbers to call with: random ones that follow from a seed, those at the edges, and
 * those that are in order. The generator of programs draws from here. Knows no call
 * and no device.
 */
#include "value.h"

#include <string.h>

#include <drm_fourcc.h>

#include <drm/vprime_fourcc.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const names[KIND_COUNT] = {
	[KIND_NONE] = "none",
	[KIND_CARD] = "card",
	[KIND_RENDER] = "render",
	[KIND_DMABUF] = "dmabuf",
	[KIND_SYNC_FILE] = "sync_file",
	[KIND_SYNCOBJ_FILE] = "syncobj_file",
	[KIND_CONSUMER] = "consumer",
	[KIND_VIDEO] = "video",
	[KIND_UDMABUF] = "udmabuf",
	[KIND_HEAP] = "heap",
	[KIND_MEMFD] = "memfd",
	[KIND_EVENTFD] = "eventfd",
	[KIND_EPOLL] = "epoll",
	[KIND_SW_SYNC] = "sw_sync",
	[KIND_FD] = "fd",
	[KIND_DRM] = "drm",
	[KIND_HANDLE] = "handle",
	[KIND_NAME] = "name",
	[KIND_SYNCOBJ] = "syncobj",
	[KIND_FB] = "fb",
	[KIND_BLOB] = "blob",
	[KIND_FENCE] = "fence",
	[KIND_TIMELINE] = "timeline",
	[KIND_FRAME] = "frame",
	[KIND_LESSEE] = "lessee",
	[KIND_MAGIC] = "magic",
	[KIND_OFFSET] = "offset",
	[KIND_MAP] = "map",
	[KIND_CRTC] = "crtc",
	[KIND_PLANE] = "plane",
	[KIND_CONNECTOR] = "connector",
	[KIND_PROPERTY] = "property",
	[KIND_NUMBER] = "number",
	[KIND_FLAGS] = "flags",
	[KIND_SIZE] = "size",
	[KIND_WIDTH] = "width",
	[KIND_HEIGHT] = "height",
	[KIND_X] = "x",
	[KIND_Y] = "y",
	[KIND_PITCH] = "pitch",
	[KIND_FORMAT] = "format",
	[KIND_MODIFIER] = "modifier",
	[KIND_POINT] = "point",
	[KIND_MS] = "ms",
	[KIND_US] = "us",
	[KIND_SEED] = "seed",
};

static const uint32_t formats[] = {
	DRM_FORMAT_XRGB8888,
	DRM_FORMAT_XRGB8888,
	DRM_FORMAT_XRGB8888,
	DRM_FORMAT_ARGB8888,
	DRM_FORMAT_ARGB8888,
	DRM_FORMAT_XBGR8888,
	DRM_FORMAT_ABGR8888,
	DRM_FORMAT_RGB888,
	DRM_FORMAT_BGR888,
	DRM_FORMAT_RGB565,
	DRM_FORMAT_YUYV,
	DRM_FORMAT_UYVY,
	DRM_FORMAT_NV12,
	DRM_FORMAT_NV16,
	DRM_FORMAT_YUV420,
	DRM_FORMAT_XRGB2101010,
	DRM_FORMAT_C8,
};

void random_seed(struct random *random, uint64_t seed, uint64_t round, uint64_t worker)
{
	random->state = seed * 0x9e3779b97f4a7c15ull + round * 0xd1342543de82ef95ull + worker;
	random_next(random);
}

/* Steele's splitmix64. */
uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

uint32_t random_below(struct random *random, uint32_t limit)
{
	return (random_next(random) >> 32) * limit >> 32;
}

bool random_chance(struct random *random, uint32_t percent)
{
	return random_below(random, 100) < percent;
}

uint64_t value_boundary(struct random *random)
{
	static const uint64_t edges[] = {
		0,
		1,
		2,
		0x7f,
		0x80,
		0xff,
		0xfff,
		0x1000,
		0x1001,
		0x7fff,
		0x8000,
		0xffff,
		0x10000,
		0x7fffffff,
		0x80000000,
		0x80000001,
		0xfffff000,
		0xfffffffe,
		0xffffffff,
		0x100000000,
		0x100000001,
		0x7ffffffffffff000,
		0x7fffffffffffffff,
		0x8000000000000000,
		0xfffffffffffff000,
		0xfffffffffffffffe,
		0xffffffffffffffff,
	};

	switch (random_below(random, 8)) {
	case 0:
		return 1ull << random_below(random, 64);
	case 1:
		return (1ull << random_below(random, 64)) - 1;
	case 2:
		return random_next(random) >> random_below(random, 64);
	case 3:
		return random_below(random, 16);
	default:
		return edges[random_below(random, COUNT(edges))];
	}
}

uint64_t value_bounded(uint64_t size, uint64_t most)
{
	return size > most && size < 1ull << 40 ? size % most : size;
}

/* Few flags at a time, so that some pass. */
static uint64_t flags(struct random *random, uint64_t all)
{
	uint64_t set = 0;

	for (uint64_t left = all; left; left &= left - 1)
		if (random_chance(random, 30))
			set |= left & -left;
	return set;
}

static uint64_t size(struct random *random, uint32_t width, uint32_t height)
{
	switch (random_below(random, 16)) {
	case 0:
	case 1:
		return 4096;
	case 2:
		return 65536;
	case 3:
		return 1 << 20;
	case 4:
		return random_below(random, 1 << 19);
	default:
		return 4ull * width * height;
	}
}

static uint64_t modifier(struct random *random)
{
	switch (random_below(random, 8)) {
	case 0:
		return DRM_FORMAT_MOD_INVALID;
	case 1:
		return value_boundary(random);
	case 2:
	case 3:
		return DRM_FORMAT_MOD_VPRIME_TILED;
	default:
		return DRM_FORMAT_MOD_LINEAR;
	}
}

static uint64_t pitch(struct random *random, uint32_t width)
{
	static const uint32_t bytes[] = { 1, 2, 2, 3, 4, 4, 4, 4, 4, 4, 8 };
	uint64_t line = (uint64_t)width * bytes[random_below(random, COUNT(bytes))];

	return random_chance(random, 80) ? line : line + random_below(random, 65) - 32;
}

/* The program's own side, or one near it. */
static uint64_t side(struct random *random, uint32_t own)
{
	switch (random_below(random, 32)) {
	case 0:
		return own / 2;
	case 1:
		return own + random_below(random, 5) - 2;
	case 2:
		return 1 + random_below(random, 4);
	default:
		return own;
	}
}

/* Now and then as long as a frame of a slow screen takes. */
static uint64_t milliseconds(struct random *random)
{
	if (random_chance(random, 80))
		return random_below(random, 2);
	return random_below(random, random_chance(random, 80) ? 6 : 40);
}

uint64_t value_ordinary(struct random *random, const struct taken *taken, uint32_t width,
			uint32_t height)
{
	switch (taken->kind) {
	case KIND_FLAGS:
		return flags(random, taken->limit);
	case KIND_SIZE:
		return size(random, width, height);
	case KIND_WIDTH:
		return side(random, width);
	case KIND_HEIGHT:
		return side(random, height);
	case KIND_X:
		return random_below(random, width + width / 4 + 1);
	case KIND_Y:
		return random_below(random, height + height / 4 + 1);
	case KIND_PITCH:
		return pitch(random, width);
	case KIND_FORMAT:
		/* Those that fit into 32 bits are first. */
		return formats[random_below(random, random_chance(random, 60) ? 5 :
										COUNT(formats))];
	case KIND_MODIFIER:
		return modifier(random);
	case KIND_POINT:
		return random_below(random, 8);
	case KIND_MS:
		return milliseconds(random);
	case KIND_US:
		return random_below(random, random_chance(random, 90) ? 1000 : 20000);
	case KIND_SEED:
		return random_next(random);
	case KIND_NUMBER:
		return taken->limit < UINT32_MAX ? random_below(random, taken->limit + 1) :
						   random_next(random);
	default:
		return random_below(random, 5);
	}
}

bool kind_accepts(enum kind taken, enum kind made)
{
	if (taken == KIND_DRM)
		return made == KIND_CARD || made == KIND_RENDER;
	if (taken == KIND_FD)
		return made != KIND_NONE && made <= KIND_LAST_FD;
	return made != KIND_NONE && taken == made;
}

const char *kind_name(enum kind kind)
{
	return names[kind];
}

enum kind kind_by_name(const char *name)
{
	for (unsigned int i = 0; i < KIND_COUNT; i++)
		if (names[i] && !strcmp(names[i], name))
			return i;
	return KIND_NONE;
}
