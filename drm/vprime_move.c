// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other memory for the same buffer, and none: moves, because a device can't use
 * what there is or because debugfs asks, and the revocation of all buffers when
 * the device goes away. Importers are told by invalidate_mappings, programs'
 * mappings are taken away and faulted in again. Pinned buffers don't move.
 */

#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/sched/mm.h>
#include <linux/shmem_fs.h>

#include <drm/drm_drv.h>
#include <drm/drm_print.h>
#include <drm/drm_vma_manager.h>
#include <drm/vprime_drm.h>

#include "vprime_constraints.h"
#include "vprime_drv.h"
#include "vprime_gem.h"
#include "vprime_move.h"
#include "vprime_pages.h"
#include "vprime_patience.h"

/* Nobody has the addresses of the buffer's memory after it. */
static void vprime_move_forget_locked(struct vprime_gem *gem)
{
	struct drm_gem_object *obj = &gem->base.base;

	dma_resv_assert_held(obj->resv);

	drm_vma_node_unmap(&obj->vma_node, obj->dev->anon_inode->i_mapping);
	if (gem->dma_buf)
		dma_buf_invalidate_mappings(gem->dma_buf);
}

static struct vprime_pages *
vprime_move_alloc(struct vprime_gem *gem, const struct vprime_constraints *c)
{
	struct mem_cgroup *old = set_active_memcg(gem->memcg);
	struct vprime_pages *pages;
	int ret = 0;

	pages = vprime_pages_alloc(gem->pages->count, c);
	if (!IS_ERR(pages) && gem->base.map_wc)
		ret = vprime_pages_set_write_combine(pages);
	set_active_memcg(old);
	if (ret) {
		vprime_pages_put(pages);
		return ERR_PTR(ret);
	}

	return pages;
}

/* @patience: jiffies; how long whoever uses the buffer is waited for */
static int vprime_move_locked(struct vprime_gem *gem,
			      const struct vprime_constraints *c, long patience)
{
	struct drm_gem_object *obj = &gem->base.base;
	struct vprime_pages *pages;
	long ret;

	dma_resv_assert_held(obj->resv);

	if (gem->pins)
		return -EBUSY;
	ret = dma_resv_wait_timeout(obj->resv, DMA_RESV_USAGE_BOOKKEEP, true,
				    patience);
	if (ret <= 0)
		return ret ?: -EBUSY;

	pages = vprime_move_alloc(gem, c);
	if (IS_ERR(pages))
		return PTR_ERR(pages);

	vprime_move_forget_locked(gem);
	ret = vprime_pages_copy(pages, gem->pages);
	if (ret) {
		/* Whoever lost a mapping gets one of the same memory again. */
		vprime_pages_put(pages);
		return ret;
	}
	atomic64_add(obj->size, &to_vprime_device(obj->dev)->traffic.moved);
	vprime_gem_replace_locked(gem, pages);
	if (!gem->moved)
		shmem_truncate_range(file_inode(obj->filp), 0, -1);
	gem->moved = true;
	gem->moves++;

	return 0;
}

/*
 * What all who are attached, the device and the creator need together. False if no
 * memory has it. What the creator wants in one piece may be cut for a device.
 */
static bool vprime_move_needs_locked(struct vprime_gem *gem,
				     struct vprime_constraints *c)
{
	struct dma_buf_attachment *attach;
	struct vprime_constraints other;

	vprime_constraints_of(gem->base.base.dev->dev, c);
	if (gem->dma_buf) {
		list_for_each_entry(attach, &gem->dma_buf->attachments, node) {
			vprime_constraints_to_map(attach->dev, &other);
			vprime_constraints_merge(c, &other);
		}
	}
	if (!vprime_constraints_possible(c, gem->base.base.size))
		return false;

	if (gem->flags & VPRIME_GEM_CONTIGUOUS) {
		c->contiguous = true;
		c->max_segment = VPRIME_CONSTRAINTS_NONE.max_segment;
	}

	return true;
}

/**
 * vprime_move_suit_locked - have a buffer in memory that a device can use
 * @gem: buffer, in use
 * @dev: attached device
 *
 * Moves it if need be, to where all attached devices reach it.
 *
 * Return: 0; -EBUSY if it must not move, or if others need what @dev can't
 * use, or somebody uses it for long; -ENOMEM; -ERESTARTSYS; -EINTR for a process that is killed.
 */
int vprime_move_suit_locked(struct vprime_gem *gem, struct device *dev)
{
	struct vprime_constraints c;

	dma_resv_assert_held(gem->base.base.resv);

	vprime_constraints_to_map(dev, &c);
	if (vprime_pages_fit(gem->pages, &c))
		return 0;

	if (!vprime_move_needs_locked(gem, &c))
		return -EBUSY;

	return vprime_move_locked(gem, &c, VPRIME_PATIENCE);
}

/**
 * vprime_move - give a buffer other memory for the sake of it
 * @gem: buffer; the caller holds a reference
 *
 * Context: process, no dma_resv lock held.
 *
 * Waits for whoever uses it, until a signal comes.
 *
 * Return: 0; -EBUSY if it is pinned, or those attached need what no memory has;
 * -ENODEV after a revocation; -ENOMEM; -ERESTARTSYS; -EINTR for a process that is
 * killed.
 */
int vprime_move(struct vprime_gem *gem)
{
	struct drm_gem_object *obj = &gem->base.base;
	struct vprime_constraints c;
	int ret;

	ret = dma_resv_lock_interruptible(obj->resv, NULL);
	if (ret)
		return ret;
	if (drm_dev_is_unplugged(obj->dev)) {
		ret = -ENODEV;
		goto out_unlock;
	}

	ret = vprime_gem_use_locked(gem);
	if (ret)
		goto out_unlock;
	if (vprime_move_needs_locked(gem, &c))
		ret = vprime_move_locked(gem, &c, MAX_SCHEDULE_TIMEOUT);
	else
		ret = -EBUSY;
	vprime_gem_unuse_locked(gem);

out_unlock:
	dma_resv_unlock(obj->resv);
	return ret;
}

/* The next buffer that was not dealt with, with a reference; or NULL. */
static struct vprime_gem *vprime_move_next(struct vprime_device *vdev)
{
	struct vprime_gem *gem, *next;

	guard(mutex)(&vdev->gem.lock);
	list_for_each_entry_safe(gem, next, &vdev->gem.objects, link) {
		list_move_tail(&gem->link, &vdev->gem.revoked);
		if (kref_get_unless_zero(&gem->base.base.refcount))
			return gem;
	}

	return NULL;
}

/**
 * vprime_move_revoke_all - take a device's buffers from all who have them
 * @vdev: device, unplugged: no new buffers are made
 *
 * Importers are told and can't map again, programs see a blank page. The memory
 * stays for those who can't be told, until they let it go.
 */
void vprime_move_revoke_all(struct vprime_device *vdev)
{
	struct vprime_gem *gem;

	while ((gem = vprime_move_next(vdev))) {
		dma_resv_lock(gem->base.base.resv, NULL);
		vprime_move_forget_locked(gem);
		dma_resv_unlock(gem->base.base.resv);
		drm_gem_object_put(&gem->base.base);
	}
}
