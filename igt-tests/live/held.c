// SPDX-License-Identifier: MIT
/*
 * Buffers of every exporter in full use: open, named, attached, mapped, in the middle
 * of CPU access. Which core begins that and which ends it is not known here.
 */
#include "held.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "core/account.h"
#include "core/buffers.h"
#include "core/proc_files.h"
#include "igt_api.h"

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

unsigned int held_count;

void hold(const struct exporter *exporter)
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

void hold_all(void)
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

void held_check(void)
{
	for (unsigned int i = 0; i < held_count; i++)
		check(&held[i]);
}

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

void held_drop(void)
{
	for (unsigned int i = 0; i < held_count; i++)
		drop(&held[i]);
	held_count = 0;
}

void held_check_adopted(void)
{
	struct record record;

	for (unsigned int i = 0; i < held_count; i++) {
		record = buffer_record(held[i].inode);
		igt_assert_eq(record_number(&record, "adopted"), 1);
		igt_assert(attachment_record(held[i].inode, &record) >= 1);
		igt_assert_eq(record_number(&record, "adopted"), 1);
	}
}

ino_t held_inode(unsigned int index)
{
	igt_assert(index < held_count);
	return held[index].inode;
}

long long held_misuse(void)
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
