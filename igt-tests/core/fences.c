// SPDX-License-Identifier: MIT
/*
 * Fences that a program can signal: vgem's, on its buffers, and waiting for
 * them. vgem gives every fence a context of its own.
 */
#include "fences.h"

#include <poll.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/vgem_fence.h"

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

uint32_t fence_attach(const struct buffer *buffer, bool write)
{
	return vgem_fence_attach(buffer->dumb.card, buffer->dumb.handle, write);
}

void fence_signal(const struct buffer *buffer, uint32_t fence)
{
	vgem_fence_signal(buffer->dumb.card, fence);
}

pid_t fence_signal_later(const struct buffer *buffer, uint32_t fence, unsigned int delay_ms)
{
	pid_t child = fork();

	igt_assert(child >= 0);
	if (child)
		return child;
	usleep(delay_ms * 1000);
	_exit(__vgem_fence_signal(buffer->dumb.card, fence) ? 1 : 0);
}

void child_join(pid_t child)
{
	int status = -1;

	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert_eq(status, 0);
}

short poll_one(int fd, short events, int timeout_ms)
{
	struct pollfd pollfd = { .fd = fd, .events = events };
	long long start = now_ms();

	igt_assert_errno(poll(&pollfd, 1, timeout_ms), 0);
	igt_assert_f(!pollfd.revents || timeout_ms < PATIENCE_MS || now_ms() - start < timeout_ms,
		     "nobody woke it\n");
	return pollfd.revents;
}
