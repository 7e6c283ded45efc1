// SPDX-License-Identifier: MIT
/*
 * Clients that want more memory than they may have, and clients that are killed while they
 * get it: who made a buffer pays, is stopped, and leaves nothing.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/bounce.h"
#include "lib/cgroup.h"
#include "lib/subtests.h"

#define MIB (1024ul * 1024)
#define LIMIT (64 * MIB)

/* Memory that the kernel charges it gives back in its own time, and in larger units. */
#define SLACK (8 * MIB)

#define IMPORTS 200
#define IMPORT_PAGES 256
#define IMPORT_CHARGE (IMPORTS * IMPORT_PAGES * 32l) /* of scatterlists alone */

/* Some time into it, and how long a death may take. */
#define BEFORE_KILL_US 100000
#define DEATH_MS 1000

static const struct hungry {
	const char *name;
	uint32_t flags;
	unsigned int mask_bits;
} kinds[] = {
	{ "scattered", 0, 64 },
	{ "limited", 0, 63 },
	{ "contiguous", VPRIME_GEM_CONTIGUOUS, 64 },
	{ "write-combined", VPRIME_GEM_WRITE_COMBINE, 64 },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* A child of the group gets buffers until it can't: its errno. */
static int eat(int card, uint32_t flags, size_t size, unsigned int most)
{
	for (unsigned int i = 0; i < most; i++) {
		struct drm_vprime_gem_create args = { .size = size, .flags = flags };

		if (drmIoctl(card, DRM_IOCTL_VPRIME_GEM_CREATE, &args))
			return errno;
		if (__gem_map(card, args.handle, size, PROT_READ | PROT_WRITE) == MAP_FAILED)
			return errno;
	}
	return 0;
}

/* ENOMEM, or the kernel's killer of who has too much; by no more than it may have. */
static void stopped(const struct hungry *kind, size_t size)
{
	int status, card;
	pid_t child;

	cgroup_make(LIMIT);
	fflush(NULL);
	child = fork();
	igt_assert_errno(child, 0);
	if (!child) {
		cgroup_enter();
		card = drm_open_card("vprime", 0);
		_exit(card < 0 ? 255 : eat(card, kind->flags, size, 4 * LIMIT / size));
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert_f(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL :
					   WEXITSTATUS(status) == ENOMEM,
		     "%s: it ended with status %#x\n", kind->name, status);
	igt_assert(cgroup_memory("peak") <= (long)LIMIT);
	igt_assert(cgroup_memory("current") <= (long)SLACK);
	cgroup_remove();
}

static void each_stopped(void)
{
	for (const struct hungry *kind = kinds; kind < kinds + KINDS; kind++)
		igt_dynamic(kind->name)
		{
			limits_reset();
			igt_assert_eq(slot_set(0, "dma_mask_bits", kind->mask_bits), 0);
			stopped(kind, 4 * LIMIT);
			stopped(kind, MIB);
			limits_reset();
		}
}

/* Kibibytes that the machine can give away. */
static unsigned long available(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	unsigned long value = 0;
	char line[128];

	igt_assert(file);
	while (!value && fgets(line, sizeof(line), file))
		sscanf(line, "MemAvailable: %lu", &value);
	fclose(file);
	igt_assert(value);
	return value;
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* How many milliseconds it takes to die for a child that gets @size bytes at once. */
static long death(int card, uint32_t flags, size_t size)
{
	int ends[2], status;
	pid_t child;
	long start;
	char byte;

	igt_assert_errno(pipe(ends), 0);
	fflush(NULL);
	child = fork();
	igt_assert_errno(child, 0);
	if (!child) {
		uint32_t handle = gem_new(card, size, flags);

		igt_assert_eq(write(ends[1], "", 1), 1);
		__gem_map(card, handle, size, PROT_READ);
		for (;;)
			pause();
	}
	igt_assert_eq(read(ends[0], &byte, 1), 1);
	usleep(BEFORE_KILL_US);
	start = now_ms();
	kill(child, SIGKILL);
	igt_assert_eq(waitpid(child, &status, 0), child);
	close(ends[0]);
	close(ends[1]);
	return now_ms() - start;
}

/* Half of all memory; the child's file is its own, so that all of it goes with the child. */
static void killed(const struct hungry *kind)
{
	size_t size = available() / 2 * 1024 & -MIB;
	int card = drm_open_card("vprime", 0);
	long ms;

	igt_assert(card >= 0);
	ms = death(card, kind->flags, size);
	close(card);
	igt_info("%s, %zu MiB: dead after %ld ms\n", kind->name, size >> 20, ms);
	igt_assert(ms < DEATH_MS);
}

static void each_killed(void)
{
	for (const struct hungry *kind = kinds; kind < kinds + KINDS; kind++)
		igt_dynamic(kind->name)
		{
			limits_reset();
			igt_assert_eq(slot_set(0, "dma_mask_bits", kind->mask_bits), 0);
			killed(kind);
			limits_reset();
		}
}

/* What the group pays more when it has imported all of them: the errno, 0 if enough. */
static int import_all(const int *dmabufs)
{
	int card = drm_open_card("vprime", 1);
	uint32_t handle;
	long before;

	cgroup_enter();
	before = cgroup_memory("current");
	for (int i = 0; i < IMPORTS; i++)
		if (drmPrimeFDToHandle(card, dmabufs[i], &handle))
			return errno;
	return cgroup_memory("current") - before < IMPORT_CHARGE * 3 / 4 ? ENODATA : 0;
}

/* A piece for each page makes a long list for each import, which its importer pays for. */
static void imports_pay(struct screen *screen)
{
	int dmabufs[IMPORTS], status;
	pid_t child;

	(void)screen;
	igt_require_f(!bounce_all(), "there are not as many bounce buffers\n");
	limits_reset();
	for (int i = 0; i < IMPORTS; i++) {
		uint32_t handle = gem_new(cards.vprime, IMPORT_PAGES * PAGE_BYTES, 0);

		dmabufs[i] = prime_export(cards.vprime, handle, DRM_CLOEXEC | DRM_RDWR);
		munmap(gem_map(cards.vprime, handle, PAGE_BYTES, PROT_READ), PAGE_BYTES);
		gem_close(cards.vprime, handle);
	}
	igt_assert_eq(slot_set(1, "max_segment_size", PAGE_BYTES), 0);
	cgroup_make(0);
	fflush(NULL);
	child = fork();
	igt_assert_errno(child, 0);
	if (!child)
		_exit(import_all(dmabufs));
	igt_assert_eq(waitpid(child, &status, 0), child);
	for (int i = 0; i < IMPORTS; i++)
		close(dmabufs[i]);
	limits_reset();
	cgroup_remove();
	igt_assert_eq(status, 0);
}

static const struct subtest subtests[] = {
	{ "import-charged", "Who imports pays for what an import takes.", imports_pay },
};

void hungry_subtests(struct screen *screen)
{
	igt_describe("Who may have no more memory gets none, and leaves none.");
	igt_subtest_with_dynamic("memory-limited")
		each_stopped();
	igt_describe("A process that is killed while it gets memory dies at once.");
	igt_subtest_with_dynamic("memory-killed")
		each_killed();
	RUN_SUBTESTS(subtests, screen);
}
