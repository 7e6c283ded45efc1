// SPDX-License-Identifier: MIT
/*
 * The matrix: who exports, who imports, and what every cell is put through. A
 * new exporter or importer is a row here and a set of doors in a file beside.
 */
#include "matrix.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/dmabuf_count.h"

#define GEM_DOORS .make = make_gem, .refuse = refuse_gem, .close = close_gem
#define HEAP_DOORS .make = make_heap, .refuse = refuse_heap, .close = close_memory
#define CAMERA_DOORS \
	.make = make_camera, .fill = fill_camera, .refuse = refuse_camera, .close = close_camera

static const struct exporter exporters[] = {
	{ "vprime", "a dumb buffer", .ours = true, GEM_DOORS },
	{ "vprime-contig", "a buffer of vprime in one piece", .ours = true,
	  .kind = { .contiguous = true }, GEM_DOORS },
	{ "second", "one of another device of vprime", .ours = true, .index = 1, GEM_DOORS },
	{ "vgem", "a dumb buffer of vgem", .driver = "vgem", GEM_DOORS },
	{ "udmabuf", "pages of a memfd", .make = make_udmabuf, .refuse = refuse_udmabuf,
	  .close = close_memory },
	{ "heap-system", "the heap of scattered pages", .driver = "system", HEAP_DOORS },
	{ "heap-cma", "the heap of contiguous memory", .driver = "default_cma_region",
	  .unmapped = ENOMEM, HEAP_DOORS },
	{ "camera", "vivid, its own buffer (vmalloc)", CAMERA_DOORS },
	{ "camera-planar", "the same in the multiplanar API", .kind = { .planar = true },
	  CAMERA_DOORS },
	{ "camera-contig", "vivid, its own buffer (dma-contig)", .kind = { .contiguous = true },
	  CAMERA_DOORS },
};

static const struct importer *const importers[] = {
	&importer_screen,
	&importer_second,
	&importer_render,
	&importer_vgem,
	&importer_cpu,
	&importer_capture,
	&importer_capture_planar,
	&importer_capture_contiguous,
	&importer_output,
};

/* What one may look for in the matrix in vain. */
static const struct {
	const char *cell;
	const char *reason;
} missing[] = {
	{ "vprime-to-udmabuf", "udmabuf makes dma-bufs of memfds and imports none" },
	{ "vprime-to-heap", "a heap makes dma-bufs and imports none" },
	{ "output-to-vprime", "a buffer of an output is the same as one of a camera" },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static struct exchange exchange = {
	.source = { .device = -1, .fd = -1, .video.fd = -1 },
	.user = { .device = -1, .video.fd = -1, .loop.fd = -1 },
	.child.socket = -1,
	.hold.card = -1,
};

/*
 * One side is ours. The second device is there for the first one only, and the
 * render node, whose import is the same, for a card of each sort and a camera. One
 * piece matters to who wants one.
 */
static bool is_cell(const struct exporter *exporter, const struct importer *importer)
{
	if (exporter->index)
		return importer == &importer_screen;
	if (exporter->ours && exporter->kind.contiguous)
		return importer == &importer_screen || importer->kind.contiguous;
	if (importer->index)
		return exporter == &exporters[0];
	if (importer == &importer_render)
		return exporter->make == make_gem || !strcmp(exporter->name, "camera");
	return exporter->ours || importer->ours;
}

static void cell_name(char *name, size_t size, const struct exporter *exporter,
		      const struct importer *importer)
{
	snprintf(name, size, "%s-to-%s", exporter->name, importer->name);
}

void matrix_list(FILE *file)
{
	char name[64];

	for (size_t i = 0; i < COUNT(exporters); i++)
		fprintf(file, "exporter\t%s\t%s\n", exporters[i].name, exporters[i].about);
	for (size_t i = 0; i < COUNT(importers); i++)
		fprintf(file, "importer\t%s\t%s\n", importers[i]->name, importers[i]->about);
	for (size_t i = 0; i < COUNT(exporters); i++) {
		for (size_t j = 0; j < COUNT(importers); j++) {
			if (!is_cell(&exporters[i], importers[j]))
				continue;
			cell_name(name, sizeof(name), &exporters[i], importers[j]);
			fprintf(file, "cell\t%s\n", name);
		}
	}
	for (size_t i = 0; i < COUNT(missing); i++)
		fprintf(file, "missing\t%s\t%s\n", missing[i].cell, missing[i].reason);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* What a failed check left behind. No door is asked: it may be what failed. */
static void abandon(void)
{
	struct source *source = &exchange.source;
	struct user *user = &exchange.user;

	if (exchange.child.pid) {
		kill(exchange.child.pid, SIGKILL);
		waitpid(exchange.child.pid, NULL, 0);
		exchange.child.pid = 0;
	}
	close_fd(&exchange.child.socket);
	close_fd(&exchange.hold.card);
	close_fd(&source->fd);
	close_fd(&source->device);
	close_fd(&user->device);
	close_fd(&user->loop.fd);
	if (source->map)
		munmap(source->map, SHARE_SIZE);
	if (user->map)
		munmap(user->map, SHARE_SIZE);
	*source = (struct source){ .device = -1, .fd = -1, .video.fd = -1 };
	*user = (struct user){ .device = -1, .video.fd = -1, .loop.fd = -1 };
}

static uint32_t *shared_picture(void)
{
	void *map = mmap(NULL, SHARE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
			 0);

	igt_assert(map != MAP_FAILED);
	return map;
}

static void run_cell(const struct check *check, const struct exporter *exporter,
		     const struct importer *importer)
{
	abandon();
	if (!exchange.expected) {
		exchange.expected = shared_picture();
		exchange.drawn = shared_picture();
	}
	exchange.source.exporter = exporter;
	exchange.user.importer = importer;
	exchange.dmabufs = dmabuf_count();
	check->run(&exchange);
	abandon();
}

static void run_check(const struct check *check)
{
	char name[64];

	for (size_t i = 0; i < COUNT(exporters); i++) {
		for (size_t j = 0; j < COUNT(importers); j++) {
			if (!is_cell(&exporters[i], importers[j]))
				continue;
			cell_name(name, sizeof(name), &exporters[i], importers[j]);
			igt_dynamic(name)
			{
				run_cell(check, &exporters[i], importers[j]);
			}
		}
	}
	abandon();
}

void run_checks(const struct check *checks, size_t count)
{
	for (const struct check *check = checks; check < checks + count; check++) {
		igt_describe(check->about);
		igt_subtest_with_dynamic(check->name)
		{
			run_check(check);
		}
	}
}
