// SPDX-License-Identifier: MIT
/*
 * Buffers of one driver: memory, and PRIME between two of its clients. The
 * program calls it by turns for each driver. Knows nothing of the drivers.
 */
#include "buffers.h"

#include <err.h>
#include <fcntl.h> /* DRM_CLOEXEC and DRM_RDWR are made of its flags */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "bench.h"
#include "kms_device.h"

#define WIDTH 1920
#define HEIGHT 1080

/* What buffers_share() makes beforehand; few, for they are open at once. */
#define BATCH 50

#define MAX_KEPT 10000

static uint32_t kept[MAX_KEPT];
static unsigned int num_kept;

void peer_open(struct peer *peer, const char *driver)
{
	peer->driver = driver;
	peer->card = drm_open_card(driver, 0);
	peer->other = drm_open_card(driver, 0);
	if (peer->card < 0 || peer->other < 0)
		errx(EXIT_FAILURE, "no card of the driver %s", driver);
	/* Who opens a card first is its master, and would keep the screen. */
	drmDropMaster(peer->card);
	drmDropMaster(peer->other);
}

static uint32_t create(int card, uint32_t width, uint32_t height, uint64_t *size)
{
	uint32_t handle, pitch;

	if (drmModeCreateDumbBuffer(card, width, height, 32, 0, &handle, &pitch, size))
		err(EXIT_FAILURE, "a buffer of %ux%u", width, height);
	return handle;
}

static uint32_t create_page(int card)
{
	uint64_t size;

	return create(card, 32, 32, &size);
}

static void touch(int card, uint32_t handle, uint64_t size)
{
	long page = sysconf(_SC_PAGESIZE);
	volatile char *bytes;
	uint64_t offset;

	if (drmModeMapDumbBuffer(card, handle, &offset))
		err(EXIT_FAILURE, "the place of a buffer");
	bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, card, offset);
	if (bytes == MAP_FAILED)
		err(EXIT_FAILURE, "mmap");
	for (uint64_t i = 0; i < size; i += page)
		bytes[i] = 1;
	munmap((void *)bytes, size);
}

double buffers_touch(const struct peer *peer, unsigned int turns)
{
	double start = bench_ns();

	for (unsigned int i = 0; i < turns; i++) {
		uint64_t size;
		uint32_t handle = create(peer->card, WIDTH, HEIGHT, &size);

		touch(peer->card, handle, size);
		drmModeDestroyDumbBuffer(peer->card, handle);
	}
	return (bench_ns() - start) / turns;
}

static int export(const struct peer *peer, uint32_t handle)
{
	int fd;

	if (drmPrimeHandleToFD(peer->card, handle, DRM_CLOEXEC | DRM_RDWR, &fd))
		err(EXIT_FAILURE, "%s makes no dma-buf", peer->driver);
	return fd;
}

static int export_and_close(const struct peer *peer, uint32_t handle)
{
	int fd = export(peer, handle);

	drmCloseBufferHandle(peer->card, handle);
	return fd;
}

static uint32_t import(const struct peer *peer, int card, int fd)
{
	uint32_t handle;

	if (drmPrimeFDToHandle(card, fd, &handle))
		err(EXIT_FAILURE, "%s takes no dma-buf", peer->driver);
	return handle;
}

static void share(const struct peer *peer, uint32_t handle)
{
	int fd = export(peer, handle);

	drmCloseBufferHandle(peer->other, import(peer, peer->other, fd));
	close(fd);
}

static double share_batch(const struct peer *peer, unsigned int count)
{
	uint32_t handles[BATCH];
	double start;

	for (unsigned int i = 0; i < count; i++)
		handles[i] = create_page(peer->card);
	start = bench_ns();
	for (unsigned int i = 0; i < count; i++) {
		share(peer, handles[i]);
		drmCloseBufferHandle(peer->card, handles[i]);
	}
	return bench_ns() - start;
}

double buffers_share(const struct peer *peer, unsigned int turns)
{
	unsigned int left = turns;
	double ns = 0;

	while (left) {
		unsigned int count = left < BATCH ? left : BATCH;

		ns += share_batch(peer, count);
		left -= count;
	}
	return ns / turns;
}

double buffers_share_again(const struct peer *peer, unsigned int turns)
{
	uint32_t handle = create_page(peer->card);
	double start, ns;

	share(peer, handle);
	start = bench_ns();
	for (unsigned int i = 0; i < turns; i++)
		share(peer, handle);
	ns = bench_ns() - start;
	drmCloseBufferHandle(peer->card, handle);
	return ns / turns;
}

void buffers_keep(const struct peer *peer, const struct peer *from, unsigned int count)
{
	if (count > MAX_KEPT)
		errx(EXIT_FAILURE, "%u buffers are too many", count);
	while (num_kept > count)
		drmCloseBufferHandle(peer->card, kept[--num_kept]);
	while (num_kept < count) {
		int fd = export_and_close(from, create_page(from->card));

		kept[num_kept++] = import(peer, peer->card, fd);
		close(fd);
	}
}

double buffers_import(const struct peer *peer, const struct peer *from, unsigned int turns)
{
	int fd = export_and_close(from, create_page(from->card));
	double start;

	drmCloseBufferHandle(peer->card, import(peer, peer->card, fd));
	start = bench_ns();
	for (unsigned int i = 0; i < turns; i++)
		drmCloseBufferHandle(peer->card, import(peer, peer->card, fd));
	start = bench_ns() - start;
	close(fd);
	return start / turns;
}

int buffers_export_touched(const struct peer *peer)
{
	uint64_t size;
	uint32_t handle = create(peer->card, WIDTH, HEIGHT, &size);

	touch(peer->card, handle, size);
	return export_and_close(peer, handle);
}
