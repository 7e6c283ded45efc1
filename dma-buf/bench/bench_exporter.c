// SPDX-License-Identifier: GPL-2.0-only
/*
 * An exporter that costs as little as one can, so that what is measured is the
 * core: all buffers are the same pages, and nothing is allocated for any. Only
 * mapping is real: a scatterlist entry for each page, every time. Called by
 * bench_device.c; knows nothing of what is timed.
 */

#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "bench_exporter.h"
#include "dmabuf_bench.h"

static struct page *pool[DMABUF_BENCH_PAGES];

static struct sg_table *map(struct dma_buf_attachment *attach,
			    enum dma_data_direction direction)
{
	unsigned int pages = attach->dmabuf->size >> PAGE_SHIFT;
	struct sg_table *table = kzalloc_obj(*table);
	struct scatterlist *sg;
	unsigned int i;
	int ret;

	if (!table)
		return ERR_PTR(-ENOMEM);
	ret = sg_alloc_table(table, pages, GFP_KERNEL);
	if (ret)
		goto free;
	for_each_sgtable_sg(table, sg, i)
		sg_set_page(sg, pool[i], PAGE_SIZE, 0);
	ret = dma_map_sgtable(attach->dev, table, direction,
			      DMA_ATTR_SKIP_CPU_SYNC);
	if (!ret)
		return table;

	sg_free_table(table);
free:
	kfree(table);
	return ERR_PTR(ret);
}

static void unmap(struct dma_buf_attachment *attach, struct sg_table *table,
		  enum dma_data_direction direction)
{
	dma_unmap_sgtable(attach->dev, table, direction, DMA_ATTR_SKIP_CPU_SYNC);
	sg_free_table(table);
	kfree(table);
}

static int pin(struct dma_buf_attachment *attach)
{
	return 0;
}

static void unpin(struct dma_buf_attachment *attach)
{
}

static void release(struct dma_buf *dmabuf)
{
}

static const struct dma_buf_ops fixed_ops = {
	.map_dma_buf = map,
	.unmap_dma_buf = unmap,
	.release = release,
};

static const struct dma_buf_ops movable_ops = {
	.pin = pin,
	.unpin = unpin,
	.map_dma_buf = map,
	.unmap_dma_buf = unmap,
	.release = release,
};

int bench_export(unsigned int pages, bool movable, int flags)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct dma_buf *dmabuf;
	int fd;

	info.ops = movable ? &movable_ops : &fixed_ops;
	info.size = (size_t)pages << PAGE_SHIFT;
	info.flags = O_RDWR;
	info.priv = pool;
	dmabuf = dma_buf_export(&info);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	fd = dma_buf_fd(dmabuf, flags);
	if (fd < 0)
		dma_buf_put(dmabuf);
	return fd;
}

int bench_exporter_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pool); i++) {
		pool[i] = alloc_page(GFP_KERNEL);
		if (!pool[i]) {
			bench_exporter_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

void bench_exporter_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pool); i++)
		if (pool[i])
			__free_page(pool[i]);
}
