// SPDX-License-Identifier: MIT
/*
 * Traffic for a core that is exchanged: each kind is a process of its own that
 * shares buffers in a loop, and fails if anything is not as it must be on any
 * core. What happens to the core meanwhile is not known here.
 */
#include "traffic.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "../dma-buf/bench/dmabuf_bench.h"
#include "camera.h"
#include "core/buffers.h"
#include "core/fences.h"
#include "core/proc_files.h"
#include "igt_api.h"

/* Exported, imported by another card, gone again. */
static void exchange(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t handle = prime_import(cards.second, buffer.fd);

	gem_close(cards.second, handle);
	buffer_free(&buffer);
}

static void access_one(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	uint8_t *map = buffer_map(&buffer, PROT_READ | PROT_WRITE);
	struct fdinfo fdinfo;

	igt_assert_errno(ioctl(buffer.fd, DMA_BUF_SET_NAME_B, "traffic"), 0);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW), 0);
	map[0] = 1;
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW), 0);
	fdinfo = fdinfo_read(buffer.fd);
	igt_assert_eq(fdinfo.size, buffer.size);
	igt_assert(!strcmp(fdinfo.name, "traffic"));
	munmap(map, buffer.size);
	buffer_free(&buffer);
}

/* Named, asked, accessed by the CPU. The camera is taken: it streams. */
static void access_all(void)
{
	for (size_t i = 0; i < exporter_count; i++)
		if (strcmp(exporters[i].name, "vivid"))
			access_one(&exporters[i]);
}

/* A fence that is waited for, by one that signals it a moment later. */
static void wait_for_fence(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);
	pid_t child = fence_signal_later(&buffer, fence, 20);

	igt_assert_eq(poll_one(buffer.fd, POLLIN, PATIENCE_MS), POLLIN);
	igt_assert_eq(poll_one(buffer.fd, POLLOUT, PATIENCE_MS), POLLOUT);
	child_join(child);
	buffer_free(&buffer);
}

/* Polled in vain, and closed with the fence pending. */
static void abandon_fence(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);

	igt_assert_eq(poll_one(buffer.fd, POLLIN, 0), 0);
	close(buffer.fd);
	buffer.fd = -1;
	fence_signal(&buffer, fence);
	buffer_free(&buffer);
}

static void read_file(const char *path)
{
	static char text[4096];
	FILE *file = fopen(path, "r");

	/* The own core's files come and go. */
	if (!file)
		return;
	while (fread(text, 1, sizeof(text), file) == sizeof(text))
		;
	fclose(file);
}

static void look(void)
{
	read_file("/sys/kernel/debug/dma_buf/bufinfo");
	read_file("/sys/kernel/debug/dma_buf/buffers");
}

static void start_camera(struct camera *camera)
{
	igt_assert_eq(camera_open(camera, "vivid"), 0);
	igt_assert_eq(camera_set_format(camera, pixel_format_by_name("XRGB8888"), 320, 180), 0);
	igt_assert_eq(camera_allocate(camera, 4), 0);
	for (unsigned int i = 0; i < camera->num_buffers; i++)
		igt_assert_eq(camera_export(camera, i), 0);
	igt_assert_eq(camera_start(camera), 0);
}

/* A camera's frames, each imported by the card. */
static void stream(void)
{
	static struct camera camera = { .fd = -1 };
	uint32_t handle;
	int index;

	if (camera.fd < 0)
		start_camera(&camera);
	index = camera_dequeue(&camera, PATIENCE_MS);
	igt_assert(index >= 0);
	handle = prime_import(cards.second, camera.buffers[index].dmabuf);
	gem_close(cards.second, handle);
	igt_assert_eq(camera_queue(&camera, index), 0);
}

/* Mapped and unmapped without a pause, inside the kernel. */
static void map_and_unmap(void)
{
	struct dmabuf_bench_export export = { .pages = 16 };
	struct dmabuf_bench_loop loop = { .work = DMABUF_BENCH_MAP_UNMAP, .turns = 100 };
	int bench = open("/dev/dmabuf_bench", O_RDWR | O_CLOEXEC);

	igt_assert_errno(bench, 0);
	igt_assert_errno(ioctl(bench, DMABUF_BENCH_EXPORT, &export), 0);
	loop.fd = export.fd;
	igt_assert_errno(ioctl(bench, DMABUF_BENCH_LOOP, &loop), 0);
	close(export.fd);
	close(bench);
}

static void (*const kinds[])(void) = { exchange, access_all, wait_for_fence, abandon_fence,
				       look, map_and_unmap, stream };

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/**
 * struct shared - what the processes and the test both see
 * @stop: set to end them
 * @turns: of each kind
 */
static struct shared {
	atomic_bool stop;
	atomic_ulong turns[KINDS];
} *shared;

static pid_t children[KINDS];
static unsigned long seen[KINDS];

static _Noreturn void run(unsigned int kind)
{
	/* A failed assertion comes back here, not to the test's own place. */
	if (sigsetjmp(igt_subtest_jmpbuf, 1))
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!shared->stop) {
		kinds[kind]();
		shared->turns[kind]++;
		usleep(1000);
	}
	_exit(0);
}

void traffic_start(void)
{
	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	igt_assert(shared != MAP_FAILED);
	memset(shared, 0, sizeof(*shared));
	memset(seen, 0, sizeof(seen));
	for (unsigned int i = 0; i < KINDS; i++) {
		children[i] = fork();
		igt_assert(children[i] >= 0);
		if (!children[i])
			run(i);
	}
}

/* One turn at least, within the time of a slow machine. */
static void progress(unsigned int kind)
{
	for (int waited = 0; waited < 2 * PATIENCE_MS; waited += 20) {
		int status = 0;

		igt_assert_f(!waitpid(children[kind], &status, WNOHANG),
			     "traffic %u ended with status %d\n", kind, status);
		if (shared->turns[kind] != seen[kind]) {
			seen[kind] = shared->turns[kind];
			return;
		}
		usleep(20 * 1000);
	}
	igt_assert_f(false, "traffic %u does not get on\n", kind);
}

void traffic_progress(void)
{
	for (unsigned int i = 0; i < KINDS; i++)
		progress(i);
}

void traffic_stop(void)
{
	traffic_progress();
	shared->stop = true;
	for (unsigned int i = 0; i < KINDS; i++) {
		child_join(children[i]);
		children[i] = 0;
		igt_info("traffic %u: %lu turns\n", i, shared->turns[i]);
	}
}

void traffic_kill(void)
{
	for (unsigned int i = 0; i < KINDS; i++) {
		if (children[i] <= 0)
			continue;
		kill(children[i], SIGKILL);
		waitpid(children[i], NULL, 0);
		children[i] = 0;
	}
}
