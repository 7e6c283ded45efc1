/* SPDX-License-Identifier: MIT */
/*
 * /dev/dmabuf_bench, between the module dmabuf_bench and tools/dmabuf-bench:
 * buffers to measure with, and loops that are timed inside the kernel; and, for tests,
 * an importer that behaves badly, and devices that write. Not an interface to rely on.
 */
#ifndef DMABUF_BENCH_H
#define DMABUF_BENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Pages that a buffer can have: 1920 x 1080 of 4 bytes. */
#define DMABUF_BENCH_PAGES 2025

/* Turns of a loop in one call. */
#define DMABUF_BENCH_TURNS 10000

/* Flags of a buffer: the fd is closed by exec; the exporter has pin and unpin. */
#define DMABUF_BENCH_CLOEXEC 0x1
#define DMABUF_BENCH_MOVABLE 0x2

/**
 * struct dmabuf_bench_export - make a buffer of single pages
 * @pages: its size
 * @flags: DMABUF_BENCH_*
 * @fd: comes back
 * @pad: 0
 */
struct dmabuf_bench_export {
	__u32 pages;
	__u32 flags;
	__s32 fd;
	__u32 pad;
};

/*
 * What a loop does in each turn. Maps are of one attachment: a static importer's,
 * or that of one that can follow a move.
 */
enum dmabuf_bench_work {
	DMABUF_BENCH_NOTHING,
	DMABUF_BENCH_GET_PUT,
	DMABUF_BENCH_ATTACH_DETACH,
	DMABUF_BENCH_BEGIN_END,
	DMABUF_BENCH_MAP_UNMAP,
	DMABUF_BENCH_MAP_UNMAP_DYNAMIC,
};

/**
 * struct dmabuf_bench_loop - do some work again and again
 * @fd: of any buffer
 * @work: of enum dmabuf_bench_work
 * @turns: how often, 1 to DMABUF_BENCH_TURNS
 * @pad: 0
 * @ns: comes back: for all turns, by the kernel's clock
 */
struct dmabuf_bench_loop {
	__s32 fd;
	__u32 work;
	__u32 turns;
	__u32 pad;
	__u64 ns;
};

/* What importers should not do, for the tests of the core. */
enum dmabuf_bench_wrong {
	DMABUF_BENCH_LOCK, /* keep the reservation lock for a time, or until a signal */
	DMABUF_BENCH_ATTACH, /* attach, with no reference; one at a time */
	DMABUF_BENCH_DETACH, /* end that; @fd is not looked at */
};

/**
 * struct dmabuf_bench_misuse - do something that is wrong
 * @fd: of any buffer
 * @what: of enum dmabuf_bench_wrong
 * @ms: for how long
 * @pad: 0
 */
struct dmabuf_bench_misuse {
	__s32 fd;
	__u32 what;
	__u32 ms;
	__u32 pad;
};

/* Devices that can write to a buffer. */
#define DMABUF_BENCH_DEVICES 2

/**
 * struct dmabuf_bench_transfer - map a buffer for a device, let it write, unmap it
 * @fd: of any buffer. The device stays attached to it until it is told to write to
 *	another, or the file is closed
 * @device: which one
 * @offset: where in the buffer
 * @length: how many bytes; 0 is a transfer of nothing
 * @byte: what all of them become
 * @pad: 0
 */
struct dmabuf_bench_transfer {
	__s32 fd;
	__u32 device;
	__u32 offset;
	__u32 length;
	__u32 byte;
	__u32 pad;
};

#define DMABUF_BENCH_EXPORT _IOWR('B', 0, struct dmabuf_bench_export)
#define DMABUF_BENCH_LOOP _IOWR('B', 1, struct dmabuf_bench_loop)
#define DMABUF_BENCH_MISUSE _IOW('B', 2, struct dmabuf_bench_misuse)
#define DMABUF_BENCH_TRANSFER _IOW('B', 3, struct dmabuf_bench_transfer)

#endif
