// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbols of the stock core that the live form needs, in a section of their
 * own. To the compiler they are weak, so that modpost lets them pass; klp-link
 * then gives the section livepatch's relocations. Alone in its file, so that no
 * other code refers to the symbols but through the table.
 */

#include <linux/fs.h>
#include <linux/mount.h>

#include "live_stock.h"

/* Livepatch's form of a name: object, symbol, which of several (0: the only). */
#define STOCK(symbol) \
	asm("\".klp.sym.vmlinux." #symbol ",0\"") __weak

#define EVENT(name) \
	extern struct tracepoint stock_event_##name STOCK(__tracepoint_##name)

extern struct list_head stock_list STOCK(dmabuf_list);
extern struct mutex stock_list_mutex STOCK(dmabuf_list_mutex);
extern const struct file_operations stock_fops STOCK(dma_buf_fops);
extern struct vfsmount *stock_mount STOCK(dma_buf_mnt);
void stock_poll_callback(struct dma_fence *fence, struct dma_fence_cb *callback)
	STOCK(dma_buf_poll_cb);
extern struct list_head stock_patches STOCK(klp_patches);
EVENT(dma_buf_export);
EVENT(dma_buf_fd);
EVENT(dma_buf_get);
EVENT(dma_buf_put);
EVENT(dma_buf_mmap);
EVENT(dma_buf_mmap_internal);
EVENT(dma_buf_dynamic_attach);
EVENT(dma_buf_detach);

const struct dmabuf_stock dmabuf_stock __section(".dmabuf_stock") = {
	.list = &stock_list,
	.list_mutex = &stock_list_mutex,
	.fops = &stock_fops,
	.mount = &stock_mount,
	.poll_callback = stock_poll_callback,
	.patches = &stock_patches,
	.dma_buf_export = &stock_event_dma_buf_export,
	.dma_buf_fd = &stock_event_dma_buf_fd,
	.dma_buf_get = &stock_event_dma_buf_get,
	.dma_buf_put = &stock_event_dma_buf_put,
	.dma_buf_mmap = &stock_event_dma_buf_mmap,
	.dma_buf_mmap_internal = &stock_event_dma_buf_mmap_internal,
	.dma_buf_dynamic_attach = &stock_event_dma_buf_dynamic_attach,
	.dma_buf_detach = &stock_event_dma_buf_detach,
};
