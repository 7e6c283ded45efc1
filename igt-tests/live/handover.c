// SPDX-License-Identifier: MIT
/*
 * Buffers in use while the core under them is exchanged. Nothing of them may be lost,
 * whichever core made them and whichever has to end it.
 */
#include "live_subtests.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/buffers.h"
#include "held.h"
#include "igt_api.h"
#include "module.h"

static void load_keeps(void)
{
	hold_all();
	live_load();
	held_check();
	held_check_adopted();
	held_drop();
	/* What the stock core began is nobody's misuse. */
	igt_assert_eq(held_misuse(), 0);
	live_unload();
}

static void unload_keeps(void)
{
	live_load();
	hold_all();
	held_check();
	live_unload();
	held_check();
	held_drop();
}

static void load_and_unload_keep(void)
{
	hold_all();
	live_load();
	live_unload();
	held_check();
	held_drop();
}

/* Made by one load of the core, ended by another. */
static void reload_keeps(void)
{
	live_load();
	hold_all();
	live_unload();
	live_load();
	held_check();
	held_check_adopted();
	held_drop();
	igt_assert_eq(held_misuse(), 0);
	live_unload();
}

/* Numbers are what buffers are told apart by, so no two have the same. */
static void numbers_differ(void)
{
	unsigned int a, b;

	held_count = 0;
	hold(&exporters[0]);
	live_load();
	hold(&exporters[0]);
	live_unload();
	hold(&exporters[0]);
	live_load();
	hold(&exporters[0]);
	for (a = 0; a < held_count; a++)
		for (b = 0; b < a; b++)
			igt_assert(held_inode(a) != held_inode(b));
	held_drop();
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

static const struct live_subtest subtests[] = {
	{ "load-keeps-buffers", "Buffers in use when the core is loaded.", load_keeps },
	{ "unload-keeps-buffers", "Buffers in use when the core goes.", unload_keeps },
	{ "both-keep-buffers", "Buffers that see the core come and go.", load_and_unload_keep },
	{ "reload-keeps-buffers", "Buffers that one load made and another ends.", reload_keeps },
	{ "numbers-differ", "No two buffers have one inode number.", numbers_differ },
	{ "file-stays-open", "A file of the core's that is open when it goes.", file_stays_open },
};

void handover_subtests(void)
{
	RUN_LIVE_SUBTESTS(subtests);
}
