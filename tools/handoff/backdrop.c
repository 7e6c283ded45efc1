// SPDX-License-Identifier: MIT
/*
 * The picture below the camera's: drawn by the CPU into memory of vgem's, a
 * second device, and exported from there.
 *
 * So the screen shows two buffers and made neither. Called once at the start;
 * knows nothing of the screen it will be shown on.
 */
#include "backdrop.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "kms_device.h"

#define GRID 48 /* pixels from one line of the grid to the next */
#define BORDER 3 /* of the window, in pixels */
#define SHADOW 40 /* reach of its shadow, in pixels */

static uint8_t mix(int from, int to, int part, int whole)
{
	return from + (to - from) * part / whole;
}

/* How far a point is outside the window; 0 inside. */
static int distance(const struct rectangle *window, int x, int y)
{
	int dx = x < window->x ? window->x - x : x - (window->x + window->width - 1);
	int dy = y < window->y ? window->y - y : y - (window->y + window->height - 1);

	dx = dx > 0 ? dx : 0;
	dy = dy > 0 ? dy : 0;
	if (!dx || !dy)
		return dx + dy;
	/* Octagons are round enough for a shadow. */
	return dx > dy ? dx + dy * 2 / 5 : dy + dx * 2 / 5;
}

static uint32_t shade(uint32_t color, int part, int whole)
{
	uint32_t r = (color >> 16 & 0xff) * part / whole;
	uint32_t g = (color >> 8 & 0xff) * part / whole;
	uint32_t b = (color & 0xff) * part / whole;

	return r << 16 | g << 8 | b;
}

/* Night blue above, teal below, a little lighter towards the right. */
static uint32_t ground(const struct backdrop *backdrop, int x, int y)
{
	int along = y * 3 + x;
	int whole = backdrop->height * 3 + backdrop->width;
	uint32_t r = mix(18, 32, along, whole);
	uint32_t g = mix(24, 118, along, whole);
	uint32_t b = mix(58, 128, along, whole);

	if (x % GRID == 0 || y % GRID == 0) {
		r += 10;
		g += 14;
		b += 16;
	}
	return r << 16 | g << 8 | b;
}

static void draw_line(const struct backdrop *backdrop, const struct rectangle *window,
		      int y, uint32_t *line)
{
	for (int x = 0; x < (int)backdrop->width; x++) {
		int out = distance(window, x, y);

		if (out && out <= BORDER) {
			line[x] = 0xe8f0f2;
			continue;
		}
		line[x] = ground(backdrop, x, y);
		/* The light comes from above: the shadow lies a little lower. */
		out = distance(window, x, y - SHADOW / 4);
		if (out < SHADOW)
			line[x] = shade(line[x], SHADOW + 2 * out, 3 * SHADOW);
	}
}

/* A line is made in cached memory first: vgem's is not cached. */
static int draw(const struct backdrop *backdrop, const struct rectangle *window, uint8_t *map)
{
	uint32_t pitch = backdrop->layout.pitch[0];
	uint32_t *line = malloc(pitch);

	if (!line)
		return -ENOMEM;
	for (uint32_t y = 0; y < backdrop->height; y++) {
		draw_line(backdrop, window, y, line);
		memcpy(map + (size_t)y * pitch, line, (size_t)backdrop->width * 4);
	}
	free(line);
	return 0;
}

static int draw_mapped(const struct backdrop *backdrop, const struct rectangle *window)
{
	uint64_t offset;
	void *map;
	int ret;

	if (drmModeMapDumbBuffer(backdrop->fd, backdrop->handle, &offset))
		return -errno;
	map = mmap(NULL, backdrop->layout.size, PROT_READ | PROT_WRITE, MAP_SHARED,
		   backdrop->fd, offset);
	if (map == MAP_FAILED)
		return -errno;
	ret = draw(backdrop, window, map);
	munmap(map, backdrop->layout.size);
	return ret;
}

static int allocate(struct backdrop *backdrop)
{
	uint32_t pitch;
	uint64_t size;

	if (drmModeCreateDumbBuffer(backdrop->fd, backdrop->width, backdrop->height, 32, 0,
				    &backdrop->handle, &pitch, &size))
		return -errno;
	pixel_layout_fill(&backdrop->layout, backdrop->format, pitch, backdrop->height);
	return 0;
}

int backdrop_open(struct backdrop *backdrop, uint32_t width, uint32_t height,
		  const struct rectangle *window)
{
	int ret;

	*backdrop = (struct backdrop){
		.fd = drm_open_card("vgem", 0),
		.dmabuf = -1,
		.format = pixel_format_by_name("XRGB8888"),
		.width = width,
		.height = height,
	};
	if (backdrop->fd < 0) {
		warnx("no card of the driver vgem: try 'modprobe vgem'");
		return backdrop->fd;
	}
	ret = allocate(backdrop);
	if (!ret)
		ret = draw_mapped(backdrop, window);
	if (!ret && drmPrimeHandleToFD(backdrop->fd, backdrop->handle, DRM_CLOEXEC,
				       &backdrop->dmabuf))
		ret = -errno;
	if (ret) {
		errno = -ret;
		warn("a %ux%u buffer of vgem", width, height);
		backdrop_close(backdrop);
	}
	return ret;
}

void backdrop_close(struct backdrop *backdrop)
{
	if (backdrop->dmabuf >= 0)
		close(backdrop->dmabuf);
	if (backdrop->handle)
		drmCloseBufferHandle(backdrop->fd, backdrop->handle);
	if (backdrop->fd >= 0)
		close(backdrop->fd);
	*backdrop = (struct backdrop){ .fd = -1, .dmabuf = -1 };
}
