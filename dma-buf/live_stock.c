// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbols of the stock core that the live form needs, in a section of their
 * own. To the compiler they are weak, so that modpost lets them pass; klp-link
 * then gives the section livepatch's relocations. Alone in its file, so that no
 * other code refers to the symbols but through the table.
 */

#include "live_stock.h"

/* Livepatch's form of a name: object, symbol, which of several (0: the only). */
#define STOCK(symbol) \
	extern char stock_##symbol[] asm("\".klp.sym.vmlinux." #symbol ",0\"") __weak

STOCK(dmabuf_list);
STOCK(dmabuf_list_mutex);
STOCK(dma_buf_fops);
STOCK(dma_buf_mnt);
STOCK(dma_buf_poll_cb);
STOCK(klp_mutex);
STOCK(klp_patches);
STOCK(klp_transition_patch);
STOCK(__tracepoint_dma_buf_export);
STOCK(__tracepoint_dma_buf_fd);
STOCK(__tracepoint_dma_buf_get);
STOCK(__tracepoint_dma_buf_put);
STOCK(__tracepoint_dma_buf_mmap);
STOCK(__tracepoint_dma_buf_mmap_internal);
STOCK(__tracepoint_dma_buf_dynamic_attach);
STOCK(__tracepoint_dma_buf_detach);

const struct dmabuf_stock dmabuf_stock __section(".dmabuf_stock") = {
	.list = (void *)stock_dmabuf_list,
	.list_mutex = (void *)stock_dmabuf_list_mutex,
	.fops = (void *)stock_dma_buf_fops,
	.mount = (void *)stock_dma_buf_mnt,
	.poll_callback = (void *)stock_dma_buf_poll_cb,
	.patches_mutex = (void *)stock_klp_mutex,
	.patches = (void *)stock_klp_patches,
	.transition = (void *)stock_klp_transition_patch,
	.dma_buf_export = (void *)stock___tracepoint_dma_buf_export,
	.dma_buf_fd = (void *)stock___tracepoint_dma_buf_fd,
	.dma_buf_get = (void *)stock___tracepoint_dma_buf_get,
	.dma_buf_put = (void *)stock___tracepoint_dma_buf_put,
	.dma_buf_mmap = (void *)stock___tracepoint_dma_buf_mmap,
	.dma_buf_mmap_internal = (void *)stock___tracepoint_dma_buf_mmap_internal,
	.dma_buf_dynamic_attach = (void *)stock___tracepoint_dma_buf_dynamic_attach,
	.dma_buf_detach = (void *)stock___tracepoint_dma_buf_detach,
};
