// SPDX-License-Identifier: MIT
/*
 * What the screen of vprime shows, against pictures computed apart from it, and
 * the objects it is driven by. The subtests are in kms/, one file per matter.
 */
#include "igt_api.h"
#include "kms/kms_subtests.h"
#include "lib/screen.h"

IGT_TEST_DESCRIPTION("Planes, blending, writeback, CRC, cursor and modes of vprime.");

static struct screen screen;

igt_main
{
	igt_fixture
	{
		screen_open(&screen, 0);
	}

	plane_subtests(&screen);
	stack_subtests(&screen);
	blend_subtests(&screen);
	writeback_subtests(&screen);
	crc_subtests(&screen);
	cursor_subtests(&screen);
	mode_subtests(&screen);
	mode_limit_subtests(&screen);
	edge_subtests(&screen);
	limit_subtests(&screen);
	console_subtests(&screen);
	connector_subtests(&screen);
	tiling_subtests(&screen);
	lease_subtests(&screen);
	no_memory_subtests(&screen);

	igt_fixture
	{
		screen_close(&screen);
	}
}
