// SPDX-License-Identifier: MIT
/*
 * Counts dma-bufs, by the last line of bufinfo in debugfs: "Total <n> objects,
 * <bytes> bytes". Tests look whether something was left behind.
 */
#include "dmabuf_count.h"

#include <stdio.h>
#include <unistd.h>

#include "igt_api.h"
#include "screen.h"

#define LOOK_AGAIN_MS 20

int dmabuf_count(void)
{
	FILE *file = fopen("/sys/kernel/debug/dma_buf/bufinfo", "r");
	char line[512];
	int count = -1;

	igt_require_f(file, "no bufinfo in debugfs\n");
	while (fgets(line, sizeof(line), file))
		sscanf(line, "Total %d objects", &count);
	fclose(file);
	igt_assert(count >= 0);
	return count;
}

void dmabuf_assert_count(int expected)
{
	int count = dmabuf_count();

	for (int ms = 0; count != expected && ms < SCREEN_PATIENCE_MS / 4; ms += LOOK_AGAIN_MS) {
		usleep(LOOK_AGAIN_MS * 1000);
		count = dmabuf_count();
	}
	igt_assert_f(count == expected, "%d dma-bufs, expected %d\n", count, expected);
}
