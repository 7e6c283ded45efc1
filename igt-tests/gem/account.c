// SPDX-License-Identifier: MIT
/*
 * Who has how much memory: what fdinfo tells of a client, and which cgroup pays.
 */
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/cgroup.h"
#include "lib/subtests.h"

#define SIZE (256 * PAGE_BYTES)
#define ROUNDS 8

/* Kibibytes of the client's memory, by that key of its fdinfo; -1: no such key. */
static long client_memory(int card, const char *key)
{
	char path[64], line[128], name[64], unit[8];
	long value, found = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", card);
	file = fopen(path, "re");
	igt_assert(file);
	while (fgets(line, sizeof(line), file)) {
		unit[0] = '\0';
		if (sscanf(line, "%63[^:]: %ld %7s", name, &value, unit) < 2 || strcmp(name, key))
			continue;
		found = !strcmp(unit, "MiB") ? value * 1024 : unit[0] ? value :
									value / 1024;
	}
	fclose(file);
	return found;
}

static void usage_stats(struct screen *screen)
{
	int client = drm_open_card("vprime", 0), dmabuf;
	uint32_t handle, second;

	(void)screen;
	igt_assert_eq(client_memory(client, "drm-total-memory"), 0);
	handle = gem_new(client, SIZE, 0);
	second = gem_new(client, SIZE, VPRIME_GEM_CONTIGUOUS);
	igt_assert_eq(client_memory(client, "drm-total-memory"), 2 * SIZE / 1024);
	igt_assert_eq(client_memory(client, "drm-shared-memory"), 0);
	igt_assert(client_memory(client, "drm-resident-memory") <= 0);
	munmap(gem_map(client, second, SIZE, PROT_READ), SIZE);
	igt_assert_eq(client_memory(client, "drm-resident-memory"), SIZE / 1024);
	dmabuf = prime_export(client, handle, DRM_CLOEXEC);
	igt_assert_eq(client_memory(client, "drm-shared-memory"), SIZE / 1024);
	igt_assert_eq(client_memory(client, "drm-total-memory"), 2 * SIZE / 1024);
	gem_close(client, handle);
	gem_close(client, second);
	igt_assert_eq(client_memory(client, "drm-total-memory"), 0);
	close(dmabuf);
	close(client);
}

/* Another's memory is the client's as well: resident while it is mapped for the device. */
static void usage_of_import(struct screen *screen)
{
	uint32_t handle = gem_new(cards.second, SIZE, 0);
	int client = drm_open_card("vprime", 0), dmabuf;

	(void)screen;
	dmabuf = prime_export(cards.second, handle, DRM_RDWR | DRM_CLOEXEC);
	prime_import(client, dmabuf);
	igt_assert_eq(client_memory(client, "drm-total-memory"), SIZE / 1024);
	igt_assert_eq(client_memory(client, "drm-shared-memory"), SIZE / 1024);
	igt_assert_eq(client_memory(client, "drm-resident-memory"), SIZE / 1024);
	igt_assert_eq(gem_move(1, dmabuf), 0);
	igt_assert(client_memory(client, "drm-resident-memory") <= 0);
	close(client);
	gem_close(cards.second, handle);
	close(dmabuf);
}

/* A child in the cgroup makes the buffers; only then are they touched, out of it. */
static void make_charged(int card, uint32_t flags, uint32_t handles[2], int out)
{
	pid_t child = fork();
	int status;

	igt_assert(child >= 0);
	if (!child) {
		cgroup_enter();
		handles[0] = gem_new(card, SIZE, flags);
		handles[1] = gem_new(card, SIZE, flags);
		_exit(write(out, handles, 2 * sizeof(*handles)) < 0);
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert_eq(status, 0);
}

static void creator_pays(struct screen *screen)
{
	static const uint32_t kinds[] = { 0, VPRIME_GEM_CONTIGUOUS };

	(void)screen;
	cgroup_make(0);
	for (size_t kind = 0; kind < 2; kind++) {
		uint32_t handles[2];
		long before, after;
		int ends[2];

		igt_assert_errno(pipe(ends), 0);
		make_charged(cards.vprime, kinds[kind], handles, ends[1]);
		igt_assert_eq(read(ends[0], handles, sizeof(handles)), sizeof(handles));
		close(ends[0]);
		close(ends[1]);
		before = cgroup_memory("current");
		for (int i = 0; i < 2; i++)
			gem_fill(cards.vprime, handles[i], SIZE, i);
		after = cgroup_memory("current");
		igt_assert_f(after - before >= (long)SIZE, "%ld bytes were charged, not %d\n",
			     after - before, 2 * SIZE);
		for (int i = 0; i < 2; i++)
			gem_close(cards.vprime, handles[i]);
	}
	cgroup_remove();
}

/* Made in the cgroup, shared and used; the last who closes it gives its memory back. */
static void share_and_forget(void)
{
	int ends[2], dmabuf;
	uint32_t handles[2], import;

	igt_assert_errno(pipe(ends), 0);
	make_charged(cards.vprime, 0, handles, ends[1]);
	igt_assert_eq(read(ends[0], handles, sizeof(handles)), sizeof(handles));
	close(ends[0]);
	close(ends[1]);
	for (int i = 0; i < 2; i++) {
		dmabuf = prime_export(cards.vprime, handles[i], DRM_RDWR | DRM_CLOEXEC);
		import = prime_import(cards.second, dmabuf);
		gem_fill(cards.second, import, SIZE, i);
		gem_close(cards.second, import);
		gem_close(cards.vprime, handles[i]);
		close(dmabuf);
	}
}

static void nothing_left(struct screen *screen)
{
	long before, after;

	(void)screen;
	limits_reset();
	cgroup_make(0);
	share_and_forget();
	before = cgroup_memory("current");
	for (int i = 0; i < ROUNDS; i++)
		share_and_forget();
	after = cgroup_wait_below(before + ROUNDS * (long)SIZE);
	igt_assert_f(after - before < ROUNDS * (long)SIZE,
		     "%ld bytes more than after the first\n", after - before);
	cgroup_remove();
}

static const struct subtest subtests[] = {
	{ "fdinfo", "fdinfo tells what a client has.", usage_stats },
	{ "fdinfo-import", "It tells of imports, too.", usage_of_import },
	{ "cgroup", "The cgroup that made a buffer pays for it, whoever touches it.",
	  creator_pays },
	{ "cgroup-nothing-left", "And gets it back, whoever shared it.", nothing_left },
};

void account_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
