// SPDX-License-Identifier: MIT
/*
 * DMA_BUF_SET_NAME in both its numbers: how long a name may be, where it is seen,
 * and what a refused one leaves behind.
 */
#include "core_subtests.h"

#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "account.h"
#include "fences.h"
#include "igt_api.h"
#include "proc_files.h"

static const unsigned long numbers[] = { DMA_BUF_SET_NAME_A, DMA_BUF_SET_NAME_B };

static int name_errno(int fd, unsigned long number, const char *name)
{
	return ioctl(fd, number, name) ? errno : 0;
}

static void assert_name(int fd, const char *name)
{
	struct fdinfo info = fdinfo_read(fd);
	char link[128], expected[128];

	igt_assert(info.named);
	igt_assert_f(!strcmp(info.name, name), "'%s' is not '%s'\n", info.name, name);
	snprintf(expected, sizeof(expected), "/dmabuf:%s", name);
	fd_link(fd, link, sizeof(link));
	igt_assert_f(!strcmp(link, expected), "'%s' is not '%s'\n", link, expected);
}

static void lengths(void)
{
	static const size_t good[] = { 1, 2, 30, 31, 0 }, bad[] = { 32, 33, 4000 };
	struct buffer buffer = buffer_new_vgem();
	char name[4096];

	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; j < sizeof(good) / sizeof(good[0]); j++) {
			snprintf(name, sizeof(name), "%0*d", (int)good[j] ?: 1, 7);
			name[good[j]] = '\0';
			igt_assert_eq(name_errno(buffer.fd, numbers[i], name), 0);
			assert_name(buffer.fd, name);
		}
		igt_assert_eq(name_errno(buffer.fd, numbers[i], "kept"), 0);
		for (size_t j = 0; j < sizeof(bad) / sizeof(bad[0]); j++) {
			snprintf(name, sizeof(name), "%0*d", (int)bad[j], 7);
			igt_assert_eq(name_errno(buffer.fd, numbers[i], name), EINVAL);
			assert_name(buffer.fd, "kept");
		}
	}
	buffer_free(&buffer);
}

static void bad_pointer(void)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	struct buffer buffer = buffer_new_vgem();
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	igt_assert(map != MAP_FAILED);
	igt_assert_errno(munmap(map + page, page), 0);
	memset(map, 'x', page);
	for (int i = 0; i < 2; i++) {
		igt_assert_eq(name_errno(buffer.fd, numbers[i], NULL), EFAULT);
		igt_assert_eq(name_errno(buffer.fd, numbers[i], (char *)-4096l), EFAULT);
		/* It runs out of its page before it ends. */
		igt_assert_eq(name_errno(buffer.fd, numbers[i], map + page - 5), EFAULT);
	}
	igt_assert(!fdinfo_read(buffer.fd).named);
	/* One that ends with the page is whole. */
	map[page - 1] = '\0';
	igt_assert_eq(name_errno(buffer.fd, DMA_BUF_SET_NAME_B, map + page - 5), 0);
	assert_name(buffer.fd, "xxxx");
	munmap(map, page);
	buffer_free(&buffer);
}

static void every_exporter(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	struct bufinfo info;

	igt_assert(!fdinfo_read(buffer.fd).named);
	igt_assert(bufinfo_find(dmabuf_inode(buffer.fd), &info));
	igt_assert(!strcmp(info.name, "<none>"));
	igt_assert_eq(name_errno(buffer.fd, DMA_BUF_SET_NAME_A, "one"), 0);
	assert_name(buffer.fd, "one");
	igt_assert_eq(name_errno(buffer.fd, DMA_BUF_SET_NAME_B, "another"), 0);
	assert_name(buffer.fd, "another");
	igt_assert(bufinfo_find(dmabuf_inode(buffer.fd), &info));
	igt_assert(!strcmp(info.name, "another"));
	buffer_free(&buffer);
}

/* The name is the buffer's, not the descriptor's. */
static void shared_name(void)
{
	struct buffer buffer = buffer_new_vgem();
	int again = prime_export(cards.vgem, buffer.dumb.handle, DRM_CLOEXEC), copy = dup(again);

	igt_assert_eq(name_errno(again, DMA_BUF_SET_NAME_B, "shared"), 0);
	assert_name(buffer.fd, "shared");
	assert_name(copy, "shared");
	close(again);
	close(copy);
	buffer_free(&buffer);
}

static void attached(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t handle;

	igt_require_f(cards.vprime >= 0, "needs vprime\n");
	handle = prime_import(cards.vprime, buffer.fd);
	igt_assert_eq(name_errno(buffer.fd, DMA_BUF_SET_NAME_B, "attached"), 0);
	assert_name(buffer.fd, "attached");
	gem_close(cards.vprime, handle);
	buffer_free(&buffer);
}

/* A name makes neither lines in fdinfo and bufinfo nor fields, on the own core. */
static void hostile(const struct exporter *exporter)
{
	static const char name[] = "a\nsize:\t7\ncount:\t9\\\033[2J";
	static const char escaped[] = "a\\nsize:\\t7\\ncount:\\t9\\\\\\e[2J";
	struct buffer buffer;
	struct fdinfo fdinfo;
	struct bufinfo bufinfo;

	require_own_core();
	buffer = buffer_new(exporter);
	igt_assert_eq(name_errno(buffer.fd, DMA_BUF_SET_NAME_B, name), 0);
	fdinfo = fdinfo_read(buffer.fd);
	igt_assert_eq(fdinfo.lines, 3);
	igt_assert_eq(fdinfo.size, buffer.size);
	igt_assert_f(!strcmp(fdinfo.name, escaped), "fdinfo: '%s'\n", fdinfo.name);
	igt_assert(bufinfo_find(dmabuf_inode(buffer.fd), &bufinfo));
	igt_assert_f(!strcmp(bufinfo.name, escaped), "bufinfo: '%s'\n", bufinfo.name);
	buffer_free(&buffer);
}

#define LONG_NAME "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define SHORT_NAME "bbb"

static _Noreturn void rename_for(int fd, long long duration_ms)
{
	long long end = now_ms() + duration_ms;

	while (now_ms() < end)
		if (name_errno(fd, DMA_BUF_SET_NAME_B, LONG_NAME) ||
		    name_errno(fd, DMA_BUF_SET_NAME_B, SHORT_NAME))
			_exit(1);
	_exit(0);
}

/* Who reads while it is changed sees the old one or the new one. */
static void never_torn(void)
{
	struct buffer buffer = buffer_new_vgem();
	long long end = now_ms() + 1000;
	pid_t child;

	igt_assert_eq(name_errno(buffer.fd, DMA_BUF_SET_NAME_B, SHORT_NAME), 0);
	child = fork();
	igt_assert(child >= 0);
	if (!child)
		rename_for(buffer.fd, 1000);
	while (now_ms() < end) {
		struct fdinfo info = fdinfo_read(buffer.fd);

		igt_assert_f(!strcmp(info.name, LONG_NAME) || !strcmp(info.name, SHORT_NAME),
			     "read '%s'\n", info.name);
	}
	child_join(child);
	buffer_free(&buffer);
}

static const struct core_subtest subtests[] = {
	{ "name-lengths", "31 characters are taken, 32 and more refused.", lengths, NULL },
	{ "name-bad-pointer", "A name that can't be read changes nothing.", bad_pointer, NULL },
	{ "name-seen", "The name is in fdinfo, bufinfo and the descriptor's link.", NULL,
	  every_exporter },
	{ "name-shared", "All descriptors of a buffer show its one name.", shared_name, NULL },
	{ "name-attached", "A buffer that devices have can be renamed.", attached, NULL },
	{ "name-hostile", "A name is escaped in fdinfo and bufinfo.", NULL, hostile },
	{ "name-never-torn", "Two names are never mixed.", never_torn, NULL },
};

void name_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
