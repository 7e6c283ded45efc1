// SPDX-License-Identifier: GPL-2.0-only
/*
 * Idle mappings keep what their exporters and devices need for them: here they are
 * ended when memory is short, or a device has no more addresses. Mappings come and
 * go by mapping_list.c, which also ends those that are found here. Nothing here
 * waits for a reservation lock. Shrinkers only ask: a worker does it, as exporters
 * need not expect to unmap where they may be waiting for memory themselves.
 */

#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/file.h>
#include <linux/file_ref.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "mapping.h"
#include "reclaim.h"

/* Protects all up to stopped. Taken under reservation locks. */
static DEFINE_SPINLOCK(idle_lock);
static LIST_HEAD(idle_list);
static unsigned long idle_count;
static unsigned long idle_pages;
static bool stopped;

static struct shrinker *shrinker;
/* Pages that the shrinker asked for. */
static atomic_long_t asked;

void dmabuf_idle_add(struct dmabuf_idle *idle)
{
	dma_resv_assert_held(idle->attach->dmabuf->resv);
	if (idle->listed) {
		idle->again = true;
		return;
	}
	idle->listed = true;
	idle->again = false;
	idle->pages = max(idle->attach->dmabuf->size >> PAGE_SHIFT, 1);
	guard(spinlock)(&idle_lock);
	list_add_tail(&idle->node, &idle_list);
	idle_count++;
	WRITE_ONCE(idle_pages, idle_pages + idle->pages);
}

void dmabuf_idle_remove(struct dmabuf_idle *idle)
{
	if (!idle->listed)
		return;
	dma_resv_assert_held(idle->attach->dmabuf->resv);
	idle->listed = false;
	guard(spinlock)(&idle_lock);
	list_del(&idle->node);
	idle_count--;
	WRITE_ONCE(idle_pages, idle_pages - idle->pages);
}

unsigned long dmabuf_idle_pages(void)
{
	return READ_ONCE(idle_pages);
}

bool dmabuf_idle_stopped(void)
{
	return READ_ONCE(stopped);
}

void dmabuf_mappings_stop(bool stop)
{
	guard(spinlock)(&idle_lock);
	WRITE_ONCE(stopped, stop);
	if (stop)
		return;
	/* Of buffers that nobody could get hold of when it was stopped. */
	INIT_LIST_HEAD(&idle_list);
	idle_count = 0;
	WRITE_ONCE(idle_pages, 0);
}

static unsigned long count_listed(void)
{
	guard(spinlock)(&idle_lock);
	return idle_count;
}

/*
 * What is listed has an attachment, its buffer, and the memory of the buffer's file:
 * each of them waits for idle_lock before it goes. With lock and reference they stay.
 */
static bool lock_buffer(struct dma_buf *dmabuf, const struct dma_resv *held)
{
	lockdep_assert_held(&idle_lock);
	if (dmabuf->resv == held)
		return true;
	if (!dma_resv_trylock(dmabuf->resv))
		return false;
	if (file_ref_get(&dmabuf->file->f_ref))
		return true;
	dma_resv_unlock(dmabuf->resv);
	return false;
}

static void unlock_buffer(struct dma_buf *dmabuf, const struct dma_resv *held)
{
	if (dmabuf->resv == held)
		return;
	dma_resv_unlock(dmabuf->resv);
	fput(dmabuf->file);
}

/*
 * The one that is listed longest, its buffer locked, or NULL if that can't be had. It
 * is the last one then, so that the next call looks at another.
 */
static struct dmabuf_idle *next_idle(const struct device *dev,
				     const struct dma_resv *held)
{
	struct dmabuf_idle *idle;

	guard(spinlock)(&idle_lock);
	if (stopped || list_empty(&idle_list))
		return NULL;
	idle = list_first_entry(&idle_list, struct dmabuf_idle, node);
	list_move_tail(&idle->node, &idle_list);
	if (dev && idle->attach->dev != dev)
		return NULL;
	return lock_buffer(idle->attach->dmabuf, held) ? idle : NULL;
}

static unsigned long reclaim(unsigned long looks, unsigned long wanted,
			     const struct device *dev, const struct dma_resv *held)
{
	struct dmabuf_idle *idle;
	unsigned long ended = 0;
	struct dma_buf *dmabuf;

	for (; looks && ended < wanted; looks--) {
		cond_resched();
		idle = next_idle(dev, held);
		if (!idle)
			continue;
		dmabuf = idle->attach->dmabuf;
		ended += dmabuf_mapping_reclaim(idle, dev);
		unlock_buffer(dmabuf, held);
	}
	return ended;
}

unsigned long dmabuf_reclaim(unsigned long wanted)
{
	/* Twice, as what was used again is spared the first time. */
	return reclaim(2 * count_listed(), wanted, NULL, NULL);
}

unsigned long dmabuf_reclaim_device(const struct device *dev,
				    const struct dma_resv *held)
{
	return reclaim(count_listed(), ULONG_MAX, dev, held);
}

static void reclaim_asked(struct work_struct *work)
{
	dmabuf_reclaim(atomic_long_xchg(&asked, 0));
}

static DECLARE_WORK(reclaim_work, reclaim_asked);

static unsigned long count_idle(struct shrinker *shrink,
				struct shrink_control *control)
{
	return dmabuf_idle_pages() ?: SHRINK_EMPTY;
}

/* Nothing is free yet when it returns. */
static unsigned long scan_idle(struct shrinker *shrink,
			       struct shrink_control *control)
{
	atomic_long_add(control->nr_to_scan, &asked);
	queue_work(system_dfl_wq, &reclaim_work);
	return 0;
}

int dmabuf_reclaim_init(void)
{
	shrinker = shrinker_alloc(0, "dma-buf-mappings");
	if (!shrinker)
		return -ENOMEM;
	shrinker->count_objects = count_idle;
	shrinker->scan_objects = scan_idle;
	shrinker_register(shrinker);
	return 0;
}

void dmabuf_reclaim_end(void)
{
	if (shrinker)
		shrinker_free(shrinker);
	shrinker = NULL;
	cancel_work_sync(&reclaim_work);
	atomic_long_set(&asked, 0);
}
