// SPDX-License-Identifier: MIT
/*
 * Buffers shared with vprime by PRIME: with itself, with another card of vprime
 * and with vgem, both ways. The subtests are in prime/, one file per matter.
 */
#include <fcntl.h>
#include <unistd.h>

#include "igt_api.h"
#include "prime/prime_subtests.h"

IGT_TEST_DESCRIPTION("PRIME export and import of vprime, with vgem as the other device.");

struct prime_cards cards;
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
	}

	exchange_subtests(&screen);
	descriptor_subtests(&screen);
	cpu_access_subtests(&screen);
	direction_subtests(&screen);
	lifetime_subtests(&screen);
	scanout_subtests(&screen);
	framebuffer_subtests(&screen);

	igt_fixture
	{
		close(cards.again);
		close(cards.second);
		close(cards.vgem);
		screen_close(&screen);
	}
}
