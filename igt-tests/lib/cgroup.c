// SPDX-License-Identifier: MIT
/*
 * One control group (version 2) for tests of who pays for memory. The lab has the hierarchy
 * mounted; what is put in the group, and why, is not known here.
 */
#include "cgroup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "igt_api.h"
#include "screen.h"

#define ROOT "/sys/fs/cgroup/"
#define GROUP ROOT "vprime_test"

#define TRY_AGAIN_MS 20

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	igt_require_f(file, "%s: %s\n", path, strerror(errno));
	fputs(text, file);
	igt_require_f(!fclose(file), "%s: %s\n", path, strerror(errno));
}

void cgroup_make(unsigned long limit)
{
	char text[32] = "max";

	put(ROOT "cgroup.subtree_control", "+memory\n");
	cgroup_remove();
	igt_assert_errno(mkdir(GROUP, 0755), 0);
	if (limit)
		snprintf(text, sizeof(text), "%lu", limit);
	put(GROUP "/memory.max", text);
	if (!access(GROUP "/memory.swap.max", F_OK))
		put(GROUP "/memory.swap.max", "0");
}

/* A process that ended is still in it for a moment. */
void cgroup_remove(void)
{
	for (int ms = 0; ms < SCREEN_PATIENCE_MS; ms += TRY_AGAIN_MS) {
		if (!rmdir(GROUP) || errno != EBUSY)
			return;
		usleep(TRY_AGAIN_MS * 1000);
	}
	igt_assert_f(false, "somebody stays in %s\n", GROUP);
}

void cgroup_enter(void)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", getpid());
	put(GROUP "/cgroup.procs", text);
}

static long find(const char *path, const char *key)
{
	FILE *file = fopen(path, "re");
	char name[64] = "";
	long value = -1;
	bool found = false;

	igt_assert_f(file, "%s: %s\n", path, strerror(errno));
	if (!key)
		found = fscanf(file, "%ld", &value) == 1;
	while (!found && fscanf(file, "%63s %ld", name, &value) == 2)
		found = !strcmp(name, key);
	fclose(file);
	igt_assert_f(found, "%s has no %s\n", path, key ? key : "number");
	return value;
}

long cgroup_memory(const char *file)
{
	char path[96];

	snprintf(path, sizeof(path), GROUP "/memory.%s", file);
	return find(path, NULL);
}

long cgroup_wait_below(long bytes)
{
	long current = cgroup_memory("current");

	for (int tries = 0; current >= bytes && tries < SCREEN_PATIENCE_MS / 50; tries++) {
		usleep(50000);
		current = cgroup_memory("current");
	}
	return current;
}

long cgroup_event(const char *name)
{
	return find(GROUP "/memory.events", name);
}
