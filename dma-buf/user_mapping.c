// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs' mappings of a buffer. Each has the exporter's operations with a
 * guard before them: once the buffer is revoked, a fault of any size is SIGBUS, and
 * a debugger's access fails. Called by the two ways to mmap a buffer, and by revoke.
 */

#include <linux/dma-buf.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "attachment.h"
#include "form.h"
#include "misuse.h"
#include "state.h"
#include "stock_trace.h"
#include "user_mapping.h"

/**
 * struct dmabuf_guard - operations of a buffer's mappings
 * @ops: the exporter's, with ours before each that reaches its memory
 * @exporter: the exporter's
 */
struct dmabuf_guard {
	struct vm_operations_struct ops;
	const struct vm_operations_struct *exporter;
};

static struct dma_buf *buffer_of(const struct vm_area_struct *vma)
{
	return vma->vm_file->private_data;
}

/* Set before the mapping was, and there for as long as it is. */
static const struct vm_operations_struct *exporters_ops(struct dma_buf *dmabuf)
{
	return dmabuf_state(dmabuf)->guard->exporter;
}

/* A page that the exporter returned, to be mapped by our caller, is not mapped. */
static vm_fault_t refuse_page(struct vm_fault *vmf, vm_fault_t ret)
{
	if (ret & (VM_FAULT_ERROR | VM_FAULT_RETRY | VM_FAULT_FALLBACK | VM_FAULT_DONE_COW))
		return ret;
	if (!(ret & VM_FAULT_NOPAGE) && vmf->page) {
		if (ret & VM_FAULT_LOCKED)
			unlock_page(vmf->page);
		put_page(vmf->page);
		vmf->page = NULL;
	}
	return VM_FAULT_SIGBUS;
}

/*
 * Revoke sets its mark, then removes what is mapped. So a fault that does not
 * see the mark after it mapped memory was in time to have it removed. Only a page
 * that the exporter returns is mapped after this, and could be mapped after the
 * mark was set: the mapping then holds the page itself, so it can't become somebody
 * else's memory.
 */
static vm_fault_t guarded_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	struct dma_buf *dmabuf = buffer_of(vmf->vma);
	const struct vm_operations_struct *exporter = exporters_ops(dmabuf);
	struct file *file;
	vm_fault_t ret;

	if (dmabuf_is_revoked(dmabuf))
		return VM_FAULT_SIGBUS;
	/* The exporter may drop the lock that keeps the mapping. */
	file = get_file(dmabuf->file);
	ret = order ? exporter->huge_fault(vmf, order) : exporter->fault(vmf);
	smp_mb(); /* memory is mapped, then the mark is looked at */
	if (dmabuf_is_revoked(dmabuf)) {
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
		ret = refuse_page(vmf, ret);
	}
	fput(file);
	return ret;
}

static vm_fault_t guarded_fault(struct vm_fault *vmf)
{
	return guarded_huge_fault(vmf, 0);
}

/* Called under the RCU read lock, which is what a revoke waits for. */
static vm_fault_t guarded_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	struct dma_buf *dmabuf = buffer_of(vmf->vma);

	if (dmabuf_is_revoked(dmabuf))
		return VM_FAULT_SIGBUS;
	return exporters_ops(dmabuf)->map_pages(vmf, first, last);
}

/* What these two allow is undone with the mapping, if the mark is set meanwhile. */
static vm_fault_t guarded_page_mkwrite(struct vm_fault *vmf)
{
	struct dma_buf *dmabuf = buffer_of(vmf->vma);

	if (dmabuf_is_revoked(dmabuf))
		return VM_FAULT_SIGBUS;
	return exporters_ops(dmabuf)->page_mkwrite(vmf);
}

static vm_fault_t guarded_pfn_mkwrite(struct vm_fault *vmf)
{
	struct dma_buf *dmabuf = buffer_of(vmf->vma);

	if (dmabuf_is_revoked(dmabuf))
		return VM_FAULT_SIGBUS;
	return exporters_ops(dmabuf)->pfn_mkwrite(vmf);
}

/*
 * How debuggers and /proc/PID/mem reach what has no pages. One that is let in before
 * the mark is set is kept apart from the revoke by the exporter's own lock.
 */
static int guarded_access(struct vm_area_struct *vma, unsigned long address, void *buffer,
			  int length, int write)
{
	struct dma_buf *dmabuf = buffer_of(vma);

	if (dmabuf_is_revoked(dmabuf))
		return -ENODEV;
	return exporters_ops(dmabuf)->access(vma, address, buffer, length, write);
}

/* The buffer's guard, empty at first, or NULL without memory. */
static struct dmabuf_guard *get_guard(struct dmabuf_state *state)
{
	struct dmabuf_guard *guard = READ_ONCE(state->guard), *other;

	if (guard)
		return guard;
	guard = kzalloc_obj(*guard, GFP_KERNEL_ACCOUNT);
	if (!guard)
		return NULL;
	other = cmpxchg(&state->guard, NULL, guard);
	if (!other)
		return guard;
	kfree(guard);
	return other;
}

static void fill_guard(struct dmabuf_guard *guard, const struct vm_operations_struct *exporter)
{
	guard->ops = *exporter;
	if (exporter->fault)
		guard->ops.fault = guarded_fault;
	if (exporter->huge_fault)
		guard->ops.huge_fault = guarded_huge_fault;
	if (exporter->map_pages)
		guard->ops.map_pages = guarded_map_pages;
	if (exporter->page_mkwrite)
		guard->ops.page_mkwrite = guarded_page_mkwrite;
	if (exporter->pfn_mkwrite)
		guard->ops.pfn_mkwrite = guarded_pfn_mkwrite;
	if (exporter->access)
		guard->ops.access = guarded_access;
	guard->exporter = exporter;
}

/* Does it reach memory, other than what mmap has mapped? */
static bool needs_guard(const struct vm_operations_struct *ops)
{
	return ops && (ops->fault || ops->huge_fault || ops->map_pages || ops->access);
}

/* Put the guard before the exporter's operations, if they are all of one kind. */
static void guard_mapping(struct dmabuf_guard *guard, struct vm_area_struct *vma)
{
	static DEFINE_MUTEX(lock);

	mutex_lock(&lock);
	if (!guard->exporter)
		fill_guard(guard, vma->vm_ops);
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
	if (!ret && vma->vm_file == dmabuf->file && needs_guard(vma->vm_ops))
		guard_mapping(guard, vma);
	return ret;
}

/**
 * dma_buf_mmap - map a buffer into a program, in place of an importer's own mmap
 * @dmabuf: the buffer; its reservation lock is not held
 * @vma: where to; its file becomes the buffer's
 * @pgoff: first page of the buffer
 *
 * Return: 0, -EINVAL without a buffer or vma, if the buffer can't be mapped or
 * is smaller, -EOVERFLOW if the offset overflows, -ENODEV if it was revoked, or
 * what the exporter says.
 */
int dma_buf_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma,
		 unsigned long pgoff)
{
	if (!dmabuf || !vma) {
		dmabuf_misuse(DMABUF_BAD_ARGUMENT, NULL, NULL, _RET_IP_);
		return -EINVAL;
	}
	if (!dmabuf->ops->mmap)
		return -EINVAL;
	if (pgoff + vma_pages(vma) < pgoff)
		return -EOVERFLOW;
	if (pgoff + vma_pages(vma) > dmabuf->size >> PAGE_SHIFT)
		return -EINVAL;

	vma_set_file(vma, dmabuf->file);
	vma->vm_pgoff = pgoff;
	trace_dma_buf_mmap(dmabuf);
	return dmabuf_user_mmap(dmabuf, vma);
}
EXPORT_SYMBOL_NS_GPL(dma_buf_mmap, "DMA_BUF");

void dmabuf_user_mappings_zap(struct dma_buf *dmabuf)
{
	struct dmabuf_state *state = dmabuf_state(dmabuf);
	struct dmabuf_guard *guard = state ? READ_ONCE(state->guard) : NULL;
	struct file *file;

	might_sleep();
	/* Those that map pages by the way and did not see the mark are done then. */
	if (guard && guard->ops.map_pages)
		synchronize_rcu();
	/* Without a file there is no mapping. */
	file = get_file_active(&dmabuf->file);
	if (!file)
		return;
	if (file != dmabuf_form_no_file())
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
	fput(file);
}

void dmabuf_guard_free(struct dmabuf_guard *guard)
{
	kfree(guard);
}
