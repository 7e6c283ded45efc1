// SPDX-License-Identifier: MIT
/*
 * Whether the memory of shmem, which most buffers are, comes in huge pages on this machine.
 * For tests of how large pages are, and for those that count on small ones.
 */
#include "huge_pages.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define POLICY "/sys/kernel/mm/transparent_hugepage/shmem_enabled"

bool huge_pages_exist(void)
{
	return !access(POLICY, R_OK);
}

/* The word in brackets is what is chosen. */
bool huge_pages_by(const char *policy)
{
	FILE *file = fopen(POLICY, "re");
	char line[128] = "", word[32];

	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	snprintf(word, sizeof(word), "[%s]", policy);
	return strstr(line, word);
}
