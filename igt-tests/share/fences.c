// SPDX-License-Identifier: MIT
/*
 * Fences go with the buffer: sync_file ioctls and poll() say the same on every
 * dma-buf of it, and a device that knows of fences waits. The fences are vgem's,
 * which imports any buffer for that.
 */
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "matrix.h"

/* How long something has to stay away. */
#define QUIET_MS 100

#define BOTH (POLLIN | POLLOUT)

static short ready(int fd, short events)
{
	struct pollfd pollfd = { .fd = fd, .events = events };

	igt_assert_errno(poll(&pollfd, 1, 0), 0);
	return pollfd.revents;
}

/* The descriptors that both sides have of the buffer; how many there are. */
static int descriptors(struct exchange *exchange, int fds[2])
{
	exchange_make(exchange);
	exchange_fill(exchange, 1);
	exchange_open(exchange);
	exchange_import(exchange);
	fds[0] = exchange->source.fd;
	fds[1] = exchange->user.importer->fd(&exchange->user);
	return fds[1] < 0 ? 1 : 2;
}

static void end(struct exchange *exchange, const int fds[2])
{
	if (fds[1] >= 0)
		close(fds[1]);
	exchange_drop(exchange);
	exchange_close_user(exchange);
	exchange_close_source(exchange);
}

static void polled(struct exchange *exchange)
{
	int fds[2], count = descriptors(exchange, fds);

	for (int i = 0; i < count; i++)
		igt_assert_eq(ready(fds[i], BOTH), BOTH);
	hold_begin(exchange, fds[0], false);
	for (int i = 0; i < count; i++)
		igt_assert_eq(ready(fds[i], BOTH), POLLIN);
	hold_end(exchange);
	hold_begin(exchange, fds[count - 1], true);
	for (int i = 0; i < count; i++)
		igt_assert_eq(ready(fds[i], BOTH), 0);
	hold_end(exchange);
	for (int i = 0; i < count; i++)
		igt_assert_eq(ready(fds[i], BOTH), BOTH);
	end(exchange, fds);
}

static int export_fence(int fd, uint32_t flags)
{
	struct dma_buf_export_sync_file export = { .flags = flags, .fd = -1 };

	igt_assert_errno(ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &export), 0);
	return export.fd;
}

static void import_fence(int fd, uint32_t flags, int fence)
{
	struct dma_buf_import_sync_file import = { .flags = flags, .fd = fence };

	igt_assert_errno(ioctl(fd, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import), 0);
}

/* A fence that is imported by one dma-buf holds what is seen through the other. */
static void fence_imported(struct exchange *exchange, const int fds[2], int count)
{
	int card = drm_open_card("vgem", 0), other, fence;
	struct dumb dumb = dumb_new(card, 4096);

	other = prime_export(card, dumb.handle, DRM_CLOEXEC | DRM_RDWR);
	hold_begin(exchange, other, true);
	fence = export_fence(other, DMA_BUF_SYNC_READ);
	import_fence(fds[count - 1], DMA_BUF_SYNC_WRITE, fence);
	igt_assert_eq(ready(fds[0], BOTH), 0);
	igt_assert_eq(ready(fence, POLLIN), 0);
	hold_end(exchange);
	igt_assert_eq(ready(fds[0], BOTH), BOTH);
	igt_assert_eq(ready(fence, POLLIN), POLLIN);
	close(fence);
	close(other);
	dumb_free(&dumb);
	close(card);
}

static void sync_files(struct exchange *exchange)
{
	int fds[2], count = descriptors(exchange, fds), idle, held[2];

	idle = export_fence(fds[0], DMA_BUF_SYNC_RW);
	igt_assert_eq(ready(idle, POLLIN), POLLIN);
	close(idle);
	hold_begin(exchange, fds[0], true);
	for (int i = 0; i < count; i++) {
		held[i] = export_fence(fds[i], DMA_BUF_SYNC_READ);
		igt_assert_eq(ready(held[i], POLLIN), 0);
	}
	hold_end(exchange);
	for (int i = 0; i < count; i++) {
		igt_assert_eq(ready(held[i], POLLIN), POLLIN);
		close(held[i]);
	}
	fence_imported(exchange, fds, count);
	end(exchange, fds);
}

static void look_once(struct exchange *exchange, int socket)
{
	exchange_open(exchange);
	exchange_import(exchange);
	child_say(socket);
	exchange->user.importer->look(&exchange->user, exchange->expected);
	child_say(socket);
}

/* The picture is finished while the other process waits for it. */
static void waited_for(struct exchange *exchange)
{
	igt_require_f(exchange->user.importer->waits, "V4L2 knows of no fences\n");
	exchange_make(exchange);
	exchange_fill(exchange, 1);
	exchange_try(exchange);
	exchange_bracket(exchange, true);
	hold_begin(exchange, exchange->source.fd, true);
	child_start(exchange, look_once);
	child_hear(exchange);
	igt_assert(!child_says(exchange, QUIET_MS));
	exchange_fill(exchange, 2);
	exchange_bracket(exchange, false);
	hold_end(exchange);
	child_hear(exchange);
	child_join(exchange);
	exchange_close_source(exchange);
}

static const struct check checks[] = {
	{ "poll", "Both sides see who reads and who writes.", polled },
	{ "sync-file", "A fence goes in and comes out by the dma-buf of either side.",
	  sync_files },
	{ "waits", "Who looks waits for who writes.", waited_for },
};

void fence_checks(void)
{
	RUN_CHECKS(checks);
}
