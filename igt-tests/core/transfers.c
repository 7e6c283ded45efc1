// SPDX-License-Identifier: MIT
/*
 * What devices write to a buffer and what the processor writes there, by turns: each
 * sees the other's, and no byte that nobody wrote changes. On a kernel that bounces
 * memory, as with swiotlb=force, the devices work on copies. The exporter is the
 * system heap, which copies on each map and unmap; others leave that to importers, or
 * keep what they mapped, so that there the stock core fails as well.
 */
#include "core_subtests.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "../dma-buf/bench/dmabuf_bench.h"
#include "igt_api.h"

/* A buffer, the devices that are attached to it, and what has to be in it. */
struct shared {
	struct buffer buffer;
	int bench;
	uint8_t *map;
	uint8_t *expected;
};

static struct shared share(const struct exporter *exporter)
{
	struct shared shared = {
		.bench = open("/dev/dmabuf_bench", O_RDWR | O_CLOEXEC),
	};

	igt_require_f(shared.bench >= 0, "needs dmabuf_bench\n");
	shared.buffer = buffer_new(exporter);
	shared.map = buffer_map(&shared.buffer, PROT_READ | PROT_WRITE);
	shared.expected = calloc(1, shared.buffer.size);
	igt_assert(shared.expected);
	return shared;
}

static void unshare_buffer(struct shared *shared)
{
	close(shared->bench);
	munmap(shared->map, shared->buffer.size);
	free(shared->expected);
	buffer_free(&shared->buffer);
}

static void cpu_writes(struct shared *shared, uint32_t offset, uint32_t length, uint8_t byte)
{
	int fd = shared->buffer.fd;

	igt_assert_eq(buffer_sync(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW), 0);
	memset(shared->map + offset, byte, length);
	igt_assert_eq(buffer_sync(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW), 0);
	memset(shared->expected + offset, byte, length);
}

static void device_writes(struct shared *shared, uint32_t device, uint32_t offset,
			  uint32_t length, uint8_t byte)
{
	struct dmabuf_bench_transfer transfer = {
		.fd = shared->buffer.fd,
		.device = device,
		.offset = offset,
		.length = length,
		.byte = byte,
	};

	igt_assert_errno(ioctl(shared->bench, DMABUF_BENCH_TRANSFER, &transfer), 0);
	memset(shared->expected + offset, byte, length);
}

static void touch(struct shared *shared, uint32_t device)
{
	device_writes(shared, device, 0, 0, 0);
}

static void cpu_reads(struct shared *shared)
{
	int fd = shared->buffer.fd;
	size_t i;

	igt_assert_eq(buffer_sync(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ), 0);
	for (i = 0; i < shared->buffer.size; i++)
		igt_assert_f(shared->map[i] == shared->expected[i],
			     "byte %zu is %#x, should be %#x\n", i, shared->map[i],
			     shared->expected[i]);
	igt_assert_eq(buffer_sync(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ), 0);
}

/* Who attached later is synced earlier, by exporters that sync for the processor. */
static void in_turn(const struct exporter *exporter)
{
	struct shared shared = share(exporter);

	cpu_writes(&shared, 0, shared.buffer.size, 0x11);
	touch(&shared, 0);
	device_writes(&shared, 1, 0, shared.buffer.size, 0x22);
	cpu_reads(&shared);
	device_writes(&shared, 0, 0, shared.buffer.size, 0x33);
	cpu_reads(&shared);
	unshare_buffer(&shared);
}

static void part(const struct exporter *exporter)
{
	struct shared shared = share(exporter);
	uint32_t last = shared.buffer.size - 1;

	cpu_writes(&shared, 0, shared.buffer.size, 0x11);
	touch(&shared, 0);
	cpu_writes(&shared, 0, shared.buffer.size, 0x22);
	device_writes(&shared, 0, last / 2, 1, 0x33);
	cpu_reads(&shared);
	device_writes(&shared, 1, 0, 1, 0x44);
	device_writes(&shared, 0, last, 1, 0x55);
	cpu_reads(&shared);
	unshare_buffer(&shared);
}

/* Whoever comes next writes anywhere. */
static void by_turns(const struct exporter *exporter)
{
	struct shared shared = share(exporter);
	uint32_t offset, length, turn;

	srand(15);
	for (turn = 1; turn < 200; turn++) {
		offset = rand() % shared.buffer.size;
		length = rand() % (shared.buffer.size - offset) + 1;
		switch (rand() % 3) {
		case 0:
			cpu_writes(&shared, offset, length, turn);
			break;
		case 1:
			device_writes(&shared, 0, offset, length, turn);
			break;
		default:
			device_writes(&shared, 1, offset, length, turn);
		}
		cpu_reads(&shared);
	}
	unshare_buffer(&shared);
}

static void with_heap(void (*run)(const struct exporter *exporter))
{
	size_t i;

	for (i = 0; i < exporter_count; i++)
		if (!strcmp(exporters[i].name, "heap"))
			run(&exporters[i]);
}

static void transfers_in_turn(void)
{
	with_heap(in_turn);
}

static void transfers_of_a_part(void)
{
	with_heap(part);
}

static void transfers_by_turns(void)
{
	with_heap(by_turns);
}

static const struct core_subtest subtests[] = {
	{ "transfer-in-turn", "Two devices write, then the processor reads.",
	  transfers_in_turn, NULL },
	{ "transfer-part", "A device that writes a part leaves the rest as it is.",
	  transfers_of_a_part, NULL },
	{ "transfer-by-turns", "Devices and processor write anywhere, by turns.",
	  transfers_by_turns, NULL },
};

void transfer_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
