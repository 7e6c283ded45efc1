// SPDX-License-Identifier: MIT
/*
 * epoll with dma-bufs: level, edge and once, buffers that leave while they are
 * waited for. The fences are vgem's.
 */
#include "core_subtests.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "fences.h"
#include "igt_api.h"

#define BOTH (EPOLLIN | EPOLLOUT)

static int epoll_new(int fd, uint32_t events)
{
	struct epoll_event event = { .events = events };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	igt_assert_errno(epoll, 0);
	igt_assert_errno(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), 0);
	return epoll;
}

/* The events of the one buffer in it, 0 after the time. */
static uint32_t epoll_one(int epoll, int timeout_ms)
{
	struct epoll_event event = {};

	igt_assert_errno(epoll_wait(epoll, &event, 1, timeout_ms), 0);
	return event.events;
}

static void level(void)
{
	struct buffer buffer = buffer_new_vgem();
	int epoll = epoll_new(buffer.fd, BOTH);
	uint32_t fence;

	igt_assert_eq(epoll_one(epoll, 0), BOTH);
	igt_assert_eq(epoll_one(epoll, 0), BOTH);
	fence = fence_attach(&buffer, false);
	igt_assert_eq(epoll_one(epoll, 0), EPOLLIN);
	fence_signal(&buffer, fence);
	igt_assert_eq(epoll_one(epoll, PATIENCE_MS), BOTH);
	close(epoll);
	buffer_free(&buffer);
}

static void woken(void)
{
	static const uint32_t events[] = { EPOLLIN, EPOLLOUT, BOTH };

	for (int i = 0; i < 3; i++) {
		struct buffer buffer = buffer_new_vgem();
		uint32_t fence = fence_attach(&buffer, true);
		int epoll = epoll_new(buffer.fd, events[i]);
		pid_t child = fence_signal_later(&buffer, fence, QUIET_MS);

		igt_assert_eq(epoll_one(epoll, 0), 0);
		igt_assert_eq(epoll_one(epoll, PATIENCE_MS), events[i]);
		child_join(child);
		close(epoll);
		buffer_free(&buffer);
	}
}

/* Fences that are pending when EPOLL_CTL_ADD and EPOLL_CTL_MOD look. */
static void edge(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);
	int epoll = epoll_new(buffer.fd, event.events);

	for (int i = 0; i < 4; i++) {
		pid_t child = fence_signal_later(&buffer, fence, QUIET_MS);

		igt_assert_eq(epoll_one(epoll, 0), 0);
		igt_assert_eq(epoll_one(epoll, PATIENCE_MS), EPOLLIN);
		child_join(child);
		fence = fence_attach(&buffer, true);
		igt_assert_errno(epoll_ctl(epoll, EPOLL_CTL_MOD, buffer.fd, &event), 0);
	}
	fence_signal(&buffer, fence);
	close(epoll);
	buffer_free(&buffer);
}

/* Who was told looks at nothing before it waits for the next fence, as tokio does. */
static void edge_again(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);
	int epoll = epoll_new(buffer.fd, EPOLLIN | EPOLLET);

	fence_signal(&buffer, fence);
	for (int i = 0; i < 4; i++) {
		pid_t child;

		igt_assert_eq(epoll_one(epoll, PATIENCE_MS), EPOLLIN);
		fence = fence_attach(&buffer, true);
		child = fence_signal_later(&buffer, fence, QUIET_MS);
		igt_assert_eq(epoll_one(epoll, 0), 0);
		igt_assert_eq(epoll_one(epoll, PATIENCE_MS), EPOLLIN);
		child_join(child);
	}
	close(epoll);
	buffer_free(&buffer);
}

/* So what stays ready is told again and again, on whatever core. */
static void edge_stays(void)
{
	struct buffer buffer = buffer_new_vgem();
	int epoll = epoll_new(buffer.fd, EPOLLIN | EPOLLET);

	for (int i = 0; i < 10; i++)
		igt_assert_eq(epoll_one(epoll, QUIET_MS), EPOLLIN);
	close(epoll);
	buffer_free(&buffer);
}

static void one_shot(void)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLONESHOT };
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);
	int epoll = epoll_new(buffer.fd, event.events);

	fence_signal(&buffer, fence);
	igt_assert_eq(epoll_one(epoll, PATIENCE_MS), EPOLLIN);
	igt_assert_eq(epoll_one(epoll, QUIET_MS), 0);
	igt_assert_errno(epoll_ctl(epoll, EPOLL_CTL_MOD, buffer.fd, &event), 0);
	igt_assert_eq(epoll_one(epoll, PATIENCE_MS), EPOLLIN);
	close(epoll);
	buffer_free(&buffer);
}

/* What one waits for can be changed while a fence is pending. */
static void modified(void)
{
	struct epoll_event out = { .events = EPOLLOUT }, in = { .events = EPOLLIN };
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, false);
	int epoll = epoll_new(buffer.fd, EPOLLOUT);

	igt_assert_eq(epoll_one(epoll, 0), 0);
	igt_assert_errno(epoll_ctl(epoll, EPOLL_CTL_MOD, buffer.fd, &in), 0);
	igt_assert_eq(epoll_one(epoll, 0), EPOLLIN);
	igt_assert_errno(epoll_ctl(epoll, EPOLL_CTL_MOD, buffer.fd, &out), 0);
	igt_assert_eq(epoll_one(epoll, 0), 0);
	fence_signal(&buffer, fence);
	igt_assert_eq(epoll_one(epoll, PATIENCE_MS), EPOLLOUT);
	close(epoll);
	buffer_free(&buffer);
}

/* A closed buffer leaves the epoll; its fence is signalled later. */
static void closed(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);
	int epoll = epoll_new(buffer.fd, BOTH);

	igt_assert_eq(epoll_one(epoll, 0), 0);
	close(buffer.fd);
	buffer.fd = -1;
	gem_close(buffer.dumb.card, buffer.dumb.handle);
	buffer.dumb.handle = 0;
	fence_signal(&buffer, fence);
	buffer_free(&buffer);
	igt_assert_eq(epoll_one(epoll, QUIET_MS), 0);
	close(epoll);
}

static void removed(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);
	int epoll = epoll_new(buffer.fd, BOTH), other = epoll_new(buffer.fd, BOTH);

	igt_assert_eq(epoll_one(epoll, 0), 0);
	igt_assert_errno(epoll_ctl(epoll, EPOLL_CTL_DEL, buffer.fd, NULL), 0);
	fence_signal(&buffer, fence);
	igt_assert_eq(epoll_one(epoll, QUIET_MS), 0);
	igt_assert_eq(epoll_one(other, PATIENCE_MS), BOTH);
	close(other);
	close(epoll);
	buffer_free(&buffer);
}

static const struct core_subtest subtests[] = {
	{ "epoll-level", "A buffer is reported as long as it is ready.", level, NULL },
	{ "epoll-woken", "A fence that is signalled wakes who waits.", woken, NULL },
	{ "epoll-edge", "A fence that is signalled is an edge.", edge, NULL },
	{ "epoll-edge-again", "A fence that comes after the event is one too.", edge_again, NULL },
	{ "epoll-edge-stays", "What stays ready is told again.", edge_stays, NULL },
	{ "epoll-oneshot", "Once is once.", one_shot, NULL },
	{ "epoll-modified", "The events can change while a fence is pending.", modified, NULL },
	{ "epoll-closed", "A buffer that is closed is not reported.", closed, NULL },
	{ "epoll-removed", "Who no longer waits is not told, others are.", removed, NULL },
};

void epoll_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
