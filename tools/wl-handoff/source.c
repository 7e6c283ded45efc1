// SPDX-License-Identifier: MIT
/*
 * Where pictures come from: a camera that fills its own buffers, or memory of some
 * exporter's that the CPU draws into. Knows nothing of who is going to show them.
 */
#include "source.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <drm_fourcc.h>
#include <linux/dma-buf.h>

#include "memory.h"
#include "pattern.h"

/* What GPUs want of a line; vgem's dumb buffers have no more than they ask for. */
#define PITCH_ALIGN 256

#define CAMERA_TIMEOUT_MS 10000

const struct source_kind source_kinds[] = {
	{ "vivid", NULL },
	{ "vgem", memory_vgem },
	{ "udmabuf", memory_udmabuf },
	{ "heap", memory_heap },
	{ "render", memory_render },
};

const unsigned int source_kind_count = sizeof(source_kinds) / sizeof(source_kinds[0]);

const struct source_kind *source_kind_by_name(const char *name)
{
	for (unsigned int i = 0; i < source_kind_count; i++)
		if (!strcmp(source_kinds[i].name, name))
			return &source_kinds[i];
	return NULL;
}

static int complain(int ret, const char *what)
{
	errno = -ret;
	warn("%s", what);
	return ret;
}

static int open_camera(struct source *source, unsigned int count)
{
	struct camera *camera = &source->camera;
	int ret = camera_open(camera, source->kind->name);

	if (!ret)
		ret = camera_set_format(camera, source->format, source->width, source->height);
	if (!ret)
		ret = camera_allocate(camera, count);
	for (unsigned int i = 0; !ret && i < camera->num_buffers; i++) {
		ret = camera_export(camera, i);
		source->pictures[i].dmabuf = camera->buffers[i].dmabuf;
	}
	source->layout = camera->layout;
	source->count = camera->num_buffers;
	return ret ? ret : camera_start(camera);
}

/* The pattern is drawn in words of four channels. */
static bool can_draw(const struct pixel_format *format)
{
	switch (format->drm) {
	case DRM_FORMAT_XRGB8888:
	case DRM_FORMAT_ARGB8888:
	case DRM_FORMAT_XBGR8888:
	case DRM_FORMAT_ABGR8888:
		return true;
	default:
		return false;
	}
}

static int allocate(struct source *source, struct picture *picture)
{
	void *map;

	picture->dmabuf = source->kind->allocate(source->layout.pitch[0], source->height);
	if (picture->dmabuf < 0)
		return picture->dmabuf;
	map = mmap(NULL, source->layout.size, PROT_READ | PROT_WRITE, MAP_SHARED,
		   picture->dmabuf, 0);
	if (map == MAP_FAILED)
		return complain(-errno, "mapping a buffer");
	picture->map = map;
	return 0;
}

static int open_memory(struct source *source, unsigned int count)
{
	uint32_t pitch = (source->width * 4 + PITCH_ALIGN - 1) / PITCH_ALIGN * PITCH_ALIGN;
	int ret = 0;

	if (!can_draw(source->format)) {
		warnx("no pattern in %s", source->format->name);
		return -EINVAL;
	}
	pixel_layout_fill(&source->layout, source->format, pitch, source->height);
	while (!ret && source->count < count)
		ret = allocate(source, &source->pictures[source->count++]);
	return ret;
}

int source_open(struct source *source, unsigned int count)
{
	int ret;

	for (unsigned int i = 0; i < SOURCE_MAX_PICTURES; i++)
		source->pictures[i].dmabuf = -1;
	source->camera.fd = -1;
	ret = source->kind->allocate ? open_memory(source, count) : open_camera(source, count);
	for (unsigned int i = 0; !ret && i < source->count; i++) {
		struct stat stat;

		if (fstat(source->pictures[i].dmabuf, &stat))
			return complain(-errno, "fstat");
		source->pictures[i].inode = stat.st_ino;
	}
	return ret;
}

void source_close(struct source *source)
{
	for (unsigned int i = 0; source->kind->allocate && i < source->count; i++) {
		if (source->pictures[i].map)
			munmap(source->pictures[i].map, source->layout.size);
		if (source->pictures[i].dmabuf >= 0)
			close(source->pictures[i].dmabuf);
	}
	if (source->camera.fd >= 0)
		camera_close(&source->camera);
	source->count = 0;
}

static int find_free(const struct source *source)
{
	for (unsigned int i = 0; i < source->count; i++)
		if (!source->pictures[i].busy)
			return i;
	return -EAGAIN;
}

/* Any buffer that is free is the camera's: it says which is filled. */
int source_take(struct source *source)
{
	int index = find_free(source);

	if (index >= 0 && !source->kind->allocate)
		index = camera_dequeue(&source->camera, CAMERA_TIMEOUT_MS);
	if (index >= 0)
		source->pictures[index].busy = true;
	return index;
}

/* Waits for who reads the buffer by its fences, too. */
static int bracket(const struct picture *picture, uint64_t edge)
{
	struct dma_buf_sync sync = { .flags = edge | DMA_BUF_SYNC_WRITE };
	int ret;

	do {
		ret = ioctl(picture->dmabuf, DMA_BUF_IOCTL_SYNC, &sync);
	} while (ret && errno == EINTR);
	return ret ? complain(-errno, "opening a buffer to the CPU") : 0;
}

static void swap_channels(uint32_t *line, uint32_t width)
{
	for (uint32_t x = 0; x < width; x++)
		line[x] = (line[x] & 0xff00ff00) | (line[x] >> 16 & 0xff) |
			  (line[x] & 0xff) << 16;
}

/* A line is made in cached memory first: not every exporter's is. */
static void draw_lines(const struct source *source, const struct pattern *pattern, uint8_t *map,
		       uint32_t *line)
{
	bool swapped = source->format->drm == DRM_FORMAT_XBGR8888 ||
		       source->format->drm == DRM_FORMAT_ABGR8888;

	for (uint32_t y = 0; y < source->height; y++) {
		pattern_line(pattern, y, line);
		if (swapped)
			swap_channels(line, source->width);
		memcpy(map + (size_t)y * source->layout.pitch[0], line, source->width * 4);
	}
}

int source_draw(struct source *source, unsigned int index, uint32_t frame)
{
	struct picture *picture = &source->pictures[index];
	struct pattern pattern = { source->width, source->height, frame };
	uint32_t *line;
	int ret;

	if (!source->kind->allocate)
		return 0;
	line = malloc(source->width * sizeof(*line));
	if (!line)
		return -ENOMEM;
	ret = bracket(picture, DMA_BUF_SYNC_START);
	if (!ret) {
		draw_lines(source, &pattern, picture->map, line);
		ret = bracket(picture, DMA_BUF_SYNC_END);
	}
	free(line);
	return ret;
}

int source_give_back(struct source *source, unsigned int index)
{
	source->pictures[index].busy = false;
	return source->kind->allocate ? 0 : camera_queue(&source->camera, index);
}
