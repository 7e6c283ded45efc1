// SPDX-License-Identifier: MIT
/*
 * The limits of a device as files of configfs: what is written is read, what makes no
 * sense is refused and changes nothing.
 */
#include <errno.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/subtests.h"

/* Values of a file that are good, and one that is not, with its errno. */
static const struct {
	const char *name;
	unsigned long long good[3];
	unsigned long long bad;
	int error;
} files[] = {
	{ "dma_mask_bits", { 24, 63, 64 }, 23, EINVAL },
	{ "dma_mask_bits", { 32, 40, 64 }, 65, EINVAL },
	{ "max_segment_size", { 4096, 1 << 20, 0xfffff000 }, 0, EINVAL },
	{ "max_segment_size", { 8192, 1 << 20, 0xfffff000 }, 4095, EINVAL },
	{ "max_segment_size", { 8192, 1 << 20, 0xfffff000 }, 1ull << 32, ERANGE },
	{ "max_segments", { 1, 77, 0xffffffff }, 0, EINVAL },
	{ "contiguous", { 0, 1, 0 }, 2, EINVAL },
	{ "cpu_access", { 1, 0, 1 }, 2, EINVAL },
	{ "plugged", { 1, 1, 1 }, 2, EINVAL },
};

static void read_and_refused(struct screen *screen)
{
	(void)screen;
	limits_reset();
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		for (unsigned int j = 0; j < 3; j++) {
			unsigned long long shown;

			igt_assert_eq(slot_set(1, files[i].name, files[i].good[j]), 0);
			igt_assert_eq(slot_set(1, files[i].name, files[i].bad), files[i].error);
			shown = slot_get(1, files[i].name);
			igt_assert_f(shown == files[i].good[j], "%s: %llu\n", files[i].name, shown);
		}
	limits_reset();
}

static const struct subtest subtests[] = {
	{ "limit-errors", "configfs shows what was set, and refuses what makes no sense.",
	  read_and_refused },
};

void limit_file_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
