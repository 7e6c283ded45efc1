// SPDX-License-Identifier: MIT
/*
 * Screen consumers of vprime: who may look, what they are handed, and that they
 * keep the screen's owner waiting as long as is promised and no longer. The
 * subtests are in consumer/, one file per matter.
 */
#include <unistd.h>

#include "consumer/consumer_subtests.h"
#include "igt_api.h"
#include "lib/screen.h"

IGT_TEST_DESCRIPTION("Frames of a vprime screen as dma-bufs.");

int vgem = -1;
static struct screen screen;

igt_main
{
	igt_fixture
	{
		screen_open(&screen, 0);
		vgem = drm_open_card("vgem", 0);
	}

	access_subtests(&screen);
	frame_subtests(&screen);
	damage_subtests(&screen);
	colorimetry_subtests(&screen);
	copies_subtests(&screen);
	privacy_subtests(&screen);
	pace_subtests(&screen);
	loss_subtests(&screen);
	several_subtests(&screen);
	event_subtests(&screen);
	turns_subtests(&screen);
	gone_subtests(&screen);
	limits_subtests(&screen);
	hostile_subtests(&screen);
	visible_subtests(&screen);
	left_subtests(&screen);
	no_memory_subtests(&screen);

	igt_fixture
	{
		close(vgem);
		screen_close(&screen);
	}
}
