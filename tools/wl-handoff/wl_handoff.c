// SPDX-License-Identifier: MIT
/*
 * wl-handoff: hands dma-bufs of different exporters to a Wayland compositor, and says
 * which they were.
 *
 * The command line, and the run: open a window, hand over frames, tell. How a buffer
 * lives is in window.c.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wayland-client-protocol.h>

#include "compositor.h"
#include "option_value.h"
#include "pattern.h"
#include "source.h"
#include "window.h"

#define GIVE_BACK_MS 10000
#define WAIT_MS 1000

struct arguments {
	const struct source_kind *kind;
	const struct pixel_format *format;
	uint32_t width;
	uint32_t height;
	unsigned int buffers;
	unsigned int frames;
	const char *expect;
	bool keep;
	bool list;
	struct window_options window;
};

enum {
	KEY_BUFFERS = 256,
	KEY_EXPECT,
	KEY_FULLSCREEN,
	KEY_IMPLICIT,
	KEY_KEEP,
	KEY_LIST,
	KEY_TRANSFORM,
};

static const struct argp_option argp_options[] = {
	{ "source", 'S', "NAME", 0,
	  "Who makes the buffers: vivid, vgem, udmabuf, heap, render (default vgem)", 0 },
	{ "format", 'f', "NAME", 0, "Pixel format (default: a camera's NV12, else XRGB8888)", 0 },
	{ "size", 's', "WxH", 0, "Size of the window (default 640x480)", 0 },
	{ "buffers", KEY_BUFFERS, "N", 0, "Take turns with that many, 2 to 8 (default 4)", 0 },
	{ "frames", 'n', "N", 0, "Hand over that many frames (default 60)", 0 },
	{ "keep", KEY_KEEP, NULL, 0, "Then leave the last one until killed", 0 },
	{ "fullscreen", KEY_FULLSCREEN, NULL, 0, "Be the whole first screen", 1 },
	{ "transform", KEY_TRANSFORM, "NAME", 0,
	  "normal, 180, flipped or flipped-180: how the buffers are turned", 1 },
	{ "implicit", KEY_IMPLICIT, NULL, 0, "Leave linux-drm-syncobj alone", 1 },
	{ "expect", KEY_EXPECT, "FILE", 0, "Write what the screen should show of the last", 2 },
	{ "list", KEY_LIST, NULL, 0, "List what the compositor takes, first", 2 },
	{ 0 }
};

static const struct {
	const char *name;
	uint32_t transform;
} transforms[] = {
	{ "normal", WL_OUTPUT_TRANSFORM_NORMAL },
	{ "180", WL_OUTPUT_TRANSFORM_180 },
	{ "flipped", WL_OUTPUT_TRANSFORM_FLIPPED },
	{ "flipped-180", WL_OUTPUT_TRANSFORM_FLIPPED_180 },
};

static volatile sig_atomic_t ended;

static void on_signal(int signal)
{
	ended = 1;
}

static uint32_t parse_transform(struct argp_state *state, const char *text)
{
	for (size_t i = 0; i < sizeof(transforms) / sizeof(transforms[0]); i++)
		if (!strcmp(transforms[i].name, text))
			return transforms[i].transform;
	argp_error(state, "no transform '%s'", text);
	return 0;
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'S':
		arguments->kind = source_kind_by_name(text);
		if (!arguments->kind)
			argp_error(state, "no source '%s'", text);
		return 0;
	case 'f':
		arguments->format = pixel_format_by_name(text);
		if (!arguments->format)
			argp_error(state, "no format '%s'", text);
		return 0;
	case 's':
		option_size(state, text, &arguments->width, &arguments->height);
		return 0;
	case 'n':
		arguments->frames = option_number(state, text, 1, 1000000000);
		return 0;
	case KEY_BUFFERS:
		arguments->buffers = option_number(state, text, 2, SOURCE_MAX_PICTURES);
		return 0;
	case KEY_EXPECT:
		arguments->expect = text;
		return 0;
	case KEY_FULLSCREEN:
		arguments->window.fullscreen = true;
		return 0;
	case KEY_IMPLICIT:
		arguments->window.implicit = true;
		return 0;
	case KEY_KEEP:
		arguments->keep = true;
		return 0;
	case KEY_LIST:
		arguments->list = true;
		return 0;
	case KEY_TRANSFORM:
		arguments->window.transform = parse_transform(state, text);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void tell_buffers(const struct source *source)
{
	for (unsigned int i = 0; i < source->count; i++)
		printf("{\"buffer\":{\"index\":%u,\"source\":\"%s\",\"inode\":%" PRIu64
		       ",\"format\":\"%s\",\"modifier\":0,\"width\":%u,\"height\":%u}}\n",
		       i, source->kind->name, source->pictures[i].inode, source->format->name,
		       source->width, source->height);
	fflush(stdout);
}

static void tell_kept(const struct window *window, unsigned int index)
{
	printf("{\"kept\":{\"index\":%u,\"inode\":%" PRIu64 ",\"explicit_sync\":%s}}\n", index,
	       window->source->pictures[index].inode, window->sync ? "true" : "false");
	fflush(stdout);
}

static void tell_end(const struct window_counts *counts)
{
	printf("{\"end\":{\"shown\":%u,\"released\":%u,", counts->shown, counts->released);
	printf("\"presented\":%u,\"zero_copy\":%u,\"discarded\":%u}}\n", counts->presented,
	       counts->zero_copy, counts->discarded);
	fflush(stdout);
}

static int write_expected(const struct arguments *arguments, const struct source *source)
{
	struct pattern pattern = { source->width, source->height, arguments->frames - 1 };
	int ret;

	if (!arguments->expect)
		return 0;
	ret = pattern_write(&pattern, arguments->window.transform, arguments->expect);
	if (ret)
		warnx("%s: %s", arguments->expect, strerror(-ret));
	return ret;
}

/* Hands over all frames; *@last is the buffer of the last one, which is on the screen then. */
static int show_frames(struct window *window, unsigned int frames, unsigned int *last)
{
	int ret = 0, index;

	while (!ended && !window->closed && window->counts.shown < frames) {
		index = window->ready ? source_take(window->source) : -EAGAIN;
		if (index >= 0) {
			ret = window_show(window, index, window->counts.shown);
			*last = index;
		} else if (index == -EAGAIN) {
			ret = window_wait(window, WAIT_MS);
		} else {
			ret = index;
		}
		if (ret)
			return ret == -EINTR ? 0 : ret;
	}
	while (!ret && !ended && !window->ready)
		ret = window_wait(window, WAIT_MS);
	return ret == -EINTR ? 0 : ret;
}

static int run(struct window *window, struct source *source, const struct arguments *arguments)
{
	unsigned int last = 0;
	int ret;

	tell_buffers(source);
	ret = write_expected(arguments, source);
	if (!ret)
		ret = window_take_source(window, source);
	if (!ret)
		ret = show_frames(window, arguments->frames, &last);
	if (ret)
		return ret;
	if (arguments->keep) {
		tell_kept(window, last);
		while (!ret && !ended && !window->closed)
			ret = window_wait(window, WAIT_MS);
	}
	ret = window_settle(window, GIVE_BACK_MS);
	formats_print(&window->feedback);
	tell_end(&window->counts);
	return ret;
}

static int open_source(struct source *source, const struct compositor *compositor,
		       const struct arguments *arguments)
{
	source->kind = arguments->kind;
	source->format = arguments->format;
	if (!source->format)
		source->format = pixel_format_by_name(source->kind->allocate ? "XRGB8888" : "NV12");
	source->width = arguments->width;
	source->height = arguments->height;
	if (arguments->window.fullscreen) {
		source->width = compositor->width;
		source->height = compositor->height;
	}
	return source_open(source, arguments->buffers);
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.doc = "Hand dma-bufs to a Wayland compositor.",
	};
	struct arguments arguments = {
		.kind = source_kind_by_name("vgem"),
		.width = 640,
		.height = 480,
		.buffers = 4,
		.frames = 60,
	};
	struct compositor compositor = {};
	struct window window = {};
	struct source source = { .camera.fd = -1 };
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	catch_signals();
	ret = compositor_open(&compositor);
	if (!ret && arguments.list)
		formats_print(&compositor.formats);
	if (!ret)
		ret = window_open(&window, &compositor, &arguments.window);
	if (!ret)
		ret = open_source(&source, &compositor, &arguments);
	if (!ret)
		ret = run(&window, &source, &arguments);
	window_close(&window);
	if (source.kind)
		source_close(&source);
	compositor_close(&compositor);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
