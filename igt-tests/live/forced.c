// SPDX-License-Identifier: MIT
/*
 * Livepatch's force: what Documentation/live.rst says never to do. Tasks are said to be
 * at the other core while they are in the middle of this one. It must do no harm.
 */
#include "live_subtests.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../dma-buf/bench/dmabuf_bench.h"
#include "core/account.h"
#include "core/buffers.h"
#include "held.h"
#include "igt_api.h"
#include "module.h"
#include "waits.h"

#define DETACH_EVENT "/sys/kernel/tracing/events/dma_buf/dma_buf_detach/enable"

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	igt_assert_f(fd >= 0, "%s: %s\n", path, strerror(errno));
	igt_assert_eq(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Loaded while a task is in the stock core, and forced: no accounts, no losses. */
static void force_load(void)
{
	struct wait wait = wait_start(wait_by_access);

	live_begin_load();
	igt_assert(live_in_transition());
	live_force();
	live_wait_loaded();
	igt_assert(access("/sys/kernel/debug/dma_buf/buffers", F_OK) < 0);
	hold_all();
	held_check();
	access_end(&wait);
	held_check();
	live_unload();
	held_check();
	held_drop();
	/* What was forced is forgotten with the module. */
	live_load();
	igt_assert(!access("/sys/kernel/debug/dma_buf/buffers", F_OK));
	live_unload();
}

static void bench_wrong(int bench, int fd, unsigned int what)
{
	struct dmabuf_bench_misuse misuse = { .fd = fd, .what = what };

	igt_assert_errno(ioctl(bench, DMABUF_BENCH_MISUSE, &misuse), 0);
}

/* A device is attached to a buffer that is gone, in the own core. */
static void make_orphan(int bench)
{
	struct dmabuf_bench_export export = { .pages = 4, .flags = DMABUF_BENCH_CLOEXEC };

	igt_assert_errno(ioctl(bench, DMABUF_BENCH_EXPORT, &export), 0);
	bench_wrong(bench, export.fd, DMABUF_BENCH_ATTACH);
	close(export.fd);
	igt_assert_eq(misuse_total("last reference dropped while attached"), 1);
}

/*
 * The core goes while a task is in it, by force, and an orphan of its is detached by
 * the stock core, which tells of that. The module stays for ever, so no other subtest
 * can come after this one.
 */
static void left_behind(void)
{
	int bench = open("/dev/dmabuf_bench", O_RDWR | O_CLOEXEC);
	struct wait wait;

	igt_require_f(bench >= 0, "needs dmabuf_bench\n");
	live_load();
	hold_all();
	make_orphan(bench);
	wait = wait_start(wait_by_access);
	live_enable(false);
	igt_assert(live_in_transition());
	live_force();
	live_wait_disabled();
	held_check();
	access_end(&wait);

	write_text(DETACH_EVENT, "1");
	bench_wrong(bench, -1, DMABUF_BENCH_DETACH);
	held_check();
	held_drop();
	write_text(DETACH_EVENT, "0");
	igt_assert_eq(__live_remove(), EWOULDBLOCK);
	close(bench);
}

static const struct live_subtest subtests[] = {
	{ "force-load", "Loading is forced while a task is in the stock core.", force_load },
};

static const struct live_subtest last_subtests[] = {
	{ "left-behind", "Disabling is forced; an orphan is detached later.", left_behind },
};

void forced_subtests(void)
{
	RUN_LIVE_SUBTESTS(subtests);
}

void last_forced_subtests(void)
{
	RUN_LIVE_SUBTESTS(last_subtests);
}
