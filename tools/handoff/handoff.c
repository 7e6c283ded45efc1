// SPDX-License-Identifier: MIT
/*
 * handoff: frames of a V4L2 camera on a virtual screen, without a copy.
 *
 * The program's command line, and what is left when it is done: a table, a
 * picture, a report. What is done is in relay.c, the file to read first.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "option_value.h"
#include "png_file.h"
#include "relay.h"
#include "report.h"

struct arguments {
	struct relay_options relay;
	const char *png;
	const char *json;
};

enum {
	KEY_MODE = 256,
	KEY_JSON,
	KEY_PNG,
	KEY_DRIVER,
	KEY_CAMERA,
	KEY_READ_BACK,
};

static const struct argp_option argp_options[] = {
	{ "format", 'f', "NAME", 0, "Pixel format of the camera (default NV12)", 0 },
	{ "size", 's', "WxH", 0, "Size of the camera's frames (default 1280x720)", 0 },
	{ "frames", 'n', "N", 0, "Show that many frames (default 30)", 0 },
	{ "rate", 'r', "FPS", 0, "Frames per second (default: the camera's own)", 0 },
	{ "mode", KEY_MODE, "WxH", 0, "Size of the screen (default: its preferred mode)", 0 },
	{ "read-back", KEY_READ_BACK, "N", 0,
	  "Read the screen back at every N-th frame, and at the last (default 10)", 0 },
	{ "png", KEY_PNG, "FILE", 0, "Write the last picture of the screen there", 1 },
	{ "json", KEY_JSON, "FILE", 0, "Write the report there", 1 },
	{ "driver", KEY_DRIVER, "NAME", 0, "Driver of the screen (default vprime)", 2 },
	{ "camera", KEY_CAMERA, "NAME", 0, "Driver of the camera (default vivid)", 2 },
	{ 0 }
};

static const struct pixel_format *parse_format(struct argp_state *state, const char *text)
{
	const struct pixel_format *format = pixel_format_by_name(text);

	if (format && format->v4l2)
		return format;
	fprintf(state->err_stream, "formats:");
	for (size_t i = 0; i < pixel_format_count; i++)
		if (pixel_formats[i].v4l2)
			fprintf(state->err_stream, " %s", pixel_formats[i].name);
	fprintf(state->err_stream, "\n");
	argp_error(state, "no camera format '%s'", text);
	return NULL;
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct relay_options *relay = &arguments->relay;

	switch (key) {
	case 'f':
		relay->format = parse_format(state, text);
		return 0;
	case 's':
		option_size(state, text, &relay->width, &relay->height);
		return 0;
	case 'n':
		relay->frames = option_number(state, text, 1, SAMPLES_MAX);
		return 0;
	case 'r':
		relay->rate = option_number(state, text, 1, SAMPLES_MAX);
		return 0;
	case KEY_MODE:
		option_size(state, text, &relay->mode_width, &relay->mode_height);
		return 0;
	case KEY_READ_BACK:
		relay->read_back_every = option_number(state, text, 1, SAMPLES_MAX);
		return 0;
	case KEY_PNG:
		arguments->png = text;
		return 0;
	case KEY_JSON:
		arguments->json = text;
		return 0;
	case KEY_DRIVER:
		relay->driver = text;
		return 0;
	case KEY_CAMERA:
		relay->camera = text;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int tell(struct relay *relay, const struct arguments *arguments)
{
	int ret = 0;

	report_print(&relay->report);
	if (arguments->png)
		ret = png_file_write(arguments->png, &relay->picture);
	if (!ret && arguments->json)
		ret = report_write_json(&relay->report, arguments->json);
	if (!ret && !report_is_shared(&relay->report)) {
		warnx("a buffer was copied on its way");
		ret = -EIO;
	}
	return ret;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.doc = "Show frames of a V4L2 camera on a virtual screen, without a copy.",
	};
	struct arguments arguments = {
		.relay = {
			.driver = "vprime",
			.camera = "vivid",
			.format = pixel_format_by_name("NV12"),
			.width = 1280,
			.height = 720,
			.frames = 30,
			.read_back_every = 10,
		},
	};
	static struct relay relay;
	int ret;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	ret = relay_open(&relay, &arguments.relay);
	if (!ret)
		ret = relay_run(&relay);
	if (!ret)
		ret = tell(&relay, &arguments);
	relay_close(&relay);
	return ret ? EXIT_FAILURE : EXIT_SUCCESS;
}
