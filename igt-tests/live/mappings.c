// SPDX-License-Identifier: MIT
/*
 * Mappings in a device's addresses while the core is exchanged: in use, or kept
 * by the own core because they were just given back. Each is undone once,
 * whichever core is there by then. The kernel's trace events count them.
 */
#include "live_subtests.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../dma-buf/bench/dmabuf_bench.h"
#include "core/buffers.h"
#include "core/fences.h"
#include "igt_api.h"
#include "module.h"

#define TRACING "/sys/kernel/tracing/instances/vprime_live"
#define COUNT "hist:keys=device"

static void count_start(const char *event)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), TRACING "/events/dma/%s/trigger", event);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	igt_require_f(fd >= 0, "no trace event %s\n", event);
	igt_assert_eq(write(fd, COUNT, strlen(COUNT)), strlen(COUNT));
	close(fd);
}

/* How often the device had the event since then. */
static unsigned long count(const char *event, const char *device)
{
	unsigned long hits = 0, line_hits;
	char path[256], line[512], name[64];
	FILE *file;

	snprintf(path, sizeof(path), TRACING "/events/dma/%s/hist", event);
	file = fopen(path, "r");
	igt_assert(file);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "{ device: %63s } hitcount: %lu", name, &line_hits) == 2 &&
		    !strcmp(name, device))
			hits += line_hits;
	fclose(file);
	return hits;
}

static void counts_start(void)
{
	rmdir(TRACING);
	igt_assert_errno(mkdir(TRACING, 0700), 0);
	count_start("dma_map_sg");
	count_start("dma_unmap_sg");
}

static unsigned long maps_left(const char *device)
{
	return count("dma_map_sg", device) - count("dma_unmap_sg", device);
}

/* A card maps what it imports for as long as it has it. */
static void mapped_over_load(void)
{
	struct buffer buffer;
	uint32_t handle;

	counts_start();
	buffer = buffer_new_vgem();
	handle = prime_import(cards.second, buffer.fd);
	igt_assert_eq(maps_left("vprime.1"), 1);
	live_load();
	igt_assert_eq(maps_left("vprime.1"), 1);
	gem_close(cards.second, handle);
	igt_assert_eq(maps_left("vprime.1"), 0);
	buffer_free(&buffer);
	live_unload();
}

static void mapped_over_unload(void)
{
	struct buffer buffer;
	uint32_t handle;

	counts_start();
	live_load();
	buffer = buffer_new_vgem();
	handle = prime_import(cards.second, buffer.fd);
	live_unload();
	igt_assert_eq(maps_left("vprime.1"), 1);
	gem_close(cards.second, handle);
	igt_assert_eq(maps_left("vprime.1"), 0);
	buffer_free(&buffer);
}

/*
 * Maps and unmaps one attachment half of the time, until the pipe is closed. Not
 * all the time: livepatch looks once a second for a task that sleeps.
 */
static _Noreturn void map_and_unmap(int bench, int pipe)
{
	struct dmabuf_bench_export export = { .pages = 16 };
	struct dmabuf_bench_loop loop = { .work = DMABUF_BENCH_MAP_UNMAP, .turns = 2000 };
	struct pollfd end = { .fd = pipe, .events = POLLIN };
	long long begin;
	int pause = 1;

	if (ioctl(bench, DMABUF_BENCH_EXPORT, &export))
		_exit(1);
	loop.fd = export.fd;
	while (!poll(&end, 1, pause)) {
		begin = now_ms();
		if (ioctl(bench, DMABUF_BENCH_LOOP, &loop))
			_exit(2);
		pause = now_ms() - begin + 1;
	}
	_exit(0);
}

/* The core keeps nothing where it is. */
static bool is_memory_bounced(void)
{
	FILE *file = fopen("/proc/cmdline", "r");
	char line[4096] = "";
	bool read;

	igt_assert(file);
	read = fgets(line, sizeof(line), file);
	fclose(file);
	return read && strstr(line, "swiotlb=force");
}

static void kept_over_unload(void)
{
	int bench = open("/dev/dmabuf_bench", O_RDWR | O_CLOEXEC), pipes[2];
	unsigned long before;
	pid_t child;

	igt_require_f(bench >= 0, "needs dmabuf_bench\n");
	igt_require_f(!is_memory_bounced(), "all memory is bounced\n");
	counts_start();
	igt_assert_errno(pipe(pipes), 0);
	live_load();
	child = fork();
	igt_assert(child >= 0);
	if (!child) {
		close(pipes[1]);
		map_and_unmap(bench, pipes[0]);
	}
	usleep(500 * 1000);
	/* Kept: of some thousand maps hardly any reached the exporter. */
	before = count("dma_map_sg", "dmabuf_bench");
	igt_assert(before >= 1 && before < 500);
	live_disable();
	usleep(QUIET_MS * 1000);
	igt_assert(count("dma_map_sg", "dmabuf_bench") > before + 500);
	close(pipes[1]);
	child_join(child);
	igt_assert_eq(maps_left("dmabuf_bench"), 0);
	igt_assert_eq(__live_remove(), 0);
	close(pipes[0]);
	close(bench);
}

static const struct live_subtest subtests[] = {
	{ "mapped-over-load", "A mapping in use when the core comes.", mapped_over_load },
	{ "mapped-over-unload", "A mapping in use when the core goes.", mapped_over_unload },
	{ "kept-over-unload", "A mapping that is kept when the core goes.", kept_over_unload },
};

void mapping_subtests(void)
{
	RUN_LIVE_SUBTESTS(subtests);
}
