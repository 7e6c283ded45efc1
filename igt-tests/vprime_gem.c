// SPDX-License-Identifier: MIT
/*
 * vprime's own buffers: the memory they are made of, who may map them, moves,
 * devices that are limited or go away, and what they are charged to. The subtests
 * are in gem/, one file per matter.
 */
#include <fcntl.h>
#include <unistd.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"

IGT_TEST_DESCRIPTION("Native buffers of vprime, shared between two of its devices and vgem.");

struct gem_cards cards;
static struct screen screen;

igt_main
{
	igt_fixture
	{
		screen_open(&screen, 0);
		cards.vprime = screen.kms.fd;
		cards.again = drm_open_card("vprime", 0);
		cards.second = drm_open_card("vprime", 1);
		cards.vgem = drm_open_card("vgem", 0);
		igt_require_f(cards.second >= 0, "needs two cards: load vprime with devices=2\n");
		igt_require_f(cards.vgem >= 0, "needs vgem\n");
		limits_reset();
	}

	memory_subtests(&screen);
	mapping_subtests(&screen);
	reader_subtests(&screen);
	read_only_race_subtests(&screen);
	rule_subtests(&screen);
	together_subtests(&screen);
	move_subtests(&screen);
	limit_subtests(&screen);
	limit_file_subtests(&screen);
	bounce_subtests(&screen);
	account_subtests(&screen);
	hungry_subtests(&screen);
	handle_subtests(&screen);
	hardware_subtests(&screen);
	unplug_subtests(&screen);
	no_memory_subtests(&screen);
	write_combine_subtests(&screen);

	igt_fixture
	{
		limits_reset();
		close(cards.again);
		close(cards.second);
		close(cards.vgem);
		screen_close(&screen);
	}
}
