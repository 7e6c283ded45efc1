// SPDX-License-Identifier: MIT
/*
 * A client with a render node and the dma-buf of a buffer that is shown, who does all it
 * can to hold the screen up: writers on the buffer at all times, in an order in which
 * whoever waits for one after the other waits longest, or away for a moment to lure
 * somebody in. No flip takes longer than the driver's patience, and the next commit is
 * taken as soon.
 */
#include "fence_subtests.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "late.h"
#include "lib/dumb.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "software.h"

#define BUFFERS 2
#define TIMELINES 32
#define FLIPS 6
#define LURED_FLIPS 16

/**
 * struct client - what the hostile client has
 * @render: its render node
 * @dmabufs: of the buffers that are shown
 * @timelines: its own
 * @points: the last point of each that is on the buffers
 */
struct client {
	int render;
	int dmabufs[BUFFERS];
	uint32_t timelines[TIMELINES];
	uint64_t points[TIMELINES];
};

static void write_next(struct client *client, int timeline)
{
	struct dma_buf_import_sync_file import = { .flags = DMA_BUF_SYNC_RW };

	import.fd = timeline_sync_file(client->render, client->timelines[timeline],
				       ++client->points[timeline], 0);
	for (int i = 0; i < BUFFERS; i++)
		ioctl(client->dmabufs[i], DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import);
	close(import.fd);
}

static void pass_all(struct client *client)
{
	for (int i = TIMELINES - 1; i >= 0; i--)
		__timeline_signal(client->render, client->timelines[i], client->points[i], 0);
}

/* Nothing is signalled: each writer is there for its ten seconds. */
static void never(struct client *client)
{
	for (int i = 0; i < TIMELINES; i++)
		write_next(client, i);
	sleep(4);
}

/* The last one is passed first, when its next one is there. */
static void descending(struct client *client)
{
	for (int i = TIMELINES - 1; i >= 0; i--) {
		write_next(client, i);
		__timeline_signal(client->render, client->timelines[i], client->points[i] - 1, 0);
		usleep(30000);
	}
}

/* Nobody there, for as long as it takes to look. */
static void luring(struct client *client)
{
	pass_all(client);
	usleep(200 + rand() % 3000);
	for (int i = 0; i < TIMELINES; i++)
		write_next(client, i);
	usleep(rand() % 4 ? rand() % 20000 : 1500000);
}

static int open_render(int card)
{
	char *name = drmGetRenderDeviceNameFromFd(card);
	int fd;

	igt_assert(name);
	fd = open(name, O_RDWR | O_CLOEXEC);
	free(name);
	igt_assert(fd >= 0);
	return fd;
}

/* All that it has goes with it. */
static pid_t start_client(struct screen *screen, struct client *client,
			  void (*play)(struct client *client))
{
	pid_t pid = fork();

	igt_assert(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	client->render = open_render(screen->kms.fd);
	for (int i = 0; i < TIMELINES; i++) {
		client->timelines[i] = timeline_new(client->render);
		write_next(client, i);
	}
	for (;;)
		play(client);
}

static void end_client(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* From the first try of the commit to its flip; less than 0 if it did not come. */
static double flip_ms(struct screen *screen, const struct kms_fb *fb)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	double start = clock_ms();
	int ret;

	igt_assert_eq(kms_show(request, &screen->kms, &screen->kms.overlay[0], fb, 0, 0), 0);
	do {
		ret = kms_commit_flip(&screen->kms, request, 0);
		if (ret == -EBUSY)
			usleep(2000);
	} while (ret == -EBUSY && clock_ms() - start < SCREEN_PATIENCE_MS * 3);
	drmModeAtomicFree(request);
	if (!ret)
		ret = kms_wait_flip(&screen->kms, SCREEN_PATIENCE_MS * 3);
	return ret ? -1 : clock_ms() - start;
}

static unsigned long late_count(const struct screen *screen)
{
	struct late late = late_counts(screen);

	return late.users + late.exporters + late.locks;
}

/* Nobody commits any more, and yet the picture comes when it can be read. */
static void assert_comes(struct screen *screen, uint32_t color)
{
	struct kms_fb *read_back = screen_picture_fb(screen, "XRGB8888");
	double start = clock_ms();
	uint32_t seen;

	do {
		screen_read_back(screen, read_back);
		seen = *(uint32_t *)read_back->map;
	} while (seen != color && clock_ms() - start < FENCE_PATIENCE_MS);
	igt_assert_f(seen == color, "%08x is on the screen\n", seen);
}

static uint32_t color_of(int buffer)
{
	return buffer ? 0xff123456 : 0xffabcdef;
}

static void check(struct screen *screen, struct client *client, struct kms_fb *fbs[],
		  void (*play)(struct client *client), bool must_be_late)
{
	int flips = play == luring ? LURED_FLIPS : FLIPS;
	unsigned long late = late_count(screen);
	double took, longest = 0;
	bool flipped = true;
	pid_t pid;

	scene_show(screen, NULL, 0);
	pid = start_client(screen, client, play);
	usleep(300000);
	for (int i = 0; i < flips && flipped; i++) {
		took = flip_ms(screen, fbs[i % BUFFERS]);
		igt_info("flip of %.0f ms\n", took);
		flipped = took >= 0;
		longest = took > longest ? took : longest;
	}
	end_client(pid);
	igt_assert(flipped);
	igt_assert_f(longest <= LONGEST_MS, "a flip took %.0f ms\n", longest);
	if (must_be_late)
		igt_assert(late_count(screen) >= late + FLIPS);
	assert_comes(screen, color_of((flips - 1) % BUFFERS));
}

/* Of the screen's own memory, or of a second card's. */
static void run(struct screen *screen, bool import, void (*play)(struct client *client),
		bool must_be_late)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	int other = import ? drm_open_card("vprime", 1) : -1;
	struct dumb dumbs[BUFFERS] = {};
	struct kms_fb *fbs[BUFFERS];
	struct client client = {};
	struct pixel_layout layout;

	igt_require_f(!import || other >= 0, "needs a second card\n");
	pixel_layout_fill(&layout, format, 64 * 4, 64);
	for (int i = 0; i < BUFFERS; i++) {
		if (import) {
			dumbs[i] = dumb_new(other, layout.size);
			client.dmabufs[i] = prime_export(other, dumbs[i].handle,
							 DRM_CLOEXEC | DRM_RDWR);
			fbs[i] = screen_fb_slot(screen);
			igt_assert_eq(kms_fb_import(fbs[i], screen->kms.fd, client.dmabufs[i],
						    format, 64, 64, &layout),
				      0);
		} else {
			fbs[i] = screen_fb(screen, "XRGB8888", 64, 64);
			client.dmabufs[i] = prime_export(screen->kms.fd, fbs[i]->handle,
							 DRM_CLOEXEC | DRM_RDWR);
		}
	}
	for (int i = 0; i < BUFFERS; i++) {
		uint32_t *map = import ? (void *)dumbs[i].map : fbs[i]->map;

		for (int pixel = 0; pixel < 64 * 64; pixel++)
			map[pixel] = color_of(i);
	}
	check(screen, &client, fbs, play, must_be_late);
	for (int i = 0; i < BUFFERS; i++) {
		close(client.dmabufs[i]);
		if (import)
			dumb_free(&dumbs[i]);
	}
	if (import)
		close(other);
}

static const struct {
	const char *name;
	void (*play)(struct client *client);
	bool import;
	bool must_be_late;
} games[] = {
	{ "native-never", never, false, true },
	{ "native-luring", luring, false, false },
	{ "import-never", never, true, true },
	{ "import-descending", descending, true, false },
	{ "import-luring", luring, true, false },
};

void hostile_subtests(struct screen *screen)
{
	igt_describe("Whoever keeps writers on a shown buffer holds no flip up for long.");
	igt_subtest_with_dynamic("commit-hostile")
	{
		for (size_t i = 0; i < sizeof(games) / sizeof(games[0]); i++) {
			igt_dynamic(games[i].name)
			{
				screen_reset(screen);
				run(screen, games[i].import, games[i].play,
				    games[i].must_be_late);
			}
		}
	}
}
