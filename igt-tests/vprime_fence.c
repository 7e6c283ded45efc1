// SPDX-License-Identifier: MIT
/*
 * Fences: those that programs make and signal, those that commits wait for and
 * make, and those of scan-out and writeback on the buffers. The subtests are in
 * fence/, one file per matter.
 */
#include "fence/fence_subtests.h"
#include "igt_api.h"
#include "lib/screen.h"

IGT_TEST_DESCRIPTION("Software fences, timelines, explicit and implicit fences of vprime.");

static struct screen screen;

igt_main
{
	igt_fixture
	{
		screen_open(&screen, 0);
	}

	attach_subtests(&screen);
	guessed_subtests(&screen);
	timeline_subtests(&screen);
	timeline_end_subtests(&screen);
	commit_subtests(&screen);
	implicit_subtests(&screen);
	plane_subtests(&screen);
	left_subtests(&screen);
	hostile_subtests(&screen);
	locked_subtests(&screen);
	limit_subtests(&screen);
	no_memory_subtests(&screen);

	igt_fixture
	{
		screen_close(&screen);
	}
}
