// SPDX-License-Identifier: MIT
/*
 * tools/vprime-grab, run as people run it, over a screen that this program draws:
 * what it writes is read back and compared. The subtests are in grab/, one file per
 * matter; the ABI below it is the business of vprime_consumer.
 */
#include "grab/grab_subtests.h"
#include "grab/program.h"
#include "igt_api.h"
#include "lib/screen.h"

IGT_TEST_DESCRIPTION("vprime-grab: pictures and streams of a vprime screen.");

static struct screen screen;

igt_main
{
	igt_fixture
	{
		screen_open(&screen, 0);
	}

	files_subtests(&screen);
	streams_subtests(&screen);
	verify_subtests(&screen);
	loop_subtests(&screen);

	igt_fixture
	{
		program_forget();
		screen_close(&screen);
	}
}
