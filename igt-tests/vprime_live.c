// SPDX-License-Identifier: MIT
/*
 * The project's dma-buf core put in the place of a running kernel's and taken
 * out again, with buffers open, attached, mapped and waited for. The subtests
 * are in live/.
 */
#include <unistd.h>

#include "core/buffers.h"
#include "igt_api.h"
#include "kms_device.h"
#include "live/live_subtests.h"
#include "live/module.h"
#include "live/traffic.h"

IGT_TEST_DESCRIPTION("The core is exchanged under buffers in use.");

struct core_cards cards = { -1, -1, -1 };

igt_main
{
	igt_fixture
	{
		cards.vgem = drm_open_card("vgem", 0);
		cards.vprime = drm_open_card("vprime", 0);
		cards.second = drm_open_card("vprime", 1);
		igt_require_f(cards.vgem >= 0, "needs vgem\n");
		igt_require_f(cards.second >= 0, "needs two cards of vprime\n");
		igt_require_f(!access("/dev/dmabuf_bench", R_OK), "needs dmabuf_bench\n");
		require_live_module();
	}

	handover_subtests();
	memory_subtests();
	waiting_subtests();
	mapping_subtests();
	forced_subtests();
	stuck_subtests();
	other_subtests();
	round_subtests();
	last_forced_subtests();

	igt_fixture
	{
		traffic_kill();
		live_clean_up();
		close(cards.vgem);
		close(cards.vprime);
		close(cards.second);
	}
}
