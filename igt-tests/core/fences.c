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

#include <drm/vgem_drm.h>
#include <xf86drm.h>

#include "igt_api.h"

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

uint32_t fence_attach(const struct buffer *buffer, bool write)
{
	struct drm_vgem_fence_attach attach = {
		.handle = buffer->dumb.handle,
		.flags = write ? VGEM_FENCE_WRITE : 0,
	};

	igt_assert_errno(drmIoctl(buffer->dumb.card, DRM_IOCTL_VGEM_FENCE_ATTACH, &attach), 0);
	return attach.out_fence;
}

static int __fence_signal(int card, uint32_t fence)
{
	struct drm_vgem_fence_signal signal = { .fence = fence };

	return drmIoctl(card, DRM_IOCTL_VGEM_FENCE_SIGNAL, &signal);
}

void fence_signal(const struct buffer *buffer, uint32_t fence)
{
	igt_assert_errno(__fence_signal(buffer->dumb.card, fence), 0);
}

pid_t fence_signal_later(const struct buffer *buffer, uint32_t fence, unsigned int delay_ms)
{
	pid_t child = fork();

	igt_assert(child >= 0);
	if (child)
		return child;
	usleep(delay_ms * 1000);
	_exit(__fence_signal(buffer->dumb.card, fence) ? 1 : 0);
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
