// SPDX-License-Identifier: MIT
/*
 * Programs that wait for a fence while the core under the buffer is exchanged.
 * Whichever core they began to wait in, the fence wakes them.
 */
#include "live_subtests.h"

#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/account.h"
#include "core/fences.h"
#include "igt_api.h"
#include "module.h"
#include "waits.h"

/* Woken means now, not when something else happens to wake. */
#define WAKE_MS 1500

static int wait_by_poll(int fd, int patience_ms)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return poll(&pollfd, 1, patience_ms) == 1 && pollfd.revents == POLLIN ? 0 : 1;
}

static int wait_by_epoll(int fd, int patience_ms)
{
	struct epoll_event event = { .events = EPOLLOUT | EPOLLET };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		return 2;
	if (epoll_wait(epoll, &event, 1, patience_ms) != 1)
		return 1;
	return event.events == EPOLLOUT ? 0 : 3;
}

/* It still waits; the fence is signalled; it is woken at once. */
static void wait_end(struct wait *wait)
{
	long long signalled;
	int status = -1;

	igt_assert_eq(waitpid(wait->child, &status, WNOHANG), 0);
	igt_assert_f(now_ms() - wait->since < wait->patience_ms, "too slow for the fence\n");
	signalled = now_ms();
	wait_signal(wait);
	igt_assert_eq(waitpid(wait->child, &status, 0), wait->child);
	igt_assert_eq(status, 0);
	igt_assert(now_ms() - signalled < WAKE_MS);
	buffer_free(&wait->buffer);
}

static void over_load(int (*way)(int fd, int patience_ms))
{
	struct wait wait = wait_start(way);

	live_load();
	wait_end(&wait);
	live_unload();
}

static void over_unload(int (*way)(int fd, int patience_ms))
{
	struct wait wait;

	live_load();
	wait = wait_start(way);
	live_unload();
	wait_end(&wait);
}

static void poll_over_load(void)
{
	over_load(wait_by_poll);
}

static void poll_over_unload(void)
{
	over_unload(wait_by_poll);
}

static void epoll_over_load(void)
{
	over_load(wait_by_epoll);
}

static void epoll_over_unload(void)
{
	over_unload(wait_by_epoll);
}

/* The last descriptor goes while the core that was polled goes. */
static void closed_over_unload(void)
{
	struct wait wait;

	live_load();
	wait = wait_prepare();
	igt_assert_eq(poll_one(wait.buffer.fd, POLLIN, 0), 0);
	live_disable();
	close(wait.buffer.fd);
	wait.buffer.fd = -1;
	igt_assert_eq(__live_remove(), 0);
	wait_signal(&wait);
	buffer_free(&wait.buffer);
}

static void access_over_load(void)
{
	struct wait wait = wait_start(wait_by_access);

	live_begin_load();
	igt_assert(live_in_transition());
	access_end(&wait);
	live_wait_loaded();
	live_unload();
}

static void access_over_unload(void)
{
	struct wait wait;

	live_load();
	wait = wait_start(wait_by_access);
	live_enable(false);
	igt_assert(live_in_transition());
	access_end(&wait);
	live_wait_disabled();
	igt_assert_eq(__live_remove(), 0);
}

/* The core is on its way and goes back before it was there. */
static void load_turned_round(void)
{
	struct wait wait = wait_start(wait_by_access);

	live_begin_load();
	igt_assert(live_in_transition());
	live_enable(false);
	live_wait_disabled();
	igt_assert_eq(__live_remove(), 0);
	access_end(&wait);
}

/* The core is on its way out and stays: it has to know all buffers again. */
static void unload_turned_round(void)
{
	struct record record;
	struct wait wait;
	ino_t inode;

	live_load();
	wait = wait_start(wait_by_access);
	inode = dmabuf_inode(wait.buffer.fd);
	record = buffer_record(inode);
	igt_assert_eq(record_number(&record, "adopted"), 0);
	live_enable(false);
	igt_assert(live_in_transition());
	igt_assert(access("/sys/kernel/debug/dma_buf/buffers", F_OK) < 0);
	live_enable(true);
	live_wait_loaded();
	record = buffer_record(inode);
	igt_assert_eq(record_number(&record, "adopted"), 1);
	access_end(&wait);
	igt_assert_eq(misuse_total("end of CPU access that was not begun"), 0);
	live_unload();
}

static const struct live_subtest subtests[] = {
	{ "poll-over-load", "poll() begun on the stock core.", poll_over_load },
	{ "poll-over-unload", "poll() begun on the own core.", poll_over_unload },
	{ "epoll-over-load", "Edge-triggered, begun on the stock core.", epoll_over_load },
	{ "epoll-over-unload", "Edge-triggered, begun on the own core.", epoll_over_unload },
	{ "closed-over-unload", "A buffer that was polled and is closed.", closed_over_unload },
	{ "access-over-load", "CPU access that waits in the stock core.", access_over_load },
	{ "access-over-unload", "CPU access that waits in the own core.", access_over_unload },
	{ "load-turned-round", "Loaded and taken back at once.", load_turned_round },
	{ "unload-turned-round", "Disabled and taken back at once.", unload_turned_round },
};

void waiting_subtests(void)
{
	RUN_LIVE_SUBTESTS(subtests);
}
