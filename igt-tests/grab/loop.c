// SPDX-License-Identifier: MIT
/*
 * The V4L2 loop: vprime-grab queues the buffers on the screen to vivid's HDMI
 * output, whose cable leads to vivid's HDMI input, and what is captured there is
 * what the screen shows.
 */
#include "grab_subtests.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/v4l2-dv-timings.h>
#include <linux/videodev2.h>

#include "igt_api.h"
#include "lib/copied.h"
#include "lib/pattern.h"
#include "lib/scene.h"
#include "lib/subtests.h"
#include "lib/video_control.h"
#include "program.h"
#include "share/video.h"

#define WIDTH 1280
#define HEIGHT 720
#define BUFFERS 4
#define TRIES 600

static const struct video_kind kind = { 0 };

static void choose_output(int fd)
{
	struct v4l2_output output = {};

	for (; !ioctl(fd, VIDIOC_ENUMOUTPUT, &output); output.index++) {
		int index = output.index;

		if (strncmp((const char *)output.name, "HDMI", 4))
			continue;
		igt_assert_errno(ioctl(fd, VIDIOC_S_OUTPUT, &index), 0);
		return;
	}
	igt_assert_f(false, "vivid has no HDMI output\n");
}

static void choose_input(int fd)
{
	struct v4l2_input input = {};

	for (; !ioctl(fd, VIDIOC_ENUMINPUT, &input); input.index++) {
		int index = input.index;
		char control[64];

		if (strncmp((const char *)input.name, "HDMI", 4))
			continue;
		snprintf(control, sizeof(control), "%s Is Connected To", input.name);
		igt_assert_errno(ioctl(fd, VIDIOC_S_INPUT, &index), 0);
		video_connect(fd, control, "Output HDMI 000-0");
		video_choose(fd, "OSD Text Mode", "None");
		return;
	}
	igt_assert_f(false, "vivid has no HDMI input\n");
}

static void set_timings(int fd)
{
	struct v4l2_dv_timings timings = V4L2_DV_BT_CEA_1280X720P60;

	igt_assert_errno(ioctl(fd, VIDIOC_S_DV_TIMINGS, &timings), 0);
}

/**
 * struct cable - vivid's HDMI output and the input at the other end
 * @output: open, for its settings; the program opens it for itself
 * @path: of @output
 * @input: captures
 * @map: its buffers
 */
struct cable {
	struct video output;
	char path[32];
	struct video input;
	const uint8_t *map[BUFFERS];
};

static void cable_open(struct cable *cable)
{
	char link[32];
	ssize_t length;

	video_open(&cable->output, &kind, true);
	choose_output(cable->output.fd);
	set_timings(cable->output.fd);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", cable->output.fd);
	length = readlink(link, cable->path, sizeof(cable->path) - 1);
	igt_assert(length > 0);
	cable->path[length] = 0;

	video_open(&cable->input, &kind, false);
	choose_input(cable->input.fd);
	set_timings(cable->input.fd);
	video_set_format(&cable->input, V4L2_PIX_FMT_XBGR32, WIDTH, HEIGHT);
	video_allocate(&cable->input, V4L2_MEMORY_MMAP, BUFFERS);
	for (unsigned int i = 0; i < BUFFERS; i++) {
		cable->map[i] = video_map(&cable->input, i, 0);
		video_queue(&cable->input, i, NULL);
	}
	video_start(&cable->input);
}

static void cable_close(struct cable *cable)
{
	int webcam = 0;

	video_stop(&cable->input);
	for (unsigned int i = 0; i < BUFFERS; i++)
		munmap((void *)cable->map[i], cable->input.size[0]);
	video_allocate(&cable->input, V4L2_MEMORY_MMAP, 0);
	igt_assert_errno(ioctl(cable->input.fd, VIDIOC_S_INPUT, &webcam), 0);
	video_close(&cable->input);
	video_close(&cable->output);
}

/* For the one who has to find out what came instead. */
static void describe(const struct cable *cable, unsigned int index, const struct kms_fb *fb)
{
	for (uint32_t at = 0; at < HEIGHT; at += HEIGHT / 4) {
		const uint8_t *is = cable->map[index] + (size_t)at * cable->input.pitch[0] + 4 * at;
		const uint8_t *should =
			(uint8_t *)fb->map + (size_t)at * fb->layout.pitch[0] + 4 * at;

		igt_info("(%u, %u) is %02x%02x%02x, shown %02x%02x%02x\n", at, at, is[2], is[1],
			 is[0], should[2], should[1], should[0]);
	}
}

static bool is_picture(const struct cable *cable, unsigned int index, const struct kms_fb *fb)
{
	for (uint32_t y = 0; y < HEIGHT; y++) {
		const uint32_t *is = (const uint32_t *)(cable->map[index] +
							(size_t)y * cable->input.pitch[0]);
		const uint32_t *should = (const uint32_t *)((uint8_t *)fb->map +
							    (size_t)y * fb->layout.pitch[0]);

		for (uint32_t x = 0; x < WIDTH; x++)
			if ((is[x] ^ should[x]) & 0xffffff)
				return false;
	}
	return true;
}

/* Pictures take a moment to come through the cable; then they are right to the bit. */
static void assert_comes(struct cable *cable, const struct kms_fb *fb)
{
	bool found = false;

	for (int i = 0; i < TRIES && !found; i++) {
		unsigned int index = video_dequeue(&cable->input, NULL);

		found = is_picture(cable, index, fb);
		if (!found && i == TRIES - 1)
			describe(cable, index, fb);
		video_queue(&cable->input, index, NULL);
	}
	igt_assert_f(found, "the picture did not come through the cable\n");
}

static void show(struct screen *screen, const struct kms_fb *fb)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	kms_set(request, &screen->kms.primary, "FB_ID", fb->id);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	igt_assert_eq(kms_wait_flip(&screen->kms, SCREEN_PATIENCE_MS), 0);
	drmModeAtomicFree(request);
}

#define SHOWN 4

static void loop(struct screen *screen)
{
	struct cable cable = { 0 };
	const char *const arguments[] = { "-n", "5", "-q", "4", "--deadline", "1000", "--json", "-",
					  "--v4l2", cable.path, NULL };
	struct copied before;
	struct program program;
	struct kms_fb *fb[2];
	struct layer layer;
	uint64_t first = 0, sequence;
	char line[512];

	cable_open(&cable);
	screen_set_mode(screen, WIDTH, HEIGHT);
	for (int i = 0; i < 2; i++) {
		fb[i] = screen_picture_fb(screen, "XRGB8888");
		pattern_noise_fb(fb[i], i + 1);
	}
	layer = layer_new(&screen->kms.primary, fb[0], 0, 0);
	scene_show(screen, &layer, 1);
	before = copied_bytes(screen);

	program_start(&program, arguments);
	for (unsigned int i = 0; i < SHOWN; i++) {
		if (i)
			show(screen, fb[i & 1]);
		sequence = program_frame(&program, line, sizeof(line));
		first = i ? first : sequence;
		igt_assert_eq(sequence, first + i);
		igt_assert_f(strstr(line, "\"direct\":true,"), "%s\n", line);
		assert_comes(&cable, fb[i & 1]);
	}
	show(screen, fb[SHOWN & 1]);
	igt_assert_eq(program_end(&program), 0);
	igt_assert_eq(copied_sum(copied_since(screen, before)), 0);
	cable_close(&cable);
}

static const struct subtest subtests[] = {
	{ "v4l2-loop", "What is on the screen comes out of a V4L2 output, uncopied.", loop },
};

void loop_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
