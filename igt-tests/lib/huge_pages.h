/* SPDX-License-Identifier: MIT */
#ifndef HUGE_PAGES_H
#define HUGE_PAGES_H

#include <stdbool.h>

#define HUGE_PAGE (2ul << 20)

/* The kernel has huge pages for shmem. */
bool huge_pages_exist(void);

/* That is its policy for them: "deny", "force", ... */
bool huge_pages_by(const char *policy);

#endif
