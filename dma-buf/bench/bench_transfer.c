// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two devices that write to whatever buffer a program has, as an importer's device
 * does: by the addresses that it is given, in a copy where memory is bounced. They
 * stay attached, so that a core which keeps mappings has something to keep. Called by
 * bench_device.c.
 */

#include <linux/cleanup.h>
#include <linux/device/faux.h>
#include <linux/dma-buf.h>
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "bench_transfer.h"
#include "dmabuf_bench.h"

static struct faux_device *devices[DMABUF_BENCH_DEVICES];

static void detach(struct dma_buf_attachment *attach)
{
	struct dma_buf *dmabuf;

	if (!attach)
		return;
	dmabuf = attach->dmabuf;
	dma_buf_detach(dmabuf, attach);
	dma_buf_put(dmabuf);
}

/* The device's attachment to the buffer; one to another buffer ends. */
static struct dma_buf_attachment *attached(struct bench_transfers *transfers,
					   unsigned int device, int fd)
{
	struct dma_buf_attachment *attach = transfers->attached[device];
	struct dma_buf *dmabuf = dma_buf_get(fd);

	if (IS_ERR(dmabuf))
		return ERR_CAST(dmabuf);
	if (attach && attach->dmabuf == dmabuf) {
		dma_buf_put(dmabuf);
		return attach;
	}
	detach(attach);
	transfers->attached[device] = NULL;
	attach = dma_buf_attach(dmabuf, &devices[device]->dev);
	if (IS_ERR(attach))
		dma_buf_put(dmabuf);
	else
		transfers->attached[device] = attach;
	return attach;
}

/* What the device does. There is no IOMMU before it, so its addresses are memory's. */
static void write_bytes(struct device *dev, struct sg_table *table,
			const struct dmabuf_bench_transfer *transfer)
{
	u32 offset = transfer->offset, left = transfer->length, length;
	struct scatterlist *sg;
	phys_addr_t address;
	unsigned int i;

	for_each_sgtable_dma_sg(table, sg, i) {
		if (offset >= sg_dma_len(sg)) {
			offset -= sg_dma_len(sg);
			continue;
		}
		length = min(left, sg_dma_len(sg) - offset);
		address = dma_to_phys(dev, sg_dma_address(sg)) + offset;
		memset(phys_to_virt(address), transfer->byte, length);
		left -= length;
		offset = 0;
	}
}

static bool fits(const struct dmabuf_bench_transfer *transfer, struct dma_buf *dmabuf)
{
	u32 end;

	return !check_add_overflow(transfer->offset, transfer->length, &end) &&
	       end <= dmabuf->size;
}

int bench_transfer(struct bench_transfers *transfers,
		   const struct dmabuf_bench_transfer *transfer)
{
	struct dma_buf_attachment *attach;
	struct sg_table *table;

	if (transfer->device >= DMABUF_BENCH_DEVICES || transfer->byte > U8_MAX ||
	    transfer->pad)
		return -EINVAL;
	guard(mutex)(&transfers->lock);
	attach = attached(transfers, transfer->device, transfer->fd);
	if (IS_ERR(attach))
		return PTR_ERR(attach);
	if (!fits(transfer, attach->dmabuf))
		return -EINVAL;
	table = dma_buf_map_attachment_unlocked(attach, DMA_FROM_DEVICE);
	if (IS_ERR(table))
		return PTR_ERR(table);
	write_bytes(attach->dev, table, transfer);
	dma_buf_unmap_attachment_unlocked(attach, table, DMA_FROM_DEVICE);
	return 0;
}

struct bench_transfers *bench_transfers_begin(void)
{
	struct bench_transfers *transfers = kzalloc_obj(*transfers);

	if (transfers)
		mutex_init(&transfers->lock);
	return transfers;
}

void bench_transfers_end(struct bench_transfers *transfers)
{
	unsigned int i;

	for (i = 0; i < DMABUF_BENCH_DEVICES; i++)
		detach(transfers->attached[i]);
	kfree(transfers);
}

int bench_transfer_init(void)
{
	char name[] = "dmabuf_bench.0";
	unsigned int i;
	int ret;

	for (i = 0; i < DMABUF_BENCH_DEVICES; i++) {
		name[sizeof(name) - 2] = '0' + i;
		devices[i] = faux_device_create(name, NULL, NULL);
		ret = -ENODEV;
		if (devices[i])
			ret = dma_coerce_mask_and_coherent(&devices[i]->dev,
							   DMA_BIT_MASK(32));
		if (ret) {
			bench_transfer_exit();
			return ret;
		}
	}
	return 0;
}

void bench_transfer_exit(void)
{
	unsigned int i;

	for (i = 0; i < DMABUF_BENCH_DEVICES; i++) {
		if (devices[i])
			faux_device_destroy(devices[i]);
		devices[i] = NULL;
	}
}
