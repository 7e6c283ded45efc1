// SPDX-License-Identifier: MIT
/*
 * poll() of a dma-buf: EPOLLIN waits for those who write, EPOLLOUT for all. The
 * fences are vgem's.
 */
#include "core_subtests.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "fences.h"
#include "igt_api.h"
#include "proc_files.h"

#define BOTH (POLLIN | POLLOUT)

static void idle(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);

	igt_assert_eq(poll_one(buffer.fd, POLLIN, PATIENCE_MS), POLLIN);
	igt_assert_eq(poll_one(buffer.fd, POLLOUT, PATIENCE_MS), POLLOUT);
	igt_assert_eq(poll_one(buffer.fd, BOTH, PATIENCE_MS), BOTH);
	igt_assert_eq(poll_one(buffer.fd, 0, 0), 0);
	igt_assert_eq(poll_one(buffer.fd, POLLPRI | POLLRDHUP, 0), 0);
	buffer_free(&buffer);
}

static void check_states(bool write_fence, short pending)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, write_fence);

	/* The second look must not see what the first has left behind. */
	for (int i = 0; i < 2; i++) {
		igt_assert_eq(poll_one(buffer.fd, POLLIN, 0), POLLIN & pending);
		igt_assert_eq(poll_one(buffer.fd, POLLOUT, 0), 0);
		igt_assert_eq(poll_one(buffer.fd, BOTH, 0), pending);
	}
	igt_assert_eq(poll_one(buffer.fd, POLLOUT, QUIET_MS), 0);
	fence_signal(&buffer, fence);
	igt_assert_eq(poll_one(buffer.fd, BOTH, 0), BOTH);
	buffer_free(&buffer);
}

static void write_fence(void)
{
	check_states(true, 0);
}

static void read_fence(void)
{
	check_states(false, POLLIN);
}

static void check_woken(bool write_fence, short events)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, write_fence);
	pid_t child = fence_signal_later(&buffer, fence, QUIET_MS);

	igt_assert_eq(poll_one(buffer.fd, events, PATIENCE_MS), events);
	child_join(child);
	buffer_free(&buffer);
}

static void woken(void)
{
	check_woken(true, POLLIN);
	check_woken(true, POLLOUT);
	check_woken(true, BOTH);
	check_woken(false, POLLOUT);
}

/* Signalled by nobody, the fence gives up after 10 s; its end wakes as well. */
static void woken_by_expiry(void)
{
	struct buffer buffer = buffer_new_vgem();

	fence_attach(&buffer, true);
	igt_assert_eq(poll_one(buffer.fd, POLLIN, 20000), POLLIN);
	buffer_free(&buffer);
}

static void several_fences(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fences[5];
	pid_t child;

	for (int i = 0; i < 5; i++)
		fences[i] = fence_attach(&buffer, false);
	for (int i = 4; i > 0; i--) {
		igt_assert_eq(poll_one(buffer.fd, POLLOUT, 20), 0);
		fence_signal(&buffer, fences[i]);
	}
	igt_assert_eq(poll_one(buffer.fd, BOTH, 0), POLLIN);
	child = fence_signal_later(&buffer, fences[0], QUIET_MS);
	igt_assert_eq(poll_one(buffer.fd, POLLOUT, PATIENCE_MS), POLLOUT);
	child_join(child);
	buffer_free(&buffer);
}

/* A fence that comes while one waits for an earlier one is waited for too. */
static void later_fence(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t one = fence_attach(&buffer, false), other;
	pid_t child;

	igt_assert_eq(poll_one(buffer.fd, POLLOUT, 0), 0);
	other = fence_attach(&buffer, false);
	fence_signal(&buffer, one);
	igt_assert_eq(poll_one(buffer.fd, POLLOUT, 0), 0);
	child = fence_signal_later(&buffer, other, QUIET_MS);
	igt_assert_eq(poll_one(buffer.fd, POLLOUT, PATIENCE_MS), POLLOUT);
	child_join(child);
	buffer_free(&buffer);
}

static pid_t start_poller(int fd, short events, short expected)
{
	pid_t child = fork();

	igt_assert(child >= 0);
	if (child)
		return child;
	struct pollfd pollfd = { .fd = fd, .events = events };
	long long start = now_ms();
	int ret = poll(&pollfd, 1, PATIENCE_MS);

	_exit(ret != 1 || pollfd.revents != expected || now_ms() - start >= PATIENCE_MS);
}

static void several_pollers(void)
{
	static const short events[] = { POLLIN, POLLOUT, POLLOUT, POLLIN, POLLOUT, POLLIN };
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);
	pid_t children[6];

	for (int i = 0; i < 6; i++)
		children[i] = start_poller(buffer.fd, events[i], events[i]);
	usleep(QUIET_MS * 1000);
	fence_signal(&buffer, fence);
	for (int i = 0; i < 6; i++)
		child_join(children[i]);
	buffer_free(&buffer);
}

/* Two buffers in one call: the one whose fence comes is the one reported. */
static void two_buffers(void)
{
	struct buffer one = buffer_new_vgem(), other = buffer_new_vgem();
	uint32_t fence1 = fence_attach(&one, true), fence2 = fence_attach(&other, true);
	struct pollfd pollfds[] = { { .fd = one.fd, .events = POLLIN },
				    { .fd = other.fd, .events = POLLIN } };
	pid_t child = fence_signal_later(&other, fence2, QUIET_MS);
	long long start = now_ms();

	igt_assert_eq(poll(pollfds, 2, PATIENCE_MS), 1);
	igt_assert(now_ms() - start < PATIENCE_MS);
	igt_assert_eq(pollfds[0].revents, 0);
	igt_assert_eq(pollfds[1].revents, POLLIN);
	child_join(child);
	fence_signal(&one, fence1);
	buffer_free(&other);
	buffer_free(&one);
}

static void *poll_in_thread(void *argument)
{
	struct pollfd pollfd = { .fd = *(int *)argument, .events = POLLIN };
	long long start = now_ms();
	int ret = poll(&pollfd, 1, PATIENCE_MS);

	return (void *)(long)(ret == 1 && now_ms() - start < PATIENCE_MS ? pollfd.revents : -1);
}

/*
 * The last descriptor goes while a thread polls it. It is woken by the fence all
 * the same, and then finds that the number stands for nothing.
 */
static void closed_while_polled(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);
	ino_t inode = dmabuf_inode(buffer.fd);
	int fd = buffer.fd;
	struct bufinfo info;
	pthread_t thread;
	void *result;

	igt_assert_eq(pthread_create(&thread, NULL, poll_in_thread, &fd), 0);
	usleep(QUIET_MS * 1000);
	close(buffer.fd);
	buffer.fd = -1;
	gem_close(buffer.dumb.card, buffer.dumb.handle);
	buffer.dumb.handle = 0;
	igt_assert(bufinfo_find(inode, &info));
	fence_signal(&buffer, fence);
	igt_assert_eq(pthread_join(thread, &result), 0);
	igt_assert_eq((long)result, POLLNVAL);
	igt_assert(!bufinfo_find(inode, &info));
	buffer_free(&buffer);
}

/* It goes when somebody has polled in vain; the fence is signalled afterwards. */
static void closed_after_polling(void)
{
	for (int i = 0; i < 20; i++) {
		struct buffer buffer = buffer_new_vgem();
		uint32_t fence = fence_attach(&buffer, i & 1);
		ino_t inode = dmabuf_inode(buffer.fd);
		struct bufinfo info;

		igt_assert_eq(poll_one(buffer.fd, POLLOUT, i % 4), 0);
		close(buffer.fd);
		buffer.fd = -1;
		gem_close(buffer.dumb.card, buffer.dumb.handle);
		buffer.dumb.handle = 0;
		fence_signal(&buffer, fence);
		buffer_free(&buffer);
		igt_assert(!bufinfo_find(inode, &info));
	}
}

static const struct core_subtest subtests[] = {
	{ "poll-idle", "What nobody uses is ready for everything.", NULL, idle },
	{ "poll-write-fence", "Who writes holds back everybody.", write_fence, NULL },
	{ "poll-read-fence", "Who reads holds back writers.", read_fence, NULL },
	{ "poll-woken", "A fence that is signalled wakes who polls.", woken, NULL },
	{ "poll-expired", "A fence that expires does, too.", woken_by_expiry, NULL },
	{ "poll-several-fences", "The last fence is what counts.", several_fences, NULL },
	{ "poll-later-fence", "Fences that come later count as well.", later_fence, NULL },
	{ "poll-several", "Everybody who polls is woken.", several_pollers, NULL },
	{ "poll-two-buffers", "Of two buffers the right one is ready.", two_buffers, NULL },
	{ "poll-closed", "A buffer that is closed while polled lives until then.",
	  closed_while_polled, NULL },
	{ "poll-closed-after", "Nothing is left of polls in vain.", closed_after_polling, NULL },
};

void poll_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
