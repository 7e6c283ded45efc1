// SPDX-License-Identifier: MIT
/*
 * llseek and mmap of a dma-buf's descriptor: the size, what is refused, and
 * which bytes are seen.
 */
#include "core_subtests.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "igt_api.h"
#include "lib/pattern.h"

#define PAGE 4096

static void seek(const struct exporter *exporter)
{
	static const int whences[] = { SEEK_SET, SEEK_END };
	struct buffer buffer = buffer_new(exporter);

	igt_assert_eq(lseek(buffer.fd, 0, SEEK_END),
		      buffer.dumb.map ? buffer.dumb.size : buffer.size);
	igt_assert(buffer.size && buffer.size % PAGE == 0);
	igt_assert_eq(lseek(buffer.fd, 0, SEEK_SET), 0);
	for (int i = 0; i < 2; i++) {
		igt_assert_errno(lseek(buffer.fd, 1, whences[i]), EINVAL);
		igt_assert_errno(lseek(buffer.fd, -1, whences[i]), EINVAL);
		igt_assert_errno(lseek(buffer.fd, -(off_t)buffer.size, whences[i]), EINVAL);
	}
	for (int i = 0; i < 2; i++) {
		igt_assert_errno(lseek(buffer.fd, i, SEEK_CUR), EINVAL);
		igt_assert_errno(lseek(buffer.fd, i, SEEK_DATA), EINVAL);
		igt_assert_errno(lseek(buffer.fd, i, SEEK_HOLE), EINVAL);
	}
	igt_assert_eq(lseek(buffer.fd, 0, SEEK_END), buffer.size);
	buffer_free(&buffer);
}

/* A buffer is mapped, not read and written, and keeps its size. */
static void no_file(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	char byte = 0;

	igt_assert_errno(read(buffer.fd, &byte, 1), EINVAL);
	igt_assert_errno(write(buffer.fd, &byte, 1), EINVAL);
	igt_assert_errno(ftruncate(buffer.fd, PAGE), EINVAL);
	igt_assert_eq(lseek(buffer.fd, 0, SEEK_END), buffer.size);
	buffer_free(&buffer);
}

static int map_errno(int fd, size_t size, int protection, off_t offset)
{
	void *map = mmap(NULL, size, protection, MAP_SHARED, fd, offset);

	if (map == MAP_FAILED)
		return errno;
	munmap(map, size);
	return 0;
}

static void bounds(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	const size_t size = buffer.size;
	int ret;

	igt_assert_eq(map_errno(buffer.fd, size, PROT_READ, 0), 0);
	igt_assert_eq(map_errno(buffer.fd, PAGE, PROT_READ, 0), 0);
	igt_assert_eq(map_errno(buffer.fd, PAGE, PROT_READ, size - PAGE), 0);
	igt_assert_eq(map_errno(buffer.fd, size - PAGE, PROT_READ, PAGE), 0);

	igt_assert_eq(map_errno(buffer.fd, size + 1, PROT_READ, 0), EINVAL);
	igt_assert_eq(map_errno(buffer.fd, 1ul << 40, PROT_READ, 0), EINVAL);
	igt_assert_eq(map_errno(buffer.fd, size, PROT_READ, PAGE), EINVAL);
	igt_assert_eq(map_errno(buffer.fd, 2 * PAGE, PROT_READ, size - PAGE), EINVAL);
	igt_assert_eq(map_errno(buffer.fd, PAGE, PROT_READ, size), EINVAL);
	igt_assert_eq(map_errno(buffer.fd, PAGE, PROT_READ, 1ll << 62), EINVAL);
	/* Here the end of the range does not fit in a number. */
	ret = map_errno(buffer.fd, 2 * PAGE, PROT_READ, -(off_t)PAGE);
	igt_assert(ret == EINVAL || ret == EOVERFLOW);
	igt_assert_eq(map_errno(buffer.fd, 0, PROT_READ, 0), EINVAL);
	buffer_free(&buffer);
}

/* Through every mapping one sees the buffer's own bytes, at their place. */
static void bytes(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	uint8_t *expected = malloc(buffer.size);
	uint8_t *map;

	igt_assert(expected);
	dmabuf_fill_noise(buffer.fd, buffer.size, 31);
	dmabuf_assert_noise(buffer.fd, buffer.size, 31);
	pattern_noise(expected, buffer.size, 31);
	if (buffer.dumb.map)
		igt_assert(!memcmp(buffer.dumb.map, expected, buffer.size));
	if (exporter->at_offset) {
		map = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, buffer.fd, 3 * PAGE);
		igt_assert(map != MAP_FAILED);
		igt_assert(!memcmp(map, expected + 3 * PAGE, 2 * PAGE));
		munmap(map, 2 * PAGE);
	}
	free(expected);
	buffer_free(&buffer);
}

static void read_only(void)
{
	struct dumb dumb = dumb_new(cards.vgem, BUFFER_SIZE);
	int fd = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
	void *map;

	igt_assert_eq(map_errno(fd, dumb.size, PROT_READ, 0), 0);
	igt_assert_eq(map_errno(fd, dumb.size, PROT_READ | PROT_WRITE, 0), EACCES);
	igt_assert_eq(map_errno(fd, dumb.size, PROT_WRITE, 0), EACCES);
	/* Nor can it be made writable later. */
	map = mmap(NULL, dumb.size, PROT_READ, MAP_SHARED, fd, 0);
	igt_assert(map != MAP_FAILED);
	igt_assert_errno(mprotect(map, dumb.size, PROT_READ | PROT_WRITE), EACCES);
	munmap(map, dumb.size);
	close(fd);
	dumb_free(&dumb);
}

/* The mapping is a reference: nothing else is needed to keep the bytes. */
static void outlives(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	uint8_t *map, *expected = malloc(buffer.size);

	igt_assert(expected);
	dmabuf_fill_noise(buffer.fd, buffer.size, 32);
	map = buffer_map(&buffer, PROT_READ);
	buffer_free(&buffer);
	pattern_noise(expected, buffer.size, 32);
	igt_assert(!memcmp(map, expected, buffer.size));
	munmap(map, buffer.size);
	free(expected);
}

static void many(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint8_t *maps[200];

	for (int i = 0; i < 200; i++)
		maps[i] = buffer_map(&buffer, PROT_READ | PROT_WRITE);
	for (int i = 0; i < 200; i++) {
		maps[i][i] = i;
		igt_assert_eq(maps[199 - i][i], i);
	}
	for (int i = 0; i < 200; i++)
		munmap(maps[i], buffer.size);
	buffer_free(&buffer);
}

static const struct core_subtest subtests[] = {
	{ "seek", "The size is found by seeking, and nothing else can be sought.", NULL, seek },
	{ "not-a-file", "A buffer is not read, written or truncated.", NULL, no_file },
	{ "mmap-bounds", "A mapping lies within the buffer.", NULL, bounds },
	{ "mmap-bytes", "A mapping shows the bytes of its part of the buffer.", NULL, bytes },
	{ "mmap-read-only", "What is not open for writing can't be mapped so.", read_only, NULL },
	{ "mmap-outlives", "A mapping keeps the buffer.", NULL, outlives },
	{ "mmap-many", "Two hundred mappings are one buffer.", many, NULL },
};

void mapping_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
