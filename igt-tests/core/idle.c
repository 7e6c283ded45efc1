// SPDX-License-Identifier: MIT
/*
 * A device maps a buffer again and again while the shrinkers are asked for memory, and
 * while the administrator switches the checks of the project's own core on and off.
 * Whether a mapping was kept between is not seen here: KUnit looks at that.
 */
#include "core_subtests.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../dma-buf/bench/dmabuf_bench.h"

#include "buffers.h"
#include "igt_api.h"

#define STRICT "/sys/kernel/debug/dma_buf/strict"
#define TURNS 20

static int open_bench(void)
{
	int bench = open("/dev/dmabuf_bench", O_RDWR | O_CLOEXEC);

	igt_require_f(bench >= 0, "needs the module dmabuf_bench\n");
	return bench;
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	igt_assert_f(fd >= 0, "%s: %s\n", path, strerror(errno));
	igt_assert_eq(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static int strict(void)
{
	FILE *file = fopen(STRICT, "re");
	int value;

	igt_require_f(file, "needs the project's own core\n");
	igt_assert_eq(fscanf(file, "%d", &value), 1);
	fclose(file);
	return value;
}

/* Mapped and unmapped by a device again and again, by one that pins and one that follows. */
static void map_unmap(int bench, int dmabuf)
{
	struct dmabuf_bench_loop loop = { .fd = dmabuf, .turns = TURNS };

	loop.work = DMABUF_BENCH_MAP_UNMAP;
	igt_assert_errno(ioctl(bench, DMABUF_BENCH_LOOP, &loop), 0);
	loop.work = DMABUF_BENCH_MAP_UNMAP_DYNAMIC;
	igt_assert_errno(ioctl(bench, DMABUF_BENCH_LOOP, &loop), 0);
}

static void reclaimed(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	int bench = open_bench();

	for (int i = 0; i < 3; i++) {
		map_unmap(bench, buffer.fd);
		/* All shrinkers are asked, the core's too. */
		write_text("/proc/sys/vm/drop_caches", "2");
	}
	map_unmap(bench, buffer.fd);
	close(bench);
	buffer_free(&buffer);
}

static void switched(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	int before = strict(), bench = open_bench();

	for (int i = 0; i < 4; i++) {
		write_text(STRICT, i % 2 ? "0" : "1");
		igt_assert_eq(strict(), !(i % 2));
		map_unmap(bench, buffer.fd);
	}
	write_text(STRICT, before ? "1" : "0");
	close(bench);
	buffer_free(&buffer);
}

static const struct core_subtest subtests[] = {
	{ "idle-reclaimed", "A device maps, whenever the shrinkers are asked.", NULL, reclaimed },
	{ "idle-strict", "The core's checks are switched on and off.", NULL, switched },
};

void idle_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
