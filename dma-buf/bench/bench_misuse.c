// SPDX-License-Identifier: GPL-2.0-only
/*
 * An importer that behaves badly when it is told to: it keeps a buffer's lock, or is
 * attached to one that it has no reference to. For tests of the core that hosts it, on
 * which that must do no harm. Called by bench_device.c; what happens then it must not
 * know.
 */

#include <linux/delay.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/mutex.h>

#include "bench_misuse.h"
#include "dmabuf_bench.h"

static DEFINE_MUTEX(bench_attach_lock);
static struct dma_buf_attachment *bench_attached;

static int bench_keep_lock(int fd, unsigned int ms)
{
	struct dma_buf *dmabuf = dma_buf_get(fd);
	unsigned long left;

	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	dma_resv_lock(dmabuf->resv, NULL);
	left = msleep_interruptible(ms);
	dma_resv_unlock(dmabuf->resv);
	dma_buf_put(dmabuf);
	return left ? -EINTR : 0;
}

static int bench_attach(int fd, struct device *dev)
{
	struct dma_buf *dmabuf = dma_buf_get(fd);
	struct dma_buf_attachment *attach;
	int ret = -EBUSY;

	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	mutex_lock(&bench_attach_lock);
	if (!bench_attached) {
		attach = dma_buf_attach(dmabuf, dev);
		ret = PTR_ERR_OR_ZERO(attach);
		if (!ret)
			bench_attached = attach;
	}
	mutex_unlock(&bench_attach_lock);
	dma_buf_put(dmabuf);
	return ret;
}

static int bench_detach(void)
{
	struct dma_buf_attachment *attach;

	mutex_lock(&bench_attach_lock);
	attach = bench_attached;
	bench_attached = NULL;
	if (attach)
		dma_buf_detach(attach->dmabuf, attach);
	mutex_unlock(&bench_attach_lock);
	return attach ? 0 : -EINVAL;
}

int bench_misuse(const struct dmabuf_bench_misuse *misuse, struct device *dev)
{
	if (misuse->pad)
		return -EINVAL;
	switch (misuse->what) {
	case DMABUF_BENCH_LOCK:
		return bench_keep_lock(misuse->fd, misuse->ms);
	case DMABUF_BENCH_ATTACH:
		return bench_attach(misuse->fd, dev);
	case DMABUF_BENCH_DETACH:
		return bench_detach();
	default:
		return -EINVAL;
	}
}

void bench_misuse_exit(void)
{
	bench_detach();
}
