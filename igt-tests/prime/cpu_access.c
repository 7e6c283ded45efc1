// SPDX-License-Identifier: MIT
/*
 * A screen is composed by the processor, so each time it reads an import or writes
 * to one the exporter has to be asked before and told after. Where memory is coherent
 * a call left out does no harm that a picture would show, so our core's trace is read.
 */
#include "prime_subtests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define TRACING "/sys/kernel/tracing/"
#define EVENTS TRACING "events/dma_buf_core/"
/* Numbers of enum dma_data_direction. */
#define DEVICE_WRITES 1
#define DEVICE_READS 2

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	igt_require_f(file, "%s: %s\n", path, strerror(errno));
	igt_assert(fputs(text, file) >= 0);
	igt_assert_eq(fclose(file), 0);
}

static void trace(const char *on)
{
	put(EVENTS "dmabuf_begin_cpu_access/enable", on);
	put(EVENTS "dmabuf_end_cpu_access/enable", on);
}

/**
 * struct accesses - what was traced of a buffer
 * @begun: how often access began
 * @ended: how often it ended
 * @amiss: an end with no begin before it, or one of another direction
 */
struct accesses {
	unsigned int begun, ended, amiss;
};

static struct accesses accesses_of(ino_t inode, int direction)
{
	struct accesses seen = { 0 };
	char line[4096];
	FILE *file = fopen(TRACING "trace", "r");

	igt_assert(file);
	while (fgets(line, sizeof(line), file)) {
		const char *ino = strstr(line, " ino="), *detail = strstr(line, " detail=");

		if (line[0] == '#' || !ino || !detail || strtoul(ino + 5, NULL, 10) != inode)
			continue;
		seen.amiss += atoi(detail + 8) != direction;
		if (strstr(line, "dmabuf_begin_cpu_access:"))
			seen.begun++;
		else if (seen.ended++ >= seen.begun)
			seen.amiss++;
	}
	fclose(file);
	return seen;
}

static ino_t inode_of(int fd)
{
	struct stat status;

	igt_assert_errno(fstat(fd, &status), 0);
	return status.st_ino;
}

/* A framebuffer of vgem's memory; @inode: of the dma-buf that it came by. */
static struct kms_fb *foreign_fb(struct screen *screen, struct dumb *dumb, uint32_t width,
				 uint32_t height, ino_t *inode)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *fb = screen_fb_slot(screen);
	struct pixel_layout layout;
	int dmabuf;

	pixel_layout_fill(&layout, format, width * 4, height);
	*dumb = dumb_new(cards.vgem, layout.size);
	pattern_noise(dumb->map, dumb->size, 7);
	dmabuf = prime_export(cards.vgem, dumb->handle, DRM_RDWR | DRM_CLOEXEC);
	*inode = inode_of(dmabuf);
	igt_assert_eq(kms_fb_import(fb, screen->kms.fd, dmabuf, format, width, height, &layout),
		      0);
	close(dmabuf);
	return fb;
}

static void assert_bracketed(ino_t inode, int direction)
{
	struct accesses seen = accesses_of(inode, direction);

	igt_info("%u begun, %u ended, %u amiss\n", seen.begun, seen.ended, seen.amiss);
	igt_assert(seen.begun > 0);
	igt_assert_eq(seen.begun, seen.ended);
	igt_assert_eq(seen.amiss, 0);
}

static void exporter_is_told(struct screen *screen)
{
	struct kms_fb *source, *target;
	struct dumb shown, written;
	ino_t shown_inode, written_inode;
	struct layer layer;

	/* On a stock core there is nothing to read. */
	trace("0");
	source = foreign_fb(screen, &shown, 160, 120, &shown_inode);
	target = foreign_fb(screen, &written, 640, 480, &written_inode);
	layer = layer_new(&screen->kms.overlay[0], source, 5, 6);
	put(TRACING "trace", "");
	trace("1");
	scene_read_back(screen, &layer, 1, target);
	/* The frame that is composed again as this one goes may still be at it. */
	scene_show(screen, NULL, 0);
	trace("0");
	assert_bracketed(shown_inode, DEVICE_READS);
	assert_bracketed(written_inode, DEVICE_WRITES);
	dumb_free(&shown);
	dumb_free(&written);
}

static const struct subtest subtests[] = {
	{ "import-cpu-access", "An exporter is told of each access by the composer.",
	  exporter_is_told },
};

void cpu_access_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
