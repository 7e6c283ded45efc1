// SPDX-License-Identifier: MIT
/*
 * Machines where devices do not reach the memory itself. Some exporters know nothing of
 * them and hand out pieces that can't be mapped there; tests have to tell that from a
 * fault of ours.
 */
#include "bounce.h"

#include <stdio.h>
#include <string.h>

#include "igt_api.h"

bool bounce_all(void)
{
	FILE *file = fopen("/proc/cmdline", "re");
	char line[4096] = "";

	igt_assert(file && fgets(line, sizeof(line), file));
	fclose(file);
	return strstr(line, "swiotlb=force");
}
