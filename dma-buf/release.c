// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a buffer: its last reference is gone, what was left undone is reported,
 * its exporter is told, its memory freed. Called by the file's operations; whoever is
 * attached without a reference is waited for by no one, a worker comes back instead.
 */

#include <linux/dma-buf.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "attachment.h"
#include "buffer.h"
#include "cpu_access.h"
#include "form.h"
#include "hold.h"
#include "misuse.h"
#include "poll.h"
#include "registry.h"
#include "state.h"
#include "user_mapping.h"

int dmabuf_file_release(struct inode *inode, struct file *file)
{
	struct dma_buf *dmabuf = file->private_data;

	if (!dmabuf_is_file(file))
		return -EINVAL;
	/* A buffer that never came to be has a file but no private data. */
	if (dmabuf) {
		/* First: the live form ends the polls of all that are listed. */
		dmabuf_poll_end(dmabuf, dmabuf_state(dmabuf));
		dmabuf_registry_remove(dmabuf);
	}
	return 0;
}

/* What nobody can take back any more. Nobody else knows the buffer by now. */
static void report_leftovers(struct dma_buf *dmabuf, struct dmabuf_state *state)
{
	unsigned long exporter = (unsigned long)dmabuf->ops->release;

	if (dmabuf->vmapping_counter)
		dmabuf_misuse(DMABUF_RELEASE_VMAPPED, dmabuf, NULL, exporter);
	if (state && !state->adopted && dmabuf_cpu_accesses(state))
		dmabuf_misuse_by_program(DMABUF_RELEASE_CPU_ACCESS, dmabuf);
}

static void free_buffer(struct dma_buf *dmabuf)
{
	dmabuf_form_released(dmabuf);
	dmabuf_buffer_free(dmabuf);
}

/* No call of an attachment is under way, and none begins. */
static void finish_release(struct dma_buf *dmabuf, struct dmabuf_state *state,
			   struct dmabuf_state *own)
{
	bool attached = !list_empty(&dmabuf->attachments);

	if (attached)
		dmabuf_attachments_end(dmabuf, own);
	dmabuf->ops->release(dmabuf);
	if (attached && own)
		dmabuf_attachments_orphan(dmabuf, own);
	module_put(dmabuf->owner);
	kfree(dmabuf->name);
	dmabuf->name = NULL;
	if (state && state->guard)
		dmabuf_guard_free(state->guard);
	if (own)
		dmabuf_drop(dmabuf, own);
	else
		free_buffer(dmabuf);
}

static void release_work(struct work_struct *work)
{
	struct dmabuf_state *own = container_of(work, struct dmabuf_state, rest);
	struct dmabuf_buffer *buffer = container_of(own, struct dmabuf_buffer, state);

	finish_release(&buffer->base, own, own);
	module_put(THIS_MODULE);
}

/* The file is gone when the worker comes. False if nobody is in a call any more. */
static noinline bool leave_to_worker(struct dma_buf *dmabuf, struct dmabuf_state *own)
{
	/* Until release_work(), which is ours. */
	__module_get(THIS_MODULE);
	WRITE_ONCE(dmabuf->file, dmabuf_form_no_file());
	INIT_WORK(&own->rest, release_work);
	if (dmabuf_calls_leave(own))
		return true;
	module_put(THIS_MODULE);
	return false;
}

void dmabuf_dentry_release(struct dentry *dentry)
{
	struct dma_buf *dmabuf = dentry->d_fsdata;
	struct dmabuf_state *state, *own;

	if (!dmabuf)
		return;
	state = dmabuf_state(dmabuf);
	own = dmabuf_own_state(dmabuf);
	report_leftovers(dmabuf, state);
	if (!dmabuf_calls_end(own) && leave_to_worker(dmabuf, own))
		return;
	finish_release(dmabuf, state, own);
}

void dmabuf_drop(struct dma_buf *dmabuf, struct dmabuf_state *own)
{
	bool orphaned;

	if (!own || !atomic_dec_and_test(&own->holds))
		return;
	WARN_ON_ONCE(!list_empty(&dmabuf->attachments));
	orphaned = own->orphaned;
	free_buffer(dmabuf);
	if (orphaned)
		module_put(THIS_MODULE);
}
