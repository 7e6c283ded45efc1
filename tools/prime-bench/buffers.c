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

#include "clock.h"
#include "kms_device.h"

#define WIDTH 1920
#define HEIGHT 1080

/* What buffers_share() makes beforehand; few, for they are open at once. */
#define BATCH 50

void peer_open(struct peer *peer, const char *driver)
{
	peer->driver = driver;
	peer->card = drm_open_card(driver, 0);
	peer->other = drm_open_card(driver, 0);
	if (peer->card < 0 || peer->other < 0)
		errx(EXIT_FAILURE, "no card of the driver %s", driver);
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
	double start = clock_ns();

	for (unsigned int i = 0; i < turns; i++) {
		uint64_t size;
		uint32_t handle = create(peer->card, WIDTH, HEIGHT, &size);

		touch(peer->card, handle, size);
		drmModeDestroyDumbBuffer(peer->card, handle);
	}
	return (clock_ns() - start) / turns;
}

static void share(const struct peer *peer, uint32_t handle)
{
	uint32_t imported;
	int fd;

	if (drmPrimeHandleToFD(peer->card, handle, DRM_CLOEXEC | DRM_RDWR, &fd))
		err(EXIT_FAILURE, "export by %s", peer->driver);
	if (drmPrimeFDToHandle(peer->other, fd, &imported))
		err(EXIT_FAILURE, "import by %s", peer->driver);
	drmCloseBufferHandle(peer->other, imported);
	close(fd);
}

static double share_batch(const struct peer *peer, unsigned int count)
{
	uint32_t handles[BATCH];
	double start;

	for (unsigned int i = 0; i < count; i++)
		handles[i] = create_page(peer->card);
	start = clock_ns();
	for (unsigned int i = 0; i < count; i++) {
		share(peer, handles[i]);
		drmCloseBufferHandle(peer->card, handles[i]);
	}
	return clock_ns() - start;
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
	start = clock_ns();
	for (unsigned int i = 0; i < turns; i++)
		share(peer, handle);
	ns = clock_ns() - start;
	drmCloseBufferHandle(peer->card, handle);
	return ns / turns;
}
