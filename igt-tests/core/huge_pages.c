// SPDX-License-Identifier: MIT
/*
 * A buffer whose memory is in huge pages, mapped through its descriptor: a program that
 * touches all of it has to get by with as many faults on any core. vgem's memory is
 * shmem's, for which the kernel is told here to use huge pages.
 */
#include "core_subtests.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/dumb.h"

#define ENABLED "/sys/kernel/mm/transparent_hugepage/shmem_enabled"
#define HUGE (2u << 20)
#define PAGES 8
#define SIZE (PAGES * HUGE)

static char before[16];

/* The word in brackets is what is chosen. */
static void remember_choice(void)
{
	char line[128] = "", *word, *end;
	FILE *file = fopen(ENABLED, "r");

	igt_require_f(file && !access(ENABLED, W_OK), "a kernel without huge pages for shmem\n");
	igt_assert(fgets(line, sizeof(line), file));
	fclose(file);
	word = strchr(line, '[');
	end = word ? strchr(word, ']') : NULL;
	igt_assert(end && end - word <= (long)sizeof(before));
	*end = '\0';
	snprintf(before, sizeof(before), "%s", word + 1);
}

static void choose(const char *word)
{
	FILE *file = fopen(ENABLED, "w");

	igt_assert(file);
	igt_assert(fputs(word, file) >= 0);
	igt_assert_eq(fclose(file), 0);
}

static long faults(void)
{
	struct rusage usage;

	igt_assert_errno(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_minflt;
}

/* Room for the buffer where huge pages fit. */
static uint8_t *room(void)
{
	uintptr_t address = (uintptr_t)mmap(NULL, SIZE + HUGE, PROT_NONE,
					    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	igt_assert(address != (uintptr_t)MAP_FAILED);
	return (uint8_t *)((address + HUGE - 1) & ~(uintptr_t)(HUGE - 1));
}

static long faults_of(int fd, int protection)
{
	uint8_t *map = mmap(room(), SIZE, protection, MAP_SHARED | MAP_FIXED, fd, 0);
	volatile uint8_t *bytes = map;
	long start;

	igt_assert(map != MAP_FAILED);
	start = faults();
	for (size_t i = 0; i < SIZE; i += 4096) {
		if (protection & PROT_WRITE)
			bytes[i] = i >> 12;
		else
			igt_assert_eq(bytes[i], (uint8_t)(i >> 12));
	}
	start = faults() - start;
	munmap(map, SIZE);
	return start;
}

/* Memory can be in pieces, so some of it may be single pages: half of it is huge. */
static void few_faults(void)
{
	struct dumb dumb;
	long writing, reading;
	int fd;

	remember_choice();
	choose("always");
	dumb = dumb_new(cards.vgem, SIZE);
	fd = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	writing = faults_of(fd, PROT_READ | PROT_WRITE);
	reading = faults_of(fd, PROT_READ);
	close(fd);
	dumb_free(&dumb);
	choose(before);
	igt_info("%d huge pages: %ld faults to write, %ld to read\n", PAGES, writing, reading);
	igt_assert(writing < SIZE / 4096 / 2);
	igt_assert(reading < SIZE / 4096 / 2);
}

static const struct core_subtest subtests[] = {
	{ "huge-pages", "Huge pages take one fault each.", few_faults, NULL },
};

void huge_page_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
