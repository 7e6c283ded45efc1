// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core's calls, each in a loop that is timed from inside, so that no system
 * call is in the time. Called by bench_device.c. It must know nothing of the
 * core but <linux/dma-buf.h>: the same loops measure any core.
 */

#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/timekeeping.h>

#include "bench_loops.h"
#include "dmabuf_bench.h"

/**
 * struct bench - what a turn works with
 * @fd: the buffer's
 * @dmabuf: the buffer
 * @dev: the importing device
 * @attach: its attachment, for those who map
 */
struct bench {
	int fd;
	struct dma_buf *dmabuf;
	struct device *dev;
	struct dma_buf_attachment *attach;
};

static int nothing(struct bench *bench)
{
	return 0;
}

static int get_put(struct bench *bench)
{
	struct dma_buf *dmabuf = dma_buf_get(bench->fd);

	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	dma_buf_put(dmabuf);
	return 0;
}

static int attach_detach(struct bench *bench)
{
	struct dma_buf_attachment *attach;

	attach = dma_buf_attach(bench->dmabuf, bench->dev);
	if (IS_ERR(attach))
		return PTR_ERR(attach);
	dma_buf_detach(bench->dmabuf, attach);
	return 0;
}

static int begin_end(struct bench *bench)
{
	int ret = dma_buf_begin_cpu_access(bench->dmabuf, DMA_BIDIRECTIONAL);

	if (ret)
		return ret;
	return dma_buf_end_cpu_access(bench->dmabuf, DMA_BIDIRECTIONAL);
}

static int map_unmap(struct bench *bench)
{
	struct sg_table *table;

	table = dma_buf_map_attachment_unlocked(bench->attach, DMA_TO_DEVICE);
	if (IS_ERR(table))
		return PTR_ERR(table);
	dma_buf_unmap_attachment_unlocked(bench->attach, table, DMA_TO_DEVICE);
	return 0;
}

static void invalidate(struct dma_buf_attachment *attach)
{
}

static const struct dma_buf_attach_ops dynamic_importer = {
	.invalidate_mappings = invalidate,
};

/**
 * struct work - one kind of work
 * @turn: once
 * @maps: it wants an attachment
 * @importer: the attachment's operations
 */
struct work {
	int (*turn)(struct bench *bench);
	bool maps;
	const struct dma_buf_attach_ops *importer;
};

static const struct work works[] = {
	[DMABUF_BENCH_NOTHING] = { nothing },
	[DMABUF_BENCH_GET_PUT] = { get_put },
	[DMABUF_BENCH_ATTACH_DETACH] = { attach_detach },
	[DMABUF_BENCH_BEGIN_END] = { begin_end },
	[DMABUF_BENCH_MAP_UNMAP] = { map_unmap, true },
	[DMABUF_BENCH_MAP_UNMAP_DYNAMIC] = { map_unmap, true, &dynamic_importer },
};

/* The first turn is not timed: what it sets up, later ones find. */
static int run(struct bench *bench, const struct work *work,
	       struct dmabuf_bench_loop *loop)
{
	int ret = work->turn(bench);
	u64 start = ktime_get_ns();
	u32 i;

	for (i = 0; i < loop->turns && !ret; i++)
		ret = work->turn(bench);
	loop->ns = ktime_get_ns() - start;
	return ret;
}

int bench_loop(struct dmabuf_bench_loop *loop, struct device *dev)
{
	struct bench bench = { .fd = loop->fd, .dev = dev };
	const struct work *work;
	int ret;

	if (loop->pad || loop->work >= ARRAY_SIZE(works) || !loop->turns ||
	    loop->turns > DMABUF_BENCH_TURNS)
		return -EINVAL;
	work = &works[loop->work];
	bench.dmabuf = dma_buf_get(loop->fd);
	if (IS_ERR(bench.dmabuf))
		return PTR_ERR(bench.dmabuf);
	if (work->maps)
		bench.attach = dma_buf_dynamic_attach(bench.dmabuf, dev,
						      work->importer, NULL);
	ret = PTR_ERR_OR_ZERO(bench.attach);
	if (ret)
		goto put;

	ret = run(&bench, work, loop);
	if (work->maps)
		dma_buf_detach(bench.dmabuf, bench.attach);
put:
	dma_buf_put(bench.dmabuf);
	return ret;
}
