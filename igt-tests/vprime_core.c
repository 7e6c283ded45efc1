// SPDX-License-Identifier: MIT
/*
 * The dma-buf core as programs meet it: every ioctl and every operation of a
 * dma-buf's descriptor, on whatever core runs, and what the project's own core
 * does beyond. The subtests are in core/, one file per matter.
 */
#include <unistd.h>

#include "core/core_subtests.h"
#include "igt_api.h"
#include "kms_device.h"

IGT_TEST_DESCRIPTION("Every ioctl and file operation of a dma-buf, with every exporter.");

struct core_cards cards = { -1, -1, -1 };

igt_main
{
	igt_fixture
	{
		cards.vgem = drm_open_card("vgem", 0);
		cards.vprime = drm_open_card("vprime", 0);
		cards.second = drm_open_card("vprime", 1);
		igt_require_f(cards.vgem >= 0, "needs vgem\n");
	}

	sync_subtests();
	name_subtests();
	sync_file_subtests();
	mapping_subtests();
	huge_page_subtests();
	poll_subtests();
	epoll_subtests();
	proc_subtests();
	sharing_subtests();
	compat_subtests();
	bpf_subtests();
	allocation_subtests();
	top_subtests();
	transfer_subtests();
	misuse_subtests();
	fault_subtests();
	account_subtests();
	idle_subtests();

	igt_fixture
	{
		close(cards.vgem);
		close(cards.vprime);
		close(cards.second);
	}
}
