// SPDX-License-Identifier: MIT
/*
 * Somebody who waits for a fence of a buffer until a test signals it. What happens to
 * the core meanwhile is not known here.
 */
#include "waits.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "core/fences.h"
#include "igt_api.h"

/*
 * vgem's fences signal by themselves after 10 s; before that it must be us. Those of
 * SW_SYNC, where the kernel has it, leave a slow machine the time that it wants.
 */
#define VGEM_FENCE_MS 9000
#define SW_FENCE_MS 120000
#define SW_SYNC "/sys/kernel/debug/sync/sw_sync"

static void attach_point(struct wait *wait)
{
	struct dma_buf_import_sync_file import = { .flags = DMA_BUF_SYNC_WRITE };

	wait->timeline = sw_sync_timeline_create();
	import.fd = sw_sync_timeline_create_fence(wait->timeline, 1);
	igt_assert_errno(ioctl(wait->buffer.fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import), 0);
	close(import.fd);
	wait->patience_ms = SW_FENCE_MS;
}

void wait_signal(const struct wait *wait)
{
	if (wait->timeline < 0) {
		fence_signal(&wait->buffer, wait->fence);
		return;
	}
	sw_sync_timeline_inc(wait->timeline, 1);
	close(wait->timeline);
}

struct wait wait_prepare(void)
{
	struct wait wait = {
		.buffer = buffer_new_vgem(),
		.timeline = -1,
		.patience_ms = VGEM_FENCE_MS,
	};

	if (access(SW_SYNC, W_OK))
		wait.fence = fence_attach(&wait.buffer, true);
	else
		attach_point(&wait);
	wait.since = now_ms();
	return wait;
}

struct wait wait_start(int (*way)(int fd, int patience_ms))
{
	struct wait wait = wait_prepare();

	wait.child = fork();
	igt_assert(wait.child >= 0);
	if (!wait.child)
		_exit(way(wait.buffer.fd, wait.patience_ms));
	usleep(QUIET_MS * 1000);
	return wait;
}

int wait_by_access(int fd, int patience_ms)
{
	(void)patience_ms;
	return buffer_sync(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
}

void access_end(struct wait *wait)
{
	wait_signal(wait);
	child_join(wait->child);
	igt_assert_eq(buffer_sync(wait->buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ), 0);
	buffer_free(&wait->buffer);
}
