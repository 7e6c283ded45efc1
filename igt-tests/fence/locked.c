// SPDX-License-Identifier: MIT
/*
 * Buffers that others have locked nearly all of the time: several move each again and
 * again, and a move waits, with the lock, for a writer who takes long. A commit that
 * shows them all gives up in the time that it has for all of them together.
 */
#include "fence_subtests.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "igt_api.h"
#include "late.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "software.h"

#define BUFFERS 2
#define MOVERS 3

/* Between two who have the lock a commit now and then gets it. */
#define TRIES 5

#define WRITER_MS 2000
#define MOVE "/sys/kernel/debug/dri/vprime.1/vprime_move"

/* A commit that does not block has 100 ms; the rest is the emulator's. */
#define LONGEST_NONBLOCK_MS 500.0

/**
 * struct buffer - one that is kept locked
 * @dumb: it, of the second card
 * @dmabuf: it
 * @layer: what shows it
 * @movers: the processes that move it
 */
struct buffer {
	struct dumb dumb;
	int dmabuf;
	struct layer layer;
	pid_t movers[MOVERS];
};

static void write_next(int render, uint32_t timeline, uint64_t point, int dmabuf)
{
	struct dma_buf_import_sync_file import = { .flags = DMA_BUF_SYNC_RW };

	import.fd = timeline_sync_file(render, timeline, point, WRITER_MS);
	ioctl(dmabuf, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import);
	close(import.fd);
}

/* Its fences end with it. */
static pid_t start_mover(const struct buffer *buffer)
{
	pid_t pid = fork();
	uint32_t timeline;
	int card;
	char inode[32];
	int move;

	igt_assert(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(inode, sizeof(inode), "%lu", (unsigned long)dmabuf_inode(buffer->dmabuf));
	card = drm_open_card("vprime", 1);
	timeline = timeline_new(card);
	for (uint64_t point = 1;; point++) {
		write_next(card, timeline, point, buffer->dmabuf);
		move = open(MOVE, O_WRONLY | O_CLOEXEC);
		if (write(move, inode, strlen(inode)) < 0 && errno != EBUSY)
			_exit(1);
		close(move);
	}
}

static void begin(struct screen *screen, int other, struct buffer *buffer, unsigned int index)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *fb = screen_fb_slot(screen);
	struct pixel_layout layout;

	pixel_layout_fill(&layout, format, 64 * 4, 64);
	buffer->dumb = dumb_new(other, layout.size);
	buffer->dmabuf = prime_export(other, buffer->dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	dmabuf_fill_noise(buffer->dmabuf, layout.size, index);
	igt_assert_eq(kms_fb_import(fb, screen->kms.fd, buffer->dmabuf, format, 64, 64, &layout),
		      0);
	fb->map = mmap(NULL, layout.size, PROT_READ, MAP_SHARED, buffer->dmabuf, 0);
	igt_assert(fb->map != MAP_FAILED);
	buffer->layer = layer_new(&screen->kms.overlay[index], fb, 64 * index, 8);
}

static void end(struct buffer *buffer)
{
	close(buffer->dmabuf);
	dumb_free(&buffer->dumb);
}

/* One that ends waits for those who still move. Returns whether all did until then. */
static bool end_movers(struct buffer *buffers)
{
	bool moved = true;

	for (int i = 0; i < BUFFERS * MOVERS; i++)
		moved = !waitpid(buffers[i / MOVERS].movers[i % MOVERS], NULL, WNOHANG) && moved;
	for (int i = 0; i < BUFFERS * MOVERS; i++)
		kill(buffers[i / MOVERS].movers[i % MOVERS], SIGKILL);
	for (int i = 0; i < BUFFERS * MOVERS; i++)
		waitpid(buffers[i / MOVERS].movers[i % MOVERS], NULL, 0);
	return moved;
}

/* Returns whether it gave up. */
static bool commit(struct screen *screen, const struct layer *layers, uint32_t flags,
		   double longest)
{
	double start = clock_ms(), took;
	int ret = __scene_show(screen, layers, BUFFERS, flags, NULL);

	took = clock_ms() - start;
	igt_info("%s: %d after %.0f ms\n", flags ? "does not block" : "blocks", ret, took);
	igt_assert(ret == 0 || ret == -EBUSY);
	igt_assert_f(took <= longest, "it took %.0f ms\n", took);
	return ret == -EBUSY;
}

/* Returns whether both commits gave up. */
static bool try(struct screen *screen, int other)
{
	struct buffer buffers[BUFFERS];
	struct layer layers[BUFFERS];
	bool gave_up, moved;

	screen_reset(screen);
	scene_show(screen, NULL, 0);
	for (unsigned int i = 0; i < BUFFERS; i++) {
		begin(screen, other, &buffers[i], i);
		layers[i] = buffers[i].layer;
	}
	for (unsigned int i = 0; i < BUFFERS; i++)
		for (unsigned int j = 0; j < MOVERS; j++)
			buffers[i].movers[j] = start_mover(&buffers[i]);
	usleep(300000);
	gave_up = commit(screen, layers, 0, LONGEST_MS) &&
		  commit(screen, layers, DRM_MODE_ATOMIC_NONBLOCK, LONGEST_NONBLOCK_MS);
	moved = end_movers(buffers);
	if (gave_up) {
		igt_assert_f(moved, "a move ended\n");
		scene_check(screen, layers, BUFFERS, "XRGB8888", 0);
	}
	screen_reset(screen);
	for (unsigned int i = 0; i < BUFFERS; i++)
		end(&buffers[i]);
	return gave_up;
}

static void run(struct screen *screen)
{
	unsigned long locks = late_counts(screen).locks;
	int other = drm_open_card("vprime", 1);
	bool gave_up = false;

	igt_require_f(other >= 0, "needs a second card\n");
	igt_require_f(!access(MOVE, W_OK), "needs debugfs\n");
	for (int i = 0; i < TRIES && !gave_up; i++)
		gave_up = try(screen, other);
	igt_assert(gave_up);
	igt_assert(late_counts(screen).locks >= locks + 2);
	close(other);
}

void locked_subtests(struct screen *screen)
{
	igt_describe("Whoever keeps buffers locked holds up no commit that shows them all.");
	igt_subtest("commit-locked")
		run(screen);
}
