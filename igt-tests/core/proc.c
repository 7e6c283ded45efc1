// SPDX-License-Identifier: MIT
/*
 * What the kernel tells of dma-bufs in /proc and debugfs: fdinfo, the
 * descriptor's link, and bufinfo with sizes, references and devices.
 */
#include "core_subtests.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#include "fences.h"
#include "igt_api.h"
#include "proc_files.h"

static void fdinfo(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	struct fdinfo info = fdinfo_read(buffer.fd);

	igt_assert_eq(info.lines, 3);
	igt_assert(!info.named);
	igt_assert_eq(info.size, buffer.size);
	igt_assert_eq(info.ino, dmabuf_inode(buffer.fd));
	igt_assert(info.count >= 1);
	igt_assert_f(!strcmp(info.exporter, exporter->export_name), "exporter is '%s'\n",
		     info.exporter);
	buffer_free(&buffer);
}

/* A descriptor and a mapping are a reference each, reading is none. */
static void fdinfo_count(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	long count = fdinfo_read(buffer.fd).count;
	int copy = dup(buffer.fd);
	struct bufinfo info;
	void *map;

	/* dup() shares the open file, so the table of descriptors holds it twice. */
	igt_assert_eq(fdinfo_read(buffer.fd).count, count + 1);
	map = buffer_map(&buffer, PROT_READ);
	igt_assert_eq(fdinfo_read(copy).count, count + 2);
	munmap(map, buffer.size);
	close(copy);
	igt_assert_eq(fdinfo_read(buffer.fd).count, count);
	/* Nobody reads it through a descriptor there. */
	igt_assert(bufinfo_find(dmabuf_inode(buffer.fd), &info));
	igt_assert_eq(info.count, count);
	buffer_free(&buffer);
}

static void link_name(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	char link[128];

	fd_link(buffer.fd, link, sizeof(link));
	igt_assert_f(!strcmp(link, "/dmabuf:"), "the link is '%s'\n", link);
	buffer_free(&buffer);
}

/* On a file system of their own, and every buffer with a number of its own. */
static void inodes(const struct exporter *exporter)
{
	struct buffer one = buffer_new(exporter), other = buffer_new(exporter);
	struct statfs fs;
	struct stat st;

	igt_assert_errno(fstatfs(one.fd, &fs), 0);
	igt_assert_eq(fs.f_type, DMA_BUF_MAGIC);
	igt_assert_errno(fstat(one.fd, &st), 0);
	igt_assert_eq(st.st_size, one.size);
	igt_assert(st.st_ino != dmabuf_inode(other.fd));
	buffer_free(&other);
	buffer_free(&one);
}

static void bufinfo(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	ino_t inode = dmabuf_inode(buffer.fd);
	struct bufinfo info;
	long count;

	igt_assert(bufinfo_find(inode, &info));
	igt_assert_eq(info.size, buffer.size);
	igt_assert(!strcmp(info.exporter, exporter->export_name));
	igt_assert_eq(info.attachments, 0);
	igt_assert_eq(info.total, 0);
	count = info.count;
	close(dup(buffer.fd));
	igt_assert(bufinfo_find(inode, &info));
	igt_assert_eq(info.count, count);
	buffer_free(&buffer);
	igt_assert(!bufinfo_find(inode, &info));
}

static void assert_attachments(ino_t inode, unsigned int expected)
{
	struct bufinfo info;

	igt_assert(bufinfo_find(inode, &info));
	igt_assert_eq(info.attachments, expected);
	igt_assert_eq(info.total, expected);
}

static void attachments(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	ino_t inode = dmabuf_inode(buffer.fd);
	uint32_t first, second;

	igt_require_f(cards.vprime >= 0 && cards.second >= 0, "needs two cards of vprime\n");
	first = prime_import(cards.second, buffer.fd);
	assert_attachments(inode, 1);
	/* A device has a buffer once; a card that made it needs no attachment. */
	igt_assert_eq(prime_import(cards.second, buffer.fd), first);
	assert_attachments(inode, 1);
	second = prime_import(cards.vgem, buffer.fd);
	assert_attachments(inode, buffer.dumb.map && buffer.dumb.card == cards.vgem ? 1 : 2);
	gem_close(cards.second, first);
	if (!buffer.dumb.map || buffer.dumb.card != cards.vgem)
		gem_close(cards.vgem, second);
	assert_attachments(inode, 0);
	buffer_free(&buffer);
}

/* Hundreds of them are all there, and all gone. */
static void bufinfo_many(void)
{
	struct buffer buffer = buffer_new_vgem();
	struct bufinfo info;
	ino_t inodes[300];
	int fds[300];

	for (int i = 0; i < 300; i++) {
		struct dumb dumb = dumb_new(cards.vgem, 4096);

		fds[i] = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
		inodes[i] = dmabuf_inode(fds[i]);
		dumb_free(&dumb);
	}
	for (int i = 0; i < 300; i += 23)
		igt_assert(bufinfo_find(inodes[i], &info));
	for (int i = 0; i < 300; i++)
		close(fds[i]);
	for (int i = 0; i < 300; i += 23)
		igt_assert(!bufinfo_find(inodes[i], &info));
	igt_assert(bufinfo_find(dmabuf_inode(buffer.fd), &info));
	buffer_free(&buffer);
}

static const struct core_subtest subtests[] = {
	{ "fdinfo", "Size, count and exporter are in fdinfo.", NULL, fdinfo },
	{ "fdinfo-count", "Every descriptor and mapping counts.", NULL, fdinfo_count },
	{ "link", "A descriptor's link says what it is.", NULL, link_name },
	{ "inode", "Every buffer has an inode number of its own.", NULL, inodes },
	{ "bufinfo", "Every buffer is in bufinfo, as long as it lives.", NULL, bufinfo },
	{ "bufinfo-attachments", "So are the devices that have it.", NULL, attachments },
	{ "bufinfo-many", "Hundreds of buffers are listed.", bufinfo_many, NULL },
};

void proc_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
