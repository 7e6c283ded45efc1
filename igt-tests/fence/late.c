// SPDX-License-Identifier: MIT
/*
 * How long something took, and what the driver says of whom it did not wait for.
 */
#include "late.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "igt_api.h"
#include "lib/screen.h"

struct late late_counts(const struct screen *screen)
{
	struct late late = {};
	char path[64];
	struct stat st;
	FILE *file;

	igt_assert_errno(fstat(screen->kms.fd, &st), 0);
	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/%u/late", minor(st.st_rdev));
	file = fopen(path, "r");
	if (!file)
		return late;
	igt_assert_eq(fscanf(file, "user %lu exporter %lu lock %lu", &late.users,
			     &late.exporters, &late.locks),
		      3);
	fclose(file);
	igt_info("late: %lu users, %lu exporters, %lu locks\n", late.users, late.exporters,
		 late.locks);
	return late;
}

double clock_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}
