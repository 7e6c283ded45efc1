// SPDX-License-Identifier: MIT
/*
 * Write-combined memory as the kernel itself has it mapped: as long as its buffer lives, and
 * no longer, whatever goes wrong on the way. A page that stays so would be slow for whoever
 * gets it next. Read from the page tables, which know it on x86 only.
 */
#include <errno.h>
#include <sys/mman.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/fail_nth.h"
#include "lib/subtests.h"

#define SIZE (64ul << 20)

/* More large pages than the buffer can lie in. */
#define SPLITS_MAX 200
#define BUFFERS_MAX 16

/* How many bytes of the kernel's mapping of all memory are not cached. */
static uint64_t uncached(void)
{
	FILE *tables = fopen("/sys/kernel/debug/page_tables/kernel", "re");
	unsigned long long start, end;
	bool inside = false, found = false;
	uint64_t bytes = 0;
	char line[256];

	igt_require_f(tables, "needs CONFIG_PTDUMP_DEBUGFS\n");
	while (fgets(line, sizeof(line), tables)) {
		if (!strncmp(line, "---[", 4))
			inside = strstr(line, "Low Kernel Mapping");
		found |= inside;
		if (inside && (strstr(line, " PWT ") || strstr(line, " PCD ")) &&
		    sscanf(line, "%llx-%llx", &start, &end) == 2)
			bytes += end - start;
	}
	fclose(tables);
	igt_require_f(found, "a kernel without a mapping of all memory\n");
	return bytes;
}

static void mapped(struct screen *screen)
{
	uint64_t before = uncached();
	uint32_t handle = gem_new(cards.vprime, SIZE, VPRIME_GEM_WRITE_COMBINE);
	void *map;

	(void)screen;
	igt_assert_eq(uncached(), before);
	map = gem_map(cards.vprime, handle, SIZE, PROT_READ);
	igt_assert_eq(uncached(), before + SIZE);
	munmap(map, SIZE);
	/* It would disturb the whole machine each time a program maps and unmaps it. */
	igt_assert_eq(uncached(), before + SIZE);
	gem_close(cards.vprime, handle);
	igt_assert_eq(uncached(), before);
}

/* Splits of large pages fail for a new buffer until it is mapped: how many did. */
static unsigned int map_at_last(void **map)
{
	uint64_t before = uncached();
	uint32_t handle = gem_new(cards.vprime, SIZE, VPRIME_GEM_WRITE_COMBINE);
	unsigned int nth, left;

	for (nth = 1; nth < SPLITS_MAX; nth++) {
		fail_nth_begin(nth);
		*map = __gem_map(cards.vprime, handle, SIZE, PROT_READ);
		left = fail_nth_end();
		if (*map != MAP_FAILED)
			break;
		igt_assert_eq(left, 0);
		igt_assert_eq(errno, ENOMEM);
		igt_assert_eq(uncached(), before);
	}
	igt_assert(*map != MAP_FAILED);
	gem_close(cards.vprime, handle);
	return nth - 1;
}

/* What was split before stays so, so buffers are kept until one is where it was not. */
static void half_mapped(struct screen *screen)
{
	unsigned int errors = 0, count = 0;
	void *maps[BUFFERS_MAX];

	(void)screen;
	fail_nth_require();
	fail_nth_within("change_page_attr_set_clr");
	while (!errors && count < BUFFERS_MAX)
		errors = map_at_last(&maps[count++]);
	while (count)
		munmap(maps[--count], SIZE);
	igt_require_f(errors, "no large page is left to be split\n");
	igt_info("%u large pages were not split\n", errors);
}

static const struct subtest subtests[] = {
	{ "write-combine-ends", "Pages are write-combined while their buffer lives.", mapped },
	{ "no-memory-write-combine", "All of a buffer's pages are, or none.", half_mapped },
};

void write_combine_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
