// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the live form finds the states of buffers and attachments: in a table
 * by their address, as some of them were made by the stock core and any may be
 * freed by it. The table has entries only while every task runs our code, so
 * none can outlive what it stands for. live.c says when that is.
 */

#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/fs.h>
#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "attachment.h"
#include "form.h"
#include "live_state.h"
#include "live_stock.h"
#include "mapping.h"
#include "poll.h"
#include "quarantine.h"
#include "state.h"

/* How long a buffer's lock is waited for, and how long between two looks. */
#define PATIENCE (10 * HZ)
#define PAUSE_MS 20

/**
 * struct entry - where the state of one object is
 * @node: in the table
 * @object: the &struct dma_buf or &struct dma_buf_attachment
 * @state: its state
 * @next: in the list of the retired
 * @rcu: to free it
 */
struct entry {
	struct hlist_node node;
	const void *object;
	void *state;
	struct entry *next;
	struct rcu_head rcu;
};

/* Entries of what the stock core made bring the state. Freed by their entry. */
struct adopted_buffer {
	struct entry entry;
	struct dmabuf_state state;
};

struct adopted_attachment {
	struct entry entry;
	struct dmabuf_attach_state state;
};

static DEFINE_HASHTABLE(table, 14);
/* Protects changes of the table, tracking and retired. */
static DEFINE_SPINLOCK(table_lock);
static bool tracking;
/* Out of the table, but a task may be using the state. */
static struct entry *retired;

static struct entry *find(const void *object)
{
	struct entry *entry;

	hash_for_each_possible_rcu(table, entry, node, (unsigned long)object)
		if (entry->object == object)
			return entry;
	return NULL;
}

static void *lookup(const void *object)
{
	struct entry *entry;

	guard(rcu)();
	entry = find(object);
	return entry ? entry->state : NULL;
}

struct dmabuf_state *dmabuf_state(struct dma_buf *dmabuf)
{
	return lookup(dmabuf);
}

/* What is adopted is freed with its entry, so it is looked at where it is found. */
struct dmabuf_state *dmabuf_own_state(struct dma_buf *dmabuf)
{
	struct dmabuf_state *state;
	struct entry *entry;

	guard(rcu)();
	entry = find(dmabuf);
	if (!entry)
		return NULL;
	state = entry->state;
	return state->adopted ? NULL : state;
}

struct dmabuf_attach_state *dmabuf_attach_state(struct dma_buf_attachment *attach)
{
	return lookup(attach);
}

/* Frees the entry if there is one already, or there shall be none. */
static void insert(struct entry *entry, const void *object, void *state)
{
	bool wanted;

	entry->object = object;
	entry->state = state;
	spin_lock(&table_lock);
	wanted = tracking && !lookup(object);
	if (wanted)
		hash_add_rcu(table, &entry->node, (unsigned long)object);
	spin_unlock(&table_lock);
	if (!wanted)
		kfree(entry);
}

/* Take an object's entry out of the table. The caller holds table_lock. */
static struct entry *take_locked(const void *object)
{
	struct entry *entry;

	guard(rcu)();
	entry = find(object);
	if (entry)
		hash_del_rcu(&entry->node);
	return entry;
}

/* For an object that nobody else uses any more. */
static void discard(const void *object)
{
	struct entry *entry;

	spin_lock(&table_lock);
	entry = take_locked(object);
	spin_unlock(&table_lock);
	if (entry)
		kfree_rcu(entry, rcu);
}

/* For an object that others go on using. */
static void retire(const void *object)
{
	struct entry *entry;

	guard(spinlock)(&table_lock);
	entry = take_locked(object);
	if (!entry)
		return;
	entry->next = retired;
	retired = entry;
}

void dmabuf_form_exported(struct dma_buf *dmabuf)
{
	struct entry *entry = kmalloc_obj(*entry);

	if (entry)
		insert(entry, dmabuf,
		       &container_of(dmabuf, struct dmabuf_buffer, base)->state);
}

void dmabuf_form_released(struct dma_buf *dmabuf)
{
	discard(dmabuf);
}

void dmabuf_form_attached(struct dma_buf_attachment *attach)
{
	struct entry *entry = kmalloc_obj(*entry);

	if (entry)
		insert(entry, attach,
		       &container_of(attach, struct dmabuf_attachment, base)->state);
}

/* Never a spare: the stock core may be the one that frees it. */
struct dmabuf_attachment *dmabuf_form_attachment(struct dma_buf *dmabuf)
{
	return kzalloc_obj(struct dmabuf_attachment);
}

void dmabuf_form_free_attachment(struct dma_buf_attachment *attach)
{
	discard(attach);
	kfree(attach);
}

static void adopt_buffer(struct dma_buf *dmabuf)
{
	struct adopted_buffer *adopted = kzalloc_obj(*adopted);

	if (!adopted)
		return;
	adopted->state.adopted = true;
	adopted->state.ino = file_inode(dmabuf->file)->i_ino;
	INIT_LIST_HEAD(&adopted->state.waiters);
	insert(&adopted->entry, dmabuf, &adopted->state);
}

static void adopt_attachment(struct dma_buf_attachment *attach)
{
	struct adopted_attachment *adopted = kzalloc_obj(*adopted);

	if (!adopted)
		return;
	adopted->state.adopted = true;
	INIT_LIST_HEAD(&adopted->state.mappings);
	insert(&adopted->entry, attach, &adopted->state);
}

static void adopt(struct dma_buf *dmabuf)
{
	struct dma_buf_attachment *attach;

	adopt_buffer(dmabuf);
	list_for_each_entry(attach, &dmabuf->attachments, node)
		adopt_attachment(attach);
}

/*
 * Under the lock that maps, unmaps, attaches and polls hold while they use a
 * state, so afterwards none of them finds one.
 */
static void abandon(struct dma_buf *dmabuf)
{
	struct dmabuf_state *state = dmabuf_state(dmabuf);
	struct dma_buf_attachment *attach;

	list_for_each_entry(attach, &dmabuf->attachments, node) {
		dmabuf_mappings_forget(attach);
		retire(attach);
	}
	retire(dmabuf);
	if (state)
		dmabuf_poll_end(dmabuf, state);
	wake_up_all(&dmabuf->poll);
}

/* Who could not be waited for, for the log. */
struct left {
	unsigned int buffers;
	char exporter[32];
};

/* Those whose lock is to be had. The others are counted. */
static struct left with_each_unlocked(void (*act)(struct dma_buf *dmabuf))
{
	struct left left = {};
	struct dma_buf *dmabuf;

	for (dmabuf = dma_buf_iter_begin(); dmabuf;
	     dmabuf = dma_buf_iter_next(dmabuf)) {
		if (dma_resv_trylock(dmabuf->resv)) {
			act(dmabuf);
			dma_resv_unlock(dmabuf->resv);
		} else if (!left.buffers++) {
			strscpy(left.exporter, dmabuf->exp_name ?: "-");
		}
	}
	return left;
}

/*
 * Livepatch's mutex is held: a device that hangs with a lock must not keep the whole
 * machine's patches waiting. So who holds a lock is come back to, but not for ever.
 * @act does nothing the second time.
 */
static void with_each_buffer(void (*act)(struct dma_buf *dmabuf), const char *otherwise)
{
	unsigned long end = jiffies + PATIENCE;
	struct left left;

	for (left = with_each_unlocked(act); left.buffers; left = with_each_unlocked(act)) {
		if (time_after(jiffies, end)) {
			pr_warn("dma-buf: %u locked for %u s, the first by exporter %s: %s\n",
				left.buffers, PATIENCE / HZ, left.exporter, otherwise);
			return;
		}
		msleep(PAUSE_MS);
	}
}

/*
 * Buffers whose last reference is gone but whose release has not come far, and those
 * whose lock was not to be had. Who holds that may still be using the state, which is
 * freed only when no task is in our code. What idle mappings there were stay with it.
 */
static void abandon_rest(void)
{
	struct dmabuf_state *state;
	struct dma_buf *dmabuf;

	guard(mutex)(dmabuf_stock.list_mutex);
	list_for_each_entry(dmabuf, dmabuf_stock.list, list_node) {
		state = dmabuf_state(dmabuf);
		if (!state)
			continue;
		retire(dmabuf);
		dmabuf_poll_forbid(dmabuf, state);
		wake_up_all(&dmabuf->poll);
	}
}

/* What is left has no waiters. */
static void retire_rest(void)
{
	struct hlist_node *next;
	struct entry *entry;
	unsigned int bucket;

	guard(spinlock)(&table_lock);
	hash_for_each_safe(table, bucket, next, entry, node) {
		hash_del_rcu(&entry->node);
		entry->next = retired;
		retired = entry;
	}
}

static void set_tracking(bool on)
{
	guard(spinlock)(&table_lock);
	tracking = on;
}

void dmabuf_live_begin(void)
{
	set_tracking(true);
	with_each_buffer(adopt, "no account is kept of them");
}

void dmabuf_live_end(void)
{
	set_tracking(false);
	with_each_buffer(abandon, "their idle mappings are left");
	abandon_rest();
	retire_rest();
	dmabuf_quarantine_end();
}

void dmabuf_live_free(void)
{
	struct entry *entry;

	/* What was detached when the end had begun. */
	dmabuf_quarantine_end();
	synchronize_rcu();
	while ((entry = retired)) {
		retired = entry->next;
		kfree(entry);
	}
}
