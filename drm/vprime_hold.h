/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_HOLD_H
#define VPRIME_HOLD_H

#include <linux/dma-fence.h>
#include <linux/list.h>

struct vprime_consumer;

/**
 * struct vprime_hold - the fence of an acquired frame
 * @base: base; the first member, for the fence core frees it
 * @consumer: who holds the frame; a reference, until the fence is signalled
 * @user: fence that ends the hold, or NULL; a reference
 * @cb: on @user
 * @waited: somebody waits for the fence
 * @since: jiffies when that began; valid once @waited is set
 * @link: on &vprime_feed.done, once the hold is over
 */
struct vprime_hold {
	struct dma_fence base;
	struct vprime_consumer *consumer;
	struct dma_fence *user;
	struct dma_fence_cb cb;
	bool waited;
	unsigned long since;
	struct list_head link;
};

struct vprime_hold *vprime_hold_create(struct vprime_consumer *consumer);
int vprime_hold_until(struct vprime_hold *hold, struct dma_fence *user);
void vprime_hold_finish(struct vprime_hold *hold);

#endif /* VPRIME_HOLD_H */
