// SPDX-License-Identifier: MIT
/*
 * What an administrator sets for a run, where the kernel has it: fault injection for
 * every allocation, a memory cgroup, and the limits of the second device.
 */
#include "settings.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

#define SLOT "/sys/kernel/config/vprime/vprime.1/"
#define FAILSLAB "/sys/kernel/debug/failslab/"
#define FAIL_PAGE "/sys/kernel/debug/fail_page_alloc/"
#define CGROUP "/sys/fs/cgroup/vprime_fuzz/"

/* Where there is no such file, there is nothing to set. */
struct setting {
	const char *file;
	const char *value;
};

static const struct setting first[] = {
	{ FAILSLAB "ignore-gfp-wait", "N" },
	{ FAILSLAB "verbose", "0" },
	{ FAIL_PAGE "ignore-gfp-wait", "N" },
	{ FAIL_PAGE "min-order", "0" },
	{ FAIL_PAGE "verbose", "0" },
	{ "/sys/fs/cgroup/cgroup.subtree_control", "+memory" },
	{ CGROUP "memory.max", "50331648" },
	{ CGROUP "memory.swap.max", "0" },
	{ "/proc/sys/kernel/printk_ratelimit", "5" },
};

static const struct setting usual[] = {
	{ SLOT "dma_mask_bits", "64" },
	{ SLOT "max_segment_size", "4294963200" },
	{ SLOT "max_segments", "4294967295" },
	{ SLOT "contiguous", "0" },
	{ SLOT "cpu_access", "1" },
	{ SLOT "plugged", "1" },
	{ "/sys/bus/platform/drivers/vprime/bind", "vprime.1" },
};

void settings_begin(void)
{
	mkdir(CGROUP, 0755);
	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		text_put(first[i].file, first[i].value);
}

void settings_usual(void)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		text_put(usual[i].file, usual[i].value);
}
