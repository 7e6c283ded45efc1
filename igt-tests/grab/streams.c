// SPDX-License-Identifier: MIT
/*
 * Streams of vprime-grab in a pipe, while the screen shows another picture at each
 * flip: each picture comes, once, as it was shown.
 */
#include "grab_subtests.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "program.h"

#define FRAMES 12
#define FRAMES_TEXT "12"
#define WIDTH 640
#define HEIGHT 480

#define JSON_PATH "/tmp/vprime-grab-test.json"

/**
 * struct animation - a screen that shows another picture at each step
 * @screen: screen
 * @fb: shown in turn
 * @above: on an overlay plane, so that the pictures are composed; or NULL
 * @read_back: what writeback says of the picture on the screen
 * @pixels: a place for one picture of a stream
 * @step: how many were shown
 */
struct animation {
	struct screen *screen;
	struct kms_fb *fb[2];
	struct kms_fb *above;
	struct kms_fb *read_back;
	uint8_t *pixels;
	unsigned int step;
};

static void animation_start(struct animation *animation, struct screen *screen, bool composed)
{
	struct layer layers[2];

	*animation = (struct animation){
		.screen = screen,
		.fb = { screen_picture_fb(screen, "XRGB8888"),
			screen_picture_fb(screen, "XRGB8888") },
		.above = composed ? screen_fb(screen, "ARGB8888", 200, 100) : NULL,
		.read_back = screen_picture_fb(screen, "XRGB8888"),
		.pixels = malloc(4 * WIDTH * HEIGHT),
	};
	igt_assert(animation->pixels);
	pattern_noise_fb(animation->fb[0], 1);
	layers[0] = layer_new(&screen->kms.primary, animation->fb[0], 0, 0);
	if (composed) {
		pattern_alpha_ramp(animation->above);
		layers[1] = layer_new(&screen->kms.overlay[0], animation->above, 50, 60);
	}
	scene_read_back(screen, layers, composed ? 2 : 1, animation->read_back);
}

/* Draws into the buffer that the last flip retired, and shows it. */
static void animation_step(struct animation *animation)
{
	struct screen *screen = animation->screen;
	struct kms_fb *fb = animation->fb[++animation->step & 1];
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int32_t fence;

	pattern_noise_fb(fb, animation->step + 1);
	kms_set(request, &screen->kms.primary, "FB_ID", fb->id);
	igt_assert_eq(kms_read_back(request, &screen->kms, animation->read_back, &fence), 0);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	igt_assert_eq(kms_wait_fence(fence, SCREEN_PATIENCE_MS), 0);
	drmModeAtomicFree(request);
}

static void animation_step_done(struct animation *animation)
{
	igt_assert_eq(kms_wait_flip(&animation->screen->kms, SCREEN_PATIENCE_MS), 0);
}

static void read_all(struct program *program, void *data, size_t size)
{
	igt_assert_f(fread(data, 1, size, program->out) == size, "the stream ended\n");
}

static const uint32_t *read_back_line(const struct animation *animation, uint32_t y)
{
	const struct kms_fb *fb = animation->read_back;

	return (const uint32_t *)((uint8_t *)fb->map + (size_t)y * fb->layout.pitch[0]);
}

static void check_raw(struct animation *animation, struct program *program)
{
	const uint32_t *is = (const uint32_t *)animation->pixels;

	read_all(program, animation->pixels, 4 * WIDTH * HEIGHT);
	for (uint32_t y = 0; y < HEIGHT; y++) {
		const uint32_t *should = read_back_line(animation, y);

		for (uint32_t x = 0; x < WIDTH; x++)
			igt_assert_f(!((is[y * WIDTH + x] ^ should[x]) & 0xffffff),
				     "frame %u, (%u, %u): %06x, writeback %06x\n", animation->step,
				     x, y, is[y * WIDTH + x] & 0xffffff, should[x] & 0xffffff);
	}
}

/* ITU-R BT.601 of full-range RGB, limited range. */
static void sample(uint32_t xrgb, double yuv[3])
{
	double r = (xrgb >> 16 & 255) / 255.0, g = (xrgb >> 8 & 255) / 255.0;
	double b = (xrgb & 255) / 255.0, y = 0.299 * r + 0.587 * g + 0.114 * b;

	yuv[0] = 16 + 219 * y;
	yuv[1] = 128 + 224 * (b - y) / 1.772;
	yuv[2] = 128 + 224 * (r - y) / 1.402;
}

static void check_y4m(struct animation *animation, struct program *program)
{
	char line[64];

	if (!animation->step) {
		igt_assert(fgets(line, sizeof(line), program->out));
		igt_assert_f(!strcmp(line, "YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C444\n"), "%s\n",
			     line);
	}
	igt_assert(fgets(line, sizeof(line), program->out));
	igt_assert_f(!strcmp(line, "FRAME\n"), "%s\n", line);
	read_all(program, animation->pixels, 3 * WIDTH * HEIGHT);
	for (uint32_t y = 0; y < HEIGHT; y++) {
		for (uint32_t x = 0; x < WIDTH; x++) {
			double should[3];

			sample(read_back_line(animation, y)[x], should);
			for (size_t i = 0; i < 3; i++)
				igt_assert_f(fabs(animation->pixels[(i * HEIGHT + y) * WIDTH + x] -
						  should[i]) <= 0.52,
					     "frame %u, (%u, %u), channel %zu\n", animation->step,
					     x, y, i);
		}
	}
}

static void assert_json_has_no_gap(void)
{
	FILE *file = fopen(JSON_PATH, "r");
	unsigned long long sequence, last = 0;
	unsigned int count = 0;
	char line[512];

	igt_assert(file);
	while (fgets(line, sizeof(line), file)) {
		igt_assert(sscanf(line, "{\"sequence\":%llu,", &sequence) == 1);
		igt_assert_f(!count++ || sequence == last + 1, "a gap: %s\n", line);
		igt_assert_f(strstr(line, "\"dropped\":0,\"expired\":0,"), "%s\n", line);
		last = sequence;
	}
	fclose(file);
	igt_assert_eq(count, FRAMES);
}

static void stream(struct screen *screen, bool composed, const char *const *arguments,
		   void (*check)(struct animation *animation, struct program *program))
{
	struct animation animation;
	struct program program;

	unlink(JSON_PATH);
	animation_start(&animation, screen, composed);
	program_start(&program, arguments);
	check(&animation, &program);
	while (animation.step + 1 < FRAMES) {
		animation_step(&animation);
		check(&animation, &program);
		animation_step_done(&animation);
	}
	igt_assert_eq(getc(program.out), EOF);
	igt_assert_eq(program_end(&program), 0);
	assert_json_has_no_gap();
	unlink(JSON_PATH);
	free(animation.pixels);
}

static const char *const raw_arguments[] = { "-n", FRAMES_TEXT, "-q", "1", "--deadline", "1000",
					     "--raw", "-", "--json", JSON_PATH, NULL };

static void raw_direct(struct screen *screen)
{
	stream(screen, false, raw_arguments, check_raw);
}

static void raw_composed(struct screen *screen)
{
	stream(screen, true, raw_arguments, check_raw);
}

static void y4m(struct screen *screen)
{
	static const char *const arguments[] = {
		"-n", FRAMES_TEXT, "-q", "4", "--deadline", "1000", "--rate",
		"30", "--y4m", "-", "--json", JSON_PATH, NULL
	};

	stream(screen, false, arguments, check_y4m);
}

/* A reader that goes away ends the program, and the screen goes on. */
static void reader_gone(struct screen *screen)
{
	static const char *const arguments[] = { "-n", "0", "-q", "1", "--raw", "-", NULL };
	struct animation animation;
	struct program program;

	animation_start(&animation, screen, false);
	program_start(&program, arguments);
	check_raw(&animation, &program);
	animation_step(&animation);
	igt_assert_eq(program_end(&program), 1);
	animation_step_done(&animation);
	free(animation.pixels);
}

static const struct subtest subtests[] = {
	{ "raw", "Raw pixels in a pipe are those of writeback, frame by frame.", raw_direct },
	{ "raw-composed", "So they are when the picture is composed.", raw_composed },
	{ "y4m", "YUV4MPEG2 in a pipe is BT.601 of them.", y4m },
	{ "pipe-closed", "A reader that leaves ends it.", reader_gone },
};

void streams_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
