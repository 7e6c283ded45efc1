// SPDX-License-Identifier: MIT
/*
 * Buffers of every exporter while the core under them is exchanged: open, named,
 * attached, mapped, in the middle of CPU access. Nothing of that may be lost,
 * whichever core made them and whichever has to end it.
 */
#include "live_subtests.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "core/account.h"
#include "core/buffers.h"
#include "core/fail_nth.h"
#include "core/proc_files.h"
#include "igt_api.h"
#include "module.h"

#define HELD_MAX 8

/**
 * struct held - a buffer with all that a program can have of it
 * @buffer: the buffer, in CPU access
 * @inode: of its file
 * @copy: another descriptor
 * @handle: imported into the second card, which attaches and maps it
 * @map: mapped by the program
 */
static struct held {
	struct buffer buffer;
	ino_t inode;
	int copy;
	uint32_t handle;
	uint8_t *map;
} held[HELD_MAX];

static unsigned int held_count;

static void hold(const struct exporter *exporter)
{
	struct held *h = &held[held_count];

	igt_assert(held_count < HELD_MAX);
	h->buffer = buffer_new(exporter);
	h->inode = dmabuf_inode(h->buffer.fd);
	h->copy = dup(h->buffer.fd);
	igt_assert_errno(h->copy, 0);
	igt_assert_errno(ioctl(h->copy, DMA_BUF_SET_NAME_B, exporter->name), 0);
	h->handle = prime_import(cards.second, h->buffer.fd);
	h->map = buffer_map(&h->buffer, PROT_READ | PROT_WRITE);
	igt_assert_eq(buffer_sync(h->copy, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW), 0);
	memset(h->map, 0x40 + held_count, h->buffer.size);
	held_count++;
}

static void hold_all(void)
{
	held_count = 0;
	for (size_t i = 0; i < exporter_count; i++)
		hold(&exporters[i]);
}

static void check(const struct held *h)
{
	struct fdinfo fdinfo = fdinfo_read(h->copy);
	struct bufinfo bufinfo;

	igt_assert_eq(lseek(h->copy, 0, SEEK_END), h->buffer.size);
	igt_assert_eq(fdinfo.size, h->buffer.size);
	igt_assert(!strcmp(fdinfo.name, h->buffer.exporter->name));
	igt_assert(bufinfo_find(h->inode, &bufinfo));
	igt_assert_eq(bufinfo.size, h->buffer.size);
	igt_assert(bufinfo.attachments >= 1);
	for (size_t i = 0; i < h->buffer.size; i++)
		igt_assert_eq(h->map[i], 0x40 + (h - held));
}

static void check_all(void)
{
	for (unsigned int i = 0; i < held_count; i++)
		check(&held[i]);
}

/* On any core, all that was begun can be ended, and the buffer goes with it. */
static void drop(struct held *h)
{
	struct bufinfo bufinfo;

	igt_assert_eq(buffer_sync(h->copy, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW), 0);
	igt_assert_errno(munmap(h->map, h->buffer.size), 0);
	close(h->copy);
	gem_close(cards.second, h->handle);
	buffer_free(&h->buffer);
	igt_assert_f(!bufinfo_find(h->inode, &bufinfo), "%s: the buffer is still there\n",
		     h->buffer.exporter->name);
}

static void drop_all(void)
{
	for (unsigned int i = 0; i < held_count; i++)
		drop(&held[i]);
	held_count = 0;
}

/* What the own core says of those that it did not make. */
static void check_adopted(void)
{
	struct record record;

	for (unsigned int i = 0; i < held_count; i++) {
		record = buffer_record(held[i].inode);
		igt_assert_eq(record_number(&record, "adopted"), 1);
		igt_assert(attachment_record(held[i].inode, &record) >= 1);
		igt_assert_eq(record_number(&record, "adopted"), 1);
	}
}

static long long all_misuse(void)
{
	static const char *const words[] = {
		"unmap of what was not mapped",
		"detach while mapped",
		"unpin without pin",
		"end of CPU access that was not begun",
		"last reference dropped while attached",
	};
	long long sum = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum += misuse_total(words[i]);
	return sum;
}

static void load_keeps(void)
{
	hold_all();
	live_load();
	check_all();
	check_adopted();
	drop_all();
	/* What the stock core began is nobody's misuse. */
	igt_assert_eq(all_misuse(), 0);
	live_unload();
}

static void unload_keeps(void)
{
	live_load();
	hold_all();
	check_all();
	live_unload();
	check_all();
	drop_all();
}

static void load_and_unload_keep(void)
{
	hold_all();
	live_load();
	live_unload();
	check_all();
	drop_all();
}

/* Made by one load of the core, ended by another. */
static void reload_keeps(void)
{
	live_load();
	hold_all();
	live_unload();
	live_load();
	check_all();
	check_adopted();
	drop_all();
	igt_assert_eq(all_misuse(), 0);
	live_unload();
}

/* Numbers are what buffers are told apart by, so no two have the same. */
static void numbers_differ(void)
{
	struct held *a, *b;

	held_count = 0;
	hold(&exporters[0]);
	live_load();
	hold(&exporters[0]);
	live_unload();
	hold(&exporters[0]);
	live_load();
	hold(&exporters[0]);
	for (a = held; a < held + held_count; a++)
		for (b = held; b < a; b++)
			igt_assert(a->inode != b->inode);
	drop_all();
	live_unload();
}

/* An open file of the core keeps the module, not the patch. */
static void file_stays_open(void)
{
	char text[64];
	int fd;

	live_load();
	fd = open("/sys/kernel/debug/dma_buf/buffers", O_RDONLY | O_CLOEXEC);
	igt_assert_errno(fd, 0);
	live_disable();
	igt_assert_errno(read(fd, text, sizeof(text)), EIO);
	igt_assert_eq(__live_remove(), EWOULDBLOCK);
	close(fd);
	igt_assert_eq(__live_remove(), 0);
	igt_assert(access("/sys/kernel/debug/dma_buf/buffers", F_OK) < 0);
	igt_assert(!access("/sys/kernel/debug/dma_buf/bufinfo", F_OK));
}

/*
 * Allocations of a load in a row that fail, each in a load of its own. The file is opened
 * and closed outside: without memory 9p loses track of it.
 */
#define WALK 40

static unsigned int count_allocations(void)
{
	const unsigned int more = 1000000;
	unsigned int left;
	int fd = live_open();

	fail_nth_begin(more);
	igt_assert_eq(__live_begin_load(fd), 0);
	left = fail_nth_end();
	close(fd);
	live_wait_loaded();
	live_unload();
	return more - left;
}

/* Those that the core has no account of, as it had no memory for it. */
static unsigned int count_unknown(void)
{
	unsigned int unknown = 0;
	struct record record;

	for (unsigned int i = 0; i < held_count; i++) {
		record = buffer_record(held[i].inode);
		unknown += !strstr(record.text, "\tadopted=");
		igt_assert(attachment_record(held[i].inode, &record) >= 1);
		unknown += !strstr(record.text, "\tadopted=");
	}
	return unknown;
}

/* False if there was nothing to fail. */
static bool load_failing(unsigned int nth, unsigned int *refused, unsigned int *unknown)
{
	int fd = live_open(), ret;
	bool failed;

	hold_all();
	fail_nth_begin(nth);
	ret = __live_begin_load(fd);
	failed = !fail_nth_end();
	close(fd);
	if (ret) {
		igt_assert_eq(ret, ENOMEM);
		(*refused)++;
		check_all();
		drop_all();
		return failed;
	}
	live_wait_loaded();
	check_all();
	*unknown += count_unknown();
	drop_all();
	igt_assert_eq(all_misuse(), 0);
	live_unload();
	return failed;
}

/* Loaded with too little memory, or not: nothing of the buffers is lost. */
static void load_without_memory(void)
{
	unsigned int all, refused = 0, unknown = 0, failed = 0;

	fail_nth_require();
	hold_all();
	all = count_allocations();
	drop_all();
	for (unsigned int nth = all - WALK; nth < all; nth++)
		failed += load_failing(nth, &refused, &unknown);
	igt_info("%u of %u allocations failed, %u loads refused, %u states missing\n", failed,
		 all, refused, unknown);
	igt_assert(unknown);
}

static const struct live_subtest subtests[] = {
	{ "load-keeps-buffers", "Buffers in use when the core is loaded.", load_keeps },
	{ "unload-keeps-buffers", "Buffers in use when the core goes.", unload_keeps },
	{ "both-keep-buffers", "Buffers that see the core come and go.", load_and_unload_keep },
	{ "reload-keeps-buffers", "Buffers that one load made and another ends.", reload_keeps },
	{ "numbers-differ", "No two buffers have one inode number.", numbers_differ },
	{ "no-memory", "Loaded with one allocation failing.", load_without_memory },
	{ "file-stays-open", "A file of the core's that is open when it goes.", file_stays_open },
};

void handover_subtests(void)
{
	RUN_LIVE_SUBTESTS(subtests);
}
