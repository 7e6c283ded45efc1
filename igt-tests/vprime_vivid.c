// SPDX-License-Identifier: MIT
/*
 * The main job: frames of V4L2 on the screen by way of a dma-buf, compared with
 * a conversion of the same bytes on the CPU. The subtests are in vivid/.
 */
#include "camera.h"
#include "igt_api.h"
#include "lib/screen.h"
#include "vivid/vivid_subtests.h"

IGT_TEST_DESCRIPTION("Frames of vivid on vprime's screen, shared by dma-buf.");

static struct screen screen;

static void require_vivid(void)
{
	struct camera camera;

	igt_require_f(!camera_open(&camera, "vivid"), "needs vivid\n");
	camera_close(&camera);
}

igt_main
{
	igt_fixture
	{
		screen_open(&screen, 0);
		require_vivid();
	}

	picture_subtests(&screen);
	stream_subtests(&screen);
	handoff_subtests(&screen);

	igt_fixture
	{
		screen_close(&screen);
	}
}
