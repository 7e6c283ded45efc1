// SPDX-License-Identifier: MIT
/*
 * DMA_BUF_IOCTL_SYNC: its flags and errors, what it waits for and what it lets
 * pass, and programs that use it wrongly.
 */
#include "core_subtests.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "fences.h"
#include "igt_api.h"

static const uint64_t directions[] = { DMA_BUF_SYNC_READ, DMA_BUF_SYNC_WRITE, DMA_BUF_SYNC_RW };

static void every_flag(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);

	for (int i = 0; i < 3; i++) {
		igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | directions[i]), 0);
		igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | directions[i]), 0);
	}
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START), EINVAL);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END), EINVAL);
	for (int bit = 3; bit < 64; bit++)
		for (int i = 0; i < 3; i++)
			igt_assert_eq(buffer_sync(buffer.fd, 1ull << bit | directions[i]), EINVAL);
	buffer_free(&buffer);
}

static void bad_pointer(void)
{
	struct buffer buffer = buffer_new_vgem();

	igt_assert_errno(ioctl(buffer.fd, DMA_BUF_IOCTL_SYNC, NULL), EFAULT);
	igt_assert_errno(ioctl(buffer.fd, DMA_BUF_IOCTL_SYNC, -4096l), EFAULT);
	buffer_free(&buffer);
}

/* Numbers that are not its own: the next one, another size, another direction. */
static void unknown_ioctls(void)
{
	static const unsigned long numbers[] = {
		_IOW(DMA_BUF_BASE, 4, struct dma_buf_sync),
		_IOW(DMA_BUF_BASE, 0, uint32_t),
		_IOR(DMA_BUF_BASE, 0, struct dma_buf_sync),
		_IO(DMA_BUF_BASE, 0),
		_IOW(DMA_BUF_BASE, 1, uint16_t),
		_IOW(DMA_BUF_BASE, 2, struct dma_buf_export_sync_file),
		_IOWR(DMA_BUF_BASE, 3, struct dma_buf_import_sync_file),
		_IOW('d', 0, struct dma_buf_sync),
	};
	uint64_t argument[8] = { DMA_BUF_SYNC_RW };
	struct buffer buffer = buffer_new_vgem();

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		igt_assert_errno(ioctl(buffer.fd, numbers[i], argument), ENOTTY);
	buffer_free(&buffer);
}

static void end_without_start(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	uint8_t *map = buffer_map(&buffer, PROT_READ | PROT_WRITE);

	for (int i = 0; i < 3; i++)
		igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | directions[i]),
			      exporter->ends_unbegun);
	/* It goes on as if nothing had happened. */
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW), 0);
	map[0] = 0x5a;
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW), 0);
	igt_assert_eq(map[0], 0x5a);
	munmap(map, buffer.size);
	buffer_free(&buffer);
}

static void nested(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);

	for (int i = 0; i < 64; i++)
		igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | directions[i % 3]), 0);
	for (int i = 63; i >= 0; i--)
		igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | directions[i % 3]), 0);
	buffer_free(&buffer);
}

static void never_ended(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);

	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW), 0);
	buffer_free(&buffer);
}

/* START comes back only after the fence was signalled. */
static void check_waits(bool write_fence, uint64_t direction)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, write_fence);
	long long start = now_ms();
	pid_t child = fence_signal_later(&buffer, fence, QUIET_MS);

	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | direction), 0);
	igt_assert_eq(poll_one(buffer.fd, POLLOUT, 0), POLLOUT);
	igt_assert(now_ms() - start >= QUIET_MS && now_ms() - start < PATIENCE_MS);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | direction), 0);
	child_join(child);
	buffer_free(&buffer);
}

static void waits_for_writer(void)
{
	for (int i = 0; i < 3; i++)
		check_waits(true, directions[i]);
}

static void writer_waits_for_reader(void)
{
	check_waits(false, DMA_BUF_SYNC_WRITE);
	check_waits(false, DMA_BUF_SYNC_RW);
}

static void readers_together(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, false);

	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ), 0);
	igt_assert_eq(poll_one(buffer.fd, POLLOUT, 0), 0);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ), 0);
	fence_signal(&buffer, fence);
	buffer_free(&buffer);
}

/* END has nothing to wait for, whatever devices do. */
static void end_never_waits(void)
{
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence;

	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW), 0);
	fence = fence_attach(&buffer, true);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW), 0);
	igt_assert_eq(poll_one(buffer.fd, POLLIN, 0), 0);
	fence_signal(&buffer, fence);
	buffer_free(&buffer);
}

static void do_nothing(int number)
{
	(void)number;
}

static void interrupted(void)
{
	struct sigaction action = { .sa_handler = do_nothing }, before;
	struct itimerval timer = { .it_value.tv_usec = QUIET_MS * 1000 };
	struct buffer buffer = buffer_new_vgem();
	uint32_t fence = fence_attach(&buffer, true);

	igt_assert_errno(sigaction(SIGALRM, &action, &before), 0);
	igt_assert_errno(setitimer(ITIMER_REAL, &timer, NULL), 0);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ), EINTR);
	igt_assert_eq(poll_one(buffer.fd, POLLIN, 0), 0);
	sigaction(SIGALRM, &before, NULL);

	fence_signal(&buffer, fence);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ), 0);
	igt_assert_eq(buffer_sync(buffer.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ), 0);
	buffer_free(&buffer);
}

static const struct core_subtest subtests[] = {
	{ "sync-flags", "Every flag that there is works, every other is refused.", NULL,
	  every_flag },
	{ "sync-bad-pointer", "An argument that can't be read is refused.", bad_pointer, NULL },
	{ "unknown-ioctls", "ioctls that there are not are refused.", unknown_ioctls, NULL },
	{ "sync-end-first", "END without START does no harm.", NULL, end_without_start },
	{ "sync-nested", "CPU access begins as often as one likes.", NULL, nested },
	{ "sync-never-ended", "A buffer goes in the midst of CPU access.", NULL, never_ended },
	{ "sync-waits-for-writer", "Nobody begins before a device has written.",
	  waits_for_writer, NULL },
	{ "sync-writer-waits", "To write waits for devices that read.", writer_waits_for_reader,
	  NULL },
	{ "sync-readers", "To read does not wait for devices that read.", readers_together, NULL },
	{ "sync-end-never-waits", "The end of CPU access waits for no device.", end_never_waits,
	  NULL },
	{ "sync-interrupted", "A signal ends the wait, and it can be begun again.", interrupted,
	  NULL },
};

void sync_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
