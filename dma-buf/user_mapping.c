// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs' mappings of a buffer. Each has the exporter's operations with a
 * guard before them: once the buffer is revoked, a fault is SIGBUS. Called by
 * the two ways to mmap a buffer, and by revoke.
 */

#include <linux/dma-buf.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include "attachment.h"
#include "form.h"
#include "state.h"
#include "user_mapping.h"

/**
 * struct dmabuf_guard - operations of a buffer's mappings
 * @ops: the exporter's, with our fault
 * @exporter: the exporter's
 */
struct dmabuf_guard {
	struct vm_operations_struct ops;
	const struct vm_operations_struct *exporter;
};

/*
 * Revoke sets its mark, then removes what is mapped. So a fault that does not
 * see the mark after it mapped a page was in time to have it removed. A page
 * that the exporter only returns is mapped after this; the mapping then holds
 * the page itself, so it can't become somebody else's memory.
 */
static vm_fault_t guarded_fault(struct vm_fault *vmf)
{
	struct dma_buf *dmabuf = vmf->vma->vm_file->private_data;
	struct dmabuf_guard *guard = dmabuf_state(dmabuf)->guard;
	struct file *file;
	vm_fault_t ret;

	if (dmabuf_is_revoked(dmabuf))
		return VM_FAULT_SIGBUS;
	/* The exporter may drop the lock that keeps the mapping. */
	file = get_file(dmabuf->file);
	ret = guard->exporter->fault(vmf);
	smp_mb(); /* the page is mapped, then the mark is looked at */
	if (dmabuf_is_revoked(dmabuf)) {
		dmabuf_user_mappings_zap(dmabuf);
		if (ret == VM_FAULT_NOPAGE)
			ret = VM_FAULT_SIGBUS;
	}
	fput(file);
	return ret;
}

/* The buffer's guard, empty at first, or NULL without memory. */
static struct dmabuf_guard *get_guard(struct dmabuf_state *state)
{
	struct dmabuf_guard *guard = READ_ONCE(state->guard), *other;

	if (guard)
		return guard;
	guard = kzalloc_obj(*guard);
	if (!guard)
		return NULL;
	other = cmpxchg(&state->guard, NULL, guard);
	if (!other)
		return guard;
	kfree(guard);
	return other;
}

/* Put the guard before the exporter's operations, if they are all of one kind. */
static void guard_mapping(struct dmabuf_guard *guard, struct vm_area_struct *vma)
{
	static DEFINE_MUTEX(lock);

	mutex_lock(&lock);
	if (!guard->exporter) {
		guard->ops = *vma->vm_ops;
		guard->ops.fault = guarded_fault;
		/* Pages that come by the way are not guarded, so none do. */
		guard->ops.map_pages = NULL;
		guard->ops.huge_fault = NULL;
		guard->exporter = vma->vm_ops;
	}
	if (guard->exporter == vma->vm_ops)
		vma->vm_ops = &guard->ops;
	mutex_unlock(&lock);
}

int dmabuf_user_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct dmabuf_guard *guard;
	int ret;

	if (dmabuf_is_revoked(dmabuf))
		return -ENODEV;
	if (DMABUF_IS_LIVE)
		return dmabuf->ops->mmap(dmabuf, vma);
	guard = get_guard(dmabuf_state(dmabuf));
	if (!guard)
		return -ENOMEM;
	ret = dmabuf->ops->mmap(dmabuf, vma);
	if (!ret && vma->vm_file == dmabuf->file && vma->vm_ops && vma->vm_ops->fault)
		guard_mapping(guard, vma);
	return ret;
}

void dmabuf_user_mappings_zap(struct dma_buf *dmabuf)
{
	unmap_mapping_range(dmabuf->file->f_mapping, 0, 0, 1);
}

void dmabuf_guard_free(struct dmabuf_guard *guard)
{
	kfree(guard);
}
