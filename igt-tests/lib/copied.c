// SPDX-License-Identifier: MIT
/*
 * The driver's own count of bytes that the CPU read and wrote for its pictures.
 */
#include "copied.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "igt_api.h"

struct copied copied_bytes(const struct screen *screen)
{
	struct copied copied;
	struct stat st;
	char path[64];
	FILE *file;
	int found;

	igt_assert_errno(fstat(screen->kms.fd, &st), 0);
	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/%u/copied", minor(st.st_rdev));
	file = fopen(path, "r");
	igt_assert_f(file, "%s\n", path);
	found = fscanf(file, "read %" SCNd64 " written %" SCNd64 " moved %" SCNd64, &copied.read,
		       &copied.written, &copied.moved);
	fclose(file);
	igt_assert_eq(found, 3);
	return copied;
}

struct copied copied_since(const struct screen *screen, struct copied before)
{
	struct copied now = copied_bytes(screen);

	return (struct copied){ now.read - before.read, now.written - before.written,
				now.moved - before.moved };
}

int64_t copied_sum(struct copied copied)
{
	return copied.read + copied.written + copied.moved;
}
