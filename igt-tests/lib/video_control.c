// SPDX-License-Identifier: MIT
/*
 * Menu controls of a video device by their names.
 *
 * Those of vivid keep their values from one program to the next, so all that
 * matter are set each time.
 */
#include "video_control.h"

#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/videodev2.h>

#include "igt_api.h"

#define CONNECT_TRIES 20
#define SETTLE_US 300000

static void find_control(int fd, const char *name, struct v4l2_queryctrl *control)
{
	*control = (struct v4l2_queryctrl){ .id = V4L2_CTRL_FLAG_NEXT_CTRL };
	while (!ioctl(fd, VIDIOC_QUERYCTRL, control)) {
		if (!strcmp((char *)control->name, name))
			return;
		control->id |= V4L2_CTRL_FLAG_NEXT_CTRL;
	}
	igt_assert_f(false, "vivid has no control '%s'\n", name);
}

static void set_control(int fd, const struct v4l2_control *control)
{
	struct v4l2_control copy = *control;

	igt_assert_errno(ioctl(fd, VIDIOC_S_CTRL, &copy), 0);
}

static bool has_value(int fd, const struct v4l2_control *control)
{
	struct v4l2_control now = { .id = control->id };

	igt_assert_errno(ioctl(fd, VIDIOC_G_CTRL, &now), 0);
	return now.value == control->value;
}

/* The control with that item's number for its value. */
static struct v4l2_control find_item(int fd, const char *name, const char *item)
{
	struct v4l2_queryctrl control;

	find_control(fd, name, &control);
	for (int i = control.minimum; i <= control.maximum; i++) {
		struct v4l2_querymenu menu = { .id = control.id, .index = i };

		if (!ioctl(fd, VIDIOC_QUERYMENU, &menu) && !strcmp((char *)menu.name, item))
			return (struct v4l2_control){ .id = control.id, .value = i };
	}
	igt_assert_f(false, "vivid's '%s' has no item '%s'\n", name, item);
}

void video_choose(int fd, const char *name, const char *item)
{
	struct v4l2_control control = find_item(fd, name, item);

	set_control(fd, &control);
}

void video_connect(int fd, const char *name, const char *output)
{
	struct v4l2_control control = find_item(fd, name, output);

	for (int i = 0; i < CONNECT_TRIES; i++) {
		if (has_value(fd, &control))
			return;
		if (i)
			igt_info("vivid took the connection back\n");
		set_control(fd, &control);
		usleep(SETTLE_US);
	}
	igt_assert_f(false, "'%s' does not stay '%s'\n", name, output);
}

void video_still_picture(int fd)
{
	static const char *const choices[][2] = {
		{ "Test Pattern", "CSC Colorbar" },
		{ "OSD Text Mode", "None" },
		{ "Horizontal Movement", "No Movement" },
		{ "Vertical Movement", "No Movement" },
		{ "Colorspace", "sRGB" },
		{ "Transfer Function", "Default" },
		{ "Y'CbCr Encoding", "Default" },
		{ "Quantization", "Default" },
	};

	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++)
		video_choose(fd, choices[i][0], choices[i][1]);
}
