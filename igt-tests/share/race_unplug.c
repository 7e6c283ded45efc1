// SPDX-License-Identifier: MIT
/*
 * A device that is unplugged and plugged in again, or loses its driver for a while,
 * under threads that open it, make, share, map and show its buffers. What a thread
 * began on a device that is gone has to fail with ENODEV, and all of it has to be
 * given back.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "igt_api.h"
#include "lib/dmabuf_count.h"
#include "lib/dumb.h"
#include "matrix.h"
#include "race.h"

#define INDEX 1
#define PLUGGED "/sys/kernel/config/vprime/vprime.1/plugged"
#define DRIVER "/sys/bus/platform/drivers/vprime/"
#define WIDTH 640
#define HEIGHT 480
#define SIZE (WIDTH * HEIGHT * 4)

/* Of vgem, which stays. */
static struct dumb foreign;
static int foreign_fd;

static const struct {
	const char *file, *text;
} ways[][2] = {
	{ { PLUGGED, "0" }, { PLUGGED, "1" } },
	{ { DRIVER "unbind", "vprime.1" }, { DRIVER "bind", "vprime.1" } },
};

static int change(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return errno;
	ret = write(fd, text, strlen(text)) > 0 ? 0 : errno;
	close(fd);
	return ret;
}

static int unplug_and_plug(unsigned int round)
{
	unsigned int way = round % 2;
	int error;

	usleep(1000 * (round * 7 % 60));
	error = change(ways[way][0].file, ways[way][0].text);
	usleep(1000 * (round % 5));
	return error ? error : change(ways[way][1].file, ways[way][1].text);
}

/* A card that is not there now: nothing to do. */
static int on_card(int (*action)(int card, unsigned int round), unsigned int round)
{
	int card = drm_open_card(share_driver(), INDEX), error;

	if (card < 0) {
		usleep(500);
		return 0;
	}
	error = action(card, round);
	close(card);
	return error;
}

static int make(int card, uint32_t *handle)
{
	uint32_t pitch;
	uint64_t size;

	return failed(drmModeCreateDumbBuffer(card, WIDTH, HEIGHT, 32, 0, handle, &pitch,
					      &size));
}

/* Exported, imported by vgem, mapped and touched: first or last when it is gone. */
static int share_on(int card, unsigned int round)
{
	volatile uint8_t *map;
	uint32_t handle;
	int error = make(card, &handle), fd;

	if (error)
		return error;
	if (drmPrimeHandleToFD(card, handle, DRM_CLOEXEC | DRM_RDWR, &fd))
		return errno;
	if (!drmPrimeFDToHandle(foreign.card, fd, &handle))
		drmCloseBufferHandle(foreign.card, handle);
	map = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (round & 1)
		usleep(2000);
	if (map != MAP_FAILED) {
		for (size_t i = 0; i < SIZE; i += 64 * 1024)
			map[i] = round;
		munmap((void *)map, SIZE);
	}
	close(fd);
	return 0;
}

static int import_on(int card, unsigned int round)
{
	uint32_t handle;

	if (drmPrimeFDToHandle(card, foreign_fd, &handle))
		return errno;
	if (round & 1)
		usleep(2000);
	return failed(drmCloseBufferHandle(card, handle));
}

static uint32_t connector_of(int card, drmModeRes *resources, drmModeModeInfo *mode)
{
	for (int i = 0; i < resources->count_connectors; i++) {
		drmModeConnector *connector =
			drmModeGetConnector(card, resources->connectors[i]);
		uint32_t id = 0;

		for (int j = 0; connector && j < connector->count_modes; j++)
			if (connector->modes[j].hdisplay == WIDTH &&
			    connector->modes[j].vdisplay == HEIGHT) {
				*mode = connector->modes[j];
				id = connector->connector_id;
			}
		drmModeFreeConnector(connector);
		if (id)
			return id;
	}
	return 0;
}

/* Lights the screen and flips until the device is gone, or some times. */
static int show_on(int card, unsigned int round)
{
	uint32_t handles[4] = {}, pitches[4] = { WIDTH * 4 }, offsets[4] = {}, fb, connector;
	drmModeRes *resources = drmModeGetResources(card);
	drmModeModeInfo mode;
	int error = 0;

	if (!resources)
		return errno;
	connector = connector_of(card, resources, &mode);
	if (round & 1)
		error = make(card, &handles[0]);
	else
		error = failed(drmPrimeFDToHandle(card, foreign_fd, &handles[0]));
	if (!error && connector)
		error = failed(drmModeAddFB2(card, WIDTH, HEIGHT, 0x34325258, handles,
					     pitches, offsets, &fb, 0));
	if (!error && connector)
		error = failed(drmModeSetCrtc(card, resources->crtcs[0], fb, 0, 0,
					      &connector, 1, &mode));
	for (int i = 0; i < 4 && !error && connector; i++) {
		error = failed(drmModePageFlip(card, resources->crtcs[0], fb, 0, NULL));
		usleep(10000);
	}
	drmModeFreeResources(resources);
	return error == EBUSY ? 0 : error;
}

static int share(unsigned int round)
{
	return on_card(share_on, round);
}

static int import(unsigned int round)
{
	return on_card(import_on, round);
}

static int show(unsigned int round)
{
	return on_card(show_on, round);
}

/* EACCES: another thread is master of the card. ENOENT: it is gone in between. */
static const struct action actions[] = {
	{ "share", share, { ENODEV } },
	{ "import", import, { ENODEV } },
	{ "show", show, { ENODEV, EACCES, ENOENT } },
	{ "unplug", unplug_and_plug, {} },
};

void race_unplug(void)
{
	static const char *const names[RACE_THREADS] = { "share", "share", "share", "import",
							 "import", "show", "show", "unplug" };
	int before = dmabuf_count(), card;

	igt_require_f(!access(PLUGGED, W_OK), "%s has no slots in configfs\n", share_driver());
	card = drm_open_card("vgem", 0);
	igt_require_f(card >= 0, "needs vgem\n");
	foreign = dumb_new(card, SIZE);
	foreign_fd = prime_export(card, foreign.handle, DRM_CLOEXEC | DRM_RDWR);
	race_run(actions, sizeof(actions) / sizeof(actions[0]), names);
	close(foreign_fd);
	dumb_free(&foreign);
	close(card);
	dmabuf_assert_count(before);
}
