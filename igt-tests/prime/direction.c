// SPDX-License-Identifier: MIT
/*
 * Which way an import is mapped for the device. Where memory is coherent a wrong
 * direction does no harm that a picture would show, so the kernel's own trace of the
 * DMA API is asked.
 */
#include "prime_subtests.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/subtests.h"

#define TRACING "/sys/kernel/tracing/"
#define EVENT TRACING "events/dma/dma_map_sg/enable"

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	igt_require_f(file, "%s: %s\n", path, strerror(errno));
	igt_assert(fputs(text, file) >= 0);
	igt_assert_eq(fclose(file), 0);
}

/* Lines "... dma_map_sg: DEVICE dir=DIRECTION ..." of vprime's devices. */
static unsigned int count_maps(const char *direction)
{
	FILE *file = fopen(TRACING "trace", "r");
	unsigned int count = 0;
	char line[4096];

	igt_assert(file);
	while (fgets(line, sizeof(line), file)) {
		const char *device = strstr(line, "dma_map_sg: vprime.");

		count += device && strstr(device, direction);
	}
	fclose(file);
	return count;
}

static void check_import(int from, int into)
{
	struct dumb dumb = dumb_new(from, SHARED_SIZE);
	int dmabuf = prime_export(from, dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	uint32_t handle;

	put(TRACING "trace", "");
	put(EVENT, "1");
	handle = prime_import(into, dmabuf);
	put(EVENT, "0");
	igt_assert(count_maps("dir=") > 0);
	igt_assert_eq(count_maps("dir="), count_maps("dir=TO_DEVICE "));
	gem_close(into, handle);
	close(dmabuf);
	dumb_free(&dumb);
}

/*
 * All that a device of vprime does with an import it does by the CPU. Where DMA is bounced,
 * the end of a mapping that the device could write by would undo it.
 */
static void read_only_by_dma(struct screen *screen)
{
	check_import(cards.vgem, screen->kms.fd);
	check_import(screen->kms.fd, cards.second);
}

static const struct subtest subtests[] = {
	{ "import-direction", "An import is mapped as one that no DMA writes.", read_only_by_dma },
};

void direction_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
