// SPDX-License-Identifier: MIT
/*
 * evdi-bench: what it costs to take a frame from a screen of evdi, through its
 * library. The peer of grab-bench, in the same guest; lab/bench builds both. It
 * plays the compositor itself, with the screen of tools/grab-bench.
 */
#include <err.h>
#include <glob.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <evdi_lib.h>

#include "results.h"
#include "stage.h"

#define WIDTH 1920
#define HEIGHT 1080
#define REPETITIONS 40
#define DEVICES 64
#define READY_MS 10000
#define MARK 0x5a

/* The EDID of the vprime screen in the same guest: the modes are the same. */
static size_t read_edid(unsigned char *edid, size_t size)
{
	static const char edids[] =
		"/sys/devices/platform/vprime.0/drm/card*/card*-Virtual-*/edid";
	glob_t found = { 0 };
	FILE *file = NULL;
	size_t length = 0;

	if (!glob(edids, 0, NULL, &found))
		file = fopen(found.gl_pathv[0], "rb");
	if (file) {
		length = fread(edid, 1, size, file);
		fclose(file);
	}
	globfree(&found);
	if (!length)
		errx(EXIT_FAILURE, "no EDID of vprime's");
	return length;
}

static evdi_handle open_device(void)
{
	evdi_handle handle = EVDI_INVALID_HANDLE;

	if (evdi_add_device() <= 0)
		errx(EXIT_FAILURE, "evdi makes no device");
	/* Its node comes a moment later. */
	for (int tries = 0; tries < 50 && handle == EVDI_INVALID_HANDLE; tries++) {
		for (int i = 0; i < DEVICES && handle == EVDI_INVALID_HANDLE; i++)
			if (evdi_check_device(i) == AVAILABLE)
				handle = evdi_open(i);
		if (handle == EVDI_INVALID_HANDLE)
			usleep(100000);
	}
	if (handle == EVDI_INVALID_HANDLE)
		errx(EXIT_FAILURE, "no device of evdi's");
	return handle;
}

static void be_quiet(void *data, const char *format, ...)
{
	(void)data;
	(void)format;
}

static bool ready;

static void note_ready(int buffer, void *data)
{
	(void)buffer;
	(void)data;
	ready = true;
}

static void ignore_mode(struct evdi_mode mode, void *data)
{
	(void)mode;
	(void)data;
}

static void ignore_state(int state, void *data)
{
	(void)state;
	(void)data;
}

static void handle_events(evdi_handle handle, int timeout_ms)
{
	struct pollfd events = { .fd = evdi_get_event_ready(handle), .events = POLLIN };
	struct evdi_event_context context = {
		.update_ready_handler = note_ready,
		.mode_changed_handler = ignore_mode,
		.dpms_handler = ignore_state,
		.crtc_state_handler = ignore_state,
	};

	if (poll(&events, 1, timeout_ms) > 0)
		evdi_handle_events(handle, &context);
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static void wait_for_update(evdi_handle handle)
{
	ready = evdi_request_update(handle, 0);
	while (!ready)
		handle_events(handle, READY_MS);
}

/* The frame is there before time is taken, as in grab-bench. */
static void measure(evdi_handle handle, struct stage *stage)
{
	struct evdi_rect rects[16];
	double start, end;
	int count = 16;

	/* evdi ends a commit when its frame is taken: the first as well. */
	wait_for_update(handle);
	evdi_grab_pixels(handle, rects, &count);
	for (int i = -4; i < REPETITIONS; i++) {
		stage_flip(stage);
		wait_for_update(handle);
		count = 16;
		start = now_ns();
		evdi_grab_pixels(handle, rects, &count);
		end = now_ns();
		if (count != 1 || rects[0].x2 - rects[0].x1 != WIDTH ||
		    rects[0].y2 - rects[0].y1 != HEIGHT)
			errx(EXIT_FAILURE, "evdi did not give a whole frame: %d parts", count);
		stage_flip_done(stage);
		if (i >= 0)
			results_add("evdi-grab-1080p", end - start);
	}
}

int main(void)
{
	struct evdi_buffer buffer = {
		.width = WIDTH,
		.height = HEIGHT,
		.stride = 4 * WIDTH,
		.buffer = calloc(WIDTH * HEIGHT, 4),
	};
	unsigned char edid[512];
	size_t length = read_edid(edid, sizeof(edid));
	struct stage stage;
	evdi_handle handle;

	if (!buffer.buffer)
		errx(EXIT_FAILURE, "no memory");
	evdi_set_logging((struct evdi_logging){ .function = be_quiet });
	handle = open_device();
	evdi_connect2(handle, edid, length, WIDTH * HEIGHT, WIDTH * HEIGHT * 60);
	evdi_register_buffer(handle, buffer);
	stage_open(&stage, "evdi");
	stage_set(&stage, WIDTH, HEIGHT);
	handle_events(handle, 100);
	for (int i = 0; i < 2; i++)
		memset(stage.fb[i].map, MARK, stage.fb[i].layout.size);
	measure(handle, &stage);
	if (((uint8_t *)buffer.buffer)[4 * WIDTH * HEIGHT - 4] != MARK)
		errx(EXIT_FAILURE, "what evdi gave is not what was shown");
	results_print_json(stdout);
	evdi_unregister_buffer(handle, 0);
	stage_close(&stage);
	evdi_disconnect(handle);
	evdi_close(handle);
	free(buffer.buffer);
	return EXIT_SUCCESS;
}
