// SPDX-License-Identifier: MIT
/*
 * vprime-grab: what is on a screen of vprime, as a picture, a stream, or straight
 * into a V4L2 device.
 *
 * The command line and the loop over frames; how they are had is in vprime_grab.c,
 * the library, and what becomes of them in the other files.
 */
#include <argp.h>
#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xf86drm.h>

#include "frame_json.h"
#include "kms_device.h"
#include "option_value.h"
#include "picture_out.h"
#include "v4l2_out.h"
#include "verify.h"
#include "vprime_grab.h"

struct arguments {
	unsigned int card;
	unsigned int frames;
	unsigned int queue;
	unsigned int deadline;
	unsigned int rate;
	uint32_t flags;
	const char *png;
	const char *raw;
	const char *y4m;
	const char *json;
	const char *v4l2;
	bool verify;
};

/**
 * struct grabber - a run of the program
 * @arguments: what was asked for
 * @grab: the consumer
 * @raw: open file, or NULL, like the two that follow
 * @y4m: open file
 * @json: open file
 * @v4l2: open device, if one was asked for
 * @verify: what the screen should be, or NULL
 * @count: frames so far
 */
struct grabber {
	const struct arguments *arguments;
	struct vprime_grab *grab;
	FILE *raw;
	FILE *y4m;
	FILE *json;
	struct v4l2_out v4l2;
	struct verify *verify;
	unsigned int count;
};

enum {
	KEY_RAW = 256,
	KEY_Y4M,
	KEY_JSON,
	KEY_V4L2,
	KEY_VERIFY,
	KEY_NO_CURSOR,
	KEY_COMPOSED,
	KEY_YUV,
	KEY_DEADLINE,
	KEY_RATE,
};

static const struct argp_option argp_options[] = {
	{ "card", 'c', "N", 0, "The N-th vprime card (default 0)", 0 },
	{ "frames", 'n', "N", 0, "Take that many frames; 0: until killed (default 1)", 0 },
	{ "queue", 'q', "N", 0, "Lose no frame, up to N wait (default: only the latest)", 0 },
	{ "deadline", KEY_DEADLINE, "MS", 0, "Hold the screen up that long (default 500)", 0 },
	{ "no-cursor", KEY_NO_CURSOR, NULL, 0, "Leave the cursor out", 0 },
	{ "composed", KEY_COMPOSED, NULL, 0, "XRGB8888, whatever the screen shows", 0 },
	{ "yuv", KEY_YUV, NULL, 0, "Take Y'CbCr as it is", 0 },
	{ "png", 'p', "FILE", 0, "Write the last frame there", 1 },
	{ "raw", KEY_RAW, "FILE", 0, "Write the pixels of all there; -: standard output", 1 },
	{ "y4m", KEY_Y4M, "FILE", 0, "The same as YUV4MPEG2", 1 },
	{ "rate", KEY_RATE, "FPS", 0, "Frame rate written into YUV4MPEG2 (default 60)", 1 },
	{ "json", KEY_JSON, "FILE", 0, "A line for each frame", 1 },
	{ "v4l2", KEY_V4L2, "DEVICE", 0, "Hand the buffers to a V4L2 output device", 1 },
	{ "verify", KEY_VERIFY, NULL, 0, "Compare with writeback; the screen must be still", 1 },
	{ 0 }
};

static error_t parse_output(int key, char *text, struct arguments *arguments)
{
	switch (key) {
	case 'p':
		arguments->png = text;
		return 0;
	case KEY_RAW:
		arguments->raw = text;
		return 0;
	case KEY_Y4M:
		arguments->y4m = text;
		return 0;
	case KEY_JSON:
		arguments->json = text;
		return 0;
	case KEY_V4L2:
		arguments->v4l2 = text;
		return 0;
	case KEY_VERIFY:
		arguments->verify = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'c':
		arguments->card = option_number(state, text, 0, 63);
		return 0;
	case 'n':
		arguments->frames = option_number(state, text, 0, 1000000000);
		return 0;
	case 'q':
		arguments->queue = option_number(state, text, 1, VPRIME_CONSUMER_MAX_QUEUE);
		return 0;
	case KEY_DEADLINE:
		arguments->deadline = option_number(state, text, 1,
						    VPRIME_CONSUMER_MAX_DEADLINE_MS);
		return 0;
	case KEY_RATE:
		arguments->rate = option_number(state, text, 1, 1000);
		return 0;
	case KEY_NO_CURSOR:
		arguments->flags |= VPRIME_CONSUMER_CURSOR_SEPARATE;
		return 0;
	case KEY_COMPOSED:
		arguments->flags |= VPRIME_CONSUMER_COMPOSED;
		return 0;
	case KEY_YUV:
		arguments->flags |= VPRIME_CONSUMER_YUV;
		return 0;
	default:
		return parse_output(key, text, arguments);
	}
}

static int open_file(const char *path, FILE **file)
{
	if (!path)
		return 0;
	*file = strcmp(path, "-") ? fopen(path, "wb") : stdout;
	if (*file)
		return 0;
	warn("%s", path);
	return -errno;
}

/* The card is let go at once: who opens it first would stay its master. */
static int open_screen(struct grabber *grabber)
{
	const struct arguments *arguments = grabber->arguments;
	int card = drm_open_card("vprime", arguments->card), ret;

	if (card < 0) {
		warnx("no vprime card %u", arguments->card);
		return card;
	}
	ret = vprime_grab_open(card, 0, arguments->flags, arguments->queue, arguments->deadline,
			       &grabber->grab);
	close(card);
	if (ret) {
		errno = -ret;
		warn("the screen can't be grabbed");
	}
	return ret;
}

static int set_up(struct grabber *grabber)
{
	const struct arguments *arguments = grabber->arguments;
	int ret = 0;

	if (arguments->verify)
		ret = verify_read_back(arguments->card, &grabber->verify);
	if (!ret)
		ret = open_screen(grabber);
	if (!ret)
		ret = open_file(arguments->raw, &grabber->raw);
	if (!ret)
		ret = open_file(arguments->y4m, &grabber->y4m);
	if (!ret)
		ret = open_file(arguments->json, &grabber->json);
	if (!ret && arguments->v4l2)
		ret = v4l2_out_open(&grabber->v4l2, arguments->v4l2, grabber->grab);
	return ret;
}

static int write_pixels(struct grabber *grabber, struct vprime_grab_frame *frame, bool last)
{
	const struct arguments *arguments = grabber->arguments;
	int ret = 0;

	if (!grabber->raw && !grabber->y4m && !grabber->verify && !(arguments->png && last))
		return 0;
	ret = vprime_grab_map(frame);
	if (!ret && grabber->raw)
		ret = picture_raw(grabber->raw, frame);
	if (!ret && grabber->y4m && !grabber->count)
		ret = picture_y4m_header(grabber->y4m, frame, arguments->rate);
	if (!ret && grabber->y4m)
		ret = picture_y4m(grabber->y4m, frame);
	if (!ret && grabber->verify)
		ret = verify_frame(grabber->verify, frame);
	if (!ret && arguments->png && last)
		ret = picture_png(arguments->png, frame);
	return ret;
}

static int handle_frame(struct grabber *grabber, struct vprime_grab_frame *frame)
{
	bool last = grabber->count + 1 == grabber->arguments->frames;
	int ret, released;

	if (grabber->arguments->v4l2) {
		ret = v4l2_out_frame(&grabber->v4l2, frame);
	} else {
		ret = write_pixels(grabber, frame, last);
		released = vprime_grab_release(grabber->grab, frame, -1);
		if (released == -ETIMEDOUT)
			warnx("frame %llu was kept beyond the deadline: it may be torn",
			      (unsigned long long)frame->info.sequence);
		else if (!ret)
			ret = released;
	}
	grabber->count++;
	return ret;
}

static int run(struct grabber *grabber)
{
	struct vprime_grab_frame frame;
	int ret = 0;

	while (!ret && (!grabber->arguments->frames ||
			grabber->count < grabber->arguments->frames)) {
		ret = grabber->v4l2.grab ? v4l2_out_wait(&grabber->v4l2) : 0;
		if (!ret)
			ret = vprime_grab_next(grabber->grab, &frame, -1);
		if (ret) {
			errno = -ret;
			warn("no frame");
			break;
		}
		if (grabber->json)
			ret = frame_json_write(grabber->json, &frame);
		if (!ret && frame.info.kind == VPRIME_CONSUMER_FRAME)
			ret = handle_frame(grabber, &frame);
	}
	return ret;
}

static int close_file(FILE *file)
{
	return file && (file == stdout ? fflush(file) : fclose(file)) ? -EIO : 0;
}

static int tear_down(struct grabber *grabber)
{
	int ret = 0;

	if (grabber->v4l2.grab)
		v4l2_out_close(&grabber->v4l2);
	ret |= close_file(grabber->raw);
	ret |= close_file(grabber->y4m);
	ret |= close_file(grabber->json);
	vprime_grab_close(grabber->grab);
	if (grabber->verify)
		verify_free(grabber->verify);
	return ret ? -EIO : 0;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.doc = "Take what is on a screen of vprime.",
	};
	struct arguments arguments = { .frames = 1, .deadline = 500, .rate = 60 };
	struct grabber grabber = { .arguments = &arguments };
	int ret, closed;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	/* A reader of the pipe that leaves is an error like others. */
	signal(SIGPIPE, SIG_IGN);
	ret = set_up(&grabber);
	if (!ret)
		ret = run(&grabber);
	closed = tear_down(&grabber);
	return ret || closed ? EXIT_FAILURE : EXIT_SUCCESS;
}
