// SPDX-License-Identifier: MIT
/*
 * No descriptors left, by the process's own limit: what is open stays open.
 */
#include "descriptors.h"

#include "igt_api.h"

struct rlimit descriptors_deny(void)
{
	struct rlimit before, none;

	igt_assert_errno(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = before.rlim_max };
	igt_assert_errno(setrlimit(RLIMIT_NOFILE, &none), 0);
	return before;
}

void descriptors_allow(const struct rlimit *before)
{
	igt_assert_errno(setrlimit(RLIMIT_NOFILE, before), 0);
}
