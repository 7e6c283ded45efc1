// SPDX-License-Identifier: MIT
/*
 * grab-bench: what it costs to take a frame from a vprime screen, and whether any
 * is lost. It shows the frames itself; lab/bench runs it, with a clock that counts
 * instructions.
 */
#include <argp.h>
#include <err.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "results.h"
#include "stage.h"
#include "vprime_grab.h"

#define REPETITIONS 40
#define DEADLINE_MS 1000

struct arguments {
	bool json;
	unsigned int frames;
};

static const struct argp_option argp_options[] = {
	{ "json", 'j', NULL, 0, "Print JSON", 0 },
	{ "lost", 'l', "FRAMES", 0, "Count frames lost of that many instead, while another\n"
				    "consumer is killed every second",
	  0 },
	{ 0 }
};

static error_t parse_option(int key, char *text, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	char *end;

	switch (key) {
	case 'j':
		arguments->json = true;
		return 0;
	case 'l':
		arguments->frames = strtoul(text, &end, 10);
		if (*end || !arguments->frames)
			argp_error(state, "'%s' is no number of frames", text);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static struct vprime_grab *open_grab(struct stage *stage, uint32_t flags, unsigned int queue)
{
	struct vprime_grab *grab;
	int ret = vprime_grab_open(stage->kms.fd, stage->kms.crtc.id, flags, queue, DEADLINE_MS,
				   &grab);

	if (ret)
		errx(EXIT_FAILURE, "the screen can't be grabbed: error %d", -ret);
	return grab;
}

static void next_frame(struct vprime_grab *grab, struct vprime_grab_frame *frame)
{
	int ret = vprime_grab_next(grab, frame, -1);

	if (ret || frame->info.kind != VPRIME_CONSUMER_FRAME)
		errx(EXIT_FAILURE, "no frame: error %d", -ret);
}

/* The frame is there before time is taken: waiting is not the price. */
static void measure(struct stage *stage, const char *name, unsigned int width, unsigned int height)
{
	struct vprime_grab_frame frame;
	struct vprime_grab *grab;

	stage_set(stage, width, height);
	grab = open_grab(stage, 0, 0);
	for (int i = -4; i < REPETITIONS; i++) {
		double start, end;

		stage_flip(stage);
		stage_flip_done(stage);
		start = now_ns();
		next_frame(grab, &frame);
		if (vprime_grab_release(grab, &frame, -1))
			errx(EXIT_FAILURE, "a frame can't be released");
		end = now_ns();
		if (!(frame.info.flags & VPRIME_CONSUMER_DIRECT))
			errx(EXIT_FAILURE, "a frame was not direct");
		/* The first ones export buffers and meet cold caches. */
		if (i >= 0)
			results_add(name, end - start);
	}
	vprime_grab_close(grab);
}

/* What the driver says that the CPU read, wrote and moved so far. */
static double bytes_so_far(const struct stage *stage)
{
	long long bytes[3];
	struct stat card;
	char path[64];
	FILE *file;

	if (fstat(stage->kms.fd, &card))
		err(EXIT_FAILURE, "the card");
	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/%u/copied", minor(card.st_rdev));
	file = fopen(path, "r");
	if (!file || fscanf(file, "read %lld written %lld moved %lld", &bytes[0], &bytes[1],
			    &bytes[2]) != 3)
		errx(EXIT_FAILURE, "%s can't be read", path);
	fclose(file);
	return (double)bytes[0] + bytes[1] + bytes[2];
}

/* Bytes that the CPU touches for each frame. */
static void count_copied(struct stage *stage, const char *name, uint32_t flags)
{
	struct vprime_grab *grab = open_grab(stage, flags, 0);
	struct vprime_grab_frame frame;

	for (int i = 0; i < REPETITIONS; i++) {
		double before = bytes_so_far(stage);

		stage_flip(stage);
		stage_flip_done(stage);
		next_frame(grab, &frame);
		if (vprime_grab_wait(&frame, DEADLINE_MS) ||
		    vprime_grab_release(grab, &frame, -1))
			errx(EXIT_FAILURE, "a frame can't be released");
		results_add(name, bytes_so_far(stage) - before);
	}
	vprime_grab_close(grab);
}

static pid_t start_other(struct stage *stage)
{
	pid_t child = fork();
	struct vprime_grab_frame frame;
	struct vprime_grab *grab;

	if (child)
		return child;
	grab = open_grab(stage, 0, 2);
	for (;;) {
		next_frame(grab, &frame);
		vprime_grab_release(grab, &frame, -1);
	}
}

static void end_other(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void count_lost(struct stage *stage, const struct arguments *arguments)
{
	struct vprime_grab_frame frame = { 0 };
	struct vprime_grab *grab;
	unsigned long long first = 0, lost = 0, kills = 0;
	double started = now_ns();
	pid_t other;

	stage_set(stage, 640, 480);
	grab = open_grab(stage, 0, 1);
	other = start_other(stage);
	for (unsigned int i = 0; i < arguments->frames; i++) {
		stage_flip(stage);
		next_frame(grab, &frame);
		if (!i)
			first = frame.info.sequence;
		vprime_grab_release(grab, &frame, -1);
		stage_flip_done(stage);
		if (now_ns() - started < 1e9)
			continue;
		end_other(other);
		other = start_other(stage);
		started = now_ns();
		kills++;
	}
	end_other(other);
	lost = frame.info.sequence - first + 1 - arguments->frames;
	printf("{\"frames\": %u, \"lost\": %llu, ", arguments->frames, lost);
	printf("\"dropped\": %llu, \"expired\": %llu, \"kills\": %llu}\n",
	       (unsigned long long)frame.info.dropped, (unsigned long long)frame.info.expired,
	       kills);
	vprime_grab_close(grab);
}

int main(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.doc = "Measure what taking frames from a vprime screen costs.",
	};
	struct arguments arguments = { 0 };
	struct stage stage;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	stage_open(&stage, "vprime");
	if (arguments.frames) {
		count_lost(&stage, &arguments);
	} else {
		measure(&stage, "acquire-release-480p", 640, 480);
		measure(&stage, "acquire-release-1080p", 1920, 1080);
		measure(&stage, "acquire-release-4k", 3840, 2160);
		stage_set(&stage, 1920, 1080);
		count_copied(&stage, "copied-direct", 0);
		count_copied(&stage, "copied-composed", VPRIME_CONSUMER_COMPOSED);
		if (arguments.json)
			results_print_json(stdout);
		else
			results_print(stdout);
	}
	stage_close(&stage);
	return EXIT_SUCCESS;
}
