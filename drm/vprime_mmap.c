// SPDX-License-Identifier: GPL-2.0-only
/*
 * Native buffers in programs' address spaces: through the device's file and
 * through their dma-buf. All pages are there from mmap() on; a fault maps what is
 * around it too, in huge pages where memory and address allow. A move takes the
 * mappings away and faults bring them back.
 */

#include <linux/dma-resv.h>
#include <linux/mm.h>

#include <drm/drm_drv.h>
#include <drm/drm_vma_manager.h>

#include "vprime_gem.h"
#include "vprime_pages.h"
#include "vprime_write_access.h"

/* The buffer's page that is mapped at @address. */
static unsigned long vprime_mmap_index(const struct vm_area_struct *vma,
				       unsigned long address)
{
	const struct drm_gem_object *obj = vma->vm_private_data;

	return vma->vm_pgoff - drm_vma_node_start(&obj->vma_node) +
	       ((address - vma->vm_start) >> PAGE_SHIFT);
}

/* Maps what lies in one page table together with the faulting page. */
static vm_fault_t vprime_mmap_insert(struct vm_fault *vmf,
				     const struct vprime_pages *pages)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long start = max(vmf->address & PMD_MASK, vma->vm_start);
	unsigned long end = min((vmf->address & PMD_MASK) + PMD_SIZE,
				vma->vm_end);
	unsigned long address = vmf->address & PAGE_MASK;
	unsigned long i = vprime_mmap_index(vma, address);
	vm_fault_t ret;

	ret = vmf_insert_pfn(vma, address, page_to_pfn(pages->page[i]));
	if (ret != VM_FAULT_NOPAGE)
		return ret;

	i = vprime_mmap_index(vma, start);
	for (; start < end && i < pages->count; start += PAGE_SIZE, i++)
		if (vmf_insert_pfn(vma, start, page_to_pfn(pages->page[i])) !=
		    VM_FAULT_NOPAGE)
			break;

	return VM_FAULT_NOPAGE;
}

#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
static vm_fault_t vprime_mmap_insert_huge(struct vm_fault *vmf,
					  const struct vprime_pages *pages)
{
	unsigned long start = vmf->address & PMD_MASK;
	struct vm_area_struct *vma = vmf->vma;
	unsigned long first, pfn, i;

	if (start < vma->vm_start || start + PMD_SIZE > vma->vm_end)
		return VM_FAULT_FALLBACK;
	first = vprime_mmap_index(vma, start);
	if (first + PTRS_PER_PMD > pages->count)
		return VM_FAULT_FALLBACK;

	pfn = page_to_pfn(pages->page[first]);
	if (!IS_ALIGNED(pfn, PTRS_PER_PMD))
		return VM_FAULT_FALLBACK;
	for (i = 1; i < PTRS_PER_PMD; i++)
		if (page_to_pfn(pages->page[first + i]) != pfn + i)
			return VM_FAULT_FALLBACK;

	return vmf_insert_pfn_pmd(vmf, pfn, vmf->flags & FAULT_FLAG_WRITE);
}
#endif

/*
 * DRM's rule for devices that are gone: programs can't handle SIGBUS, so accesses
 * go on and mean nothing.
 */
static vm_fault_t vprime_mmap_blank(struct vm_fault *vmf,
				    struct vprime_gem *gem)
{
	if (!gem->blank)
		gem->blank = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!gem->blank)
		return VM_FAULT_OOM;

	return vmf_insert_pfn(vmf->vma, vmf->address & PAGE_MASK,
			      page_to_pfn(gem->blank));
}

/*
 * Somebody may have the buffer's lock for seconds, for a move or for all the memory of a
 * large buffer. Nobody else of the process waits for that, and who is killed does not.
 * Return: 0, with the lock.
 */
static vm_fault_t vprime_mmap_lock(struct vm_fault *vmf,
				   struct drm_gem_object *obj)
{
	if (dma_resv_trylock(obj->resv))
		return 0;

	if (!fault_flag_allow_retry_first(vmf->flags)) {
		if (dma_resv_lock_interruptible(obj->resv, NULL))
			return VM_FAULT_NOPAGE;
		return 0;
	}

	if (!(vmf->flags & FAULT_FLAG_RETRY_NOWAIT)) {
		drm_gem_object_get(obj);
		mmap_read_unlock(vmf->vma->vm_mm);
		if (!dma_resv_lock_interruptible(obj->resv, NULL))
			dma_resv_unlock(obj->resv);
		drm_gem_object_put(obj);
	}

	return VM_FAULT_RETRY;
}

static vm_fault_t vprime_mmap_any_fault(struct vm_fault *vmf,
					unsigned int order)
{
	struct drm_gem_object *obj = vmf->vma->vm_private_data;
	struct vprime_gem *gem = to_vprime_gem(obj);
	vm_fault_t ret;
	int idx;

	if (order && order != PMD_ORDER)
		return VM_FAULT_FALLBACK;

	/* One of a whole table may hold the lock of the mapping alone, and can't wait. */
	if (order)
		ret = dma_resv_trylock(obj->resv) ? 0 : VM_FAULT_FALLBACK;
	else
		ret = vprime_mmap_lock(vmf, obj);
	if (ret)
		return ret;

	ret = VM_FAULT_FALLBACK;
	if (!drm_dev_enter(obj->dev, &idx)) {
		if (!order)
			ret = vprime_mmap_blank(vmf, gem);
		goto out_unlock;
	}

	if (vprime_mmap_index(vmf->vma, vmf->address) >= gem->pages->count)
		ret = VM_FAULT_SIGBUS;
	else if (!order)
		ret = vprime_mmap_insert(vmf, gem->pages);
#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
	else
		ret = vprime_mmap_insert_huge(vmf, gem->pages);
#endif
	drm_dev_exit(idx);

out_unlock:
	dma_resv_unlock(obj->resv);
	return ret;
}

static vm_fault_t vprime_mmap_fault(struct vm_fault *vmf)
{
	return vprime_mmap_any_fault(vmf, 0);
}

static void vprime_mmap_open(struct vm_area_struct *vma)
{
	struct drm_gem_object *obj = vma->vm_private_data;

	/* The mapping that this one is a copy of has the pages. */
	dma_resv_lock(obj->resv, NULL);
	to_vprime_gem(obj)->users++;
	dma_resv_unlock(obj->resv);

	drm_gem_vm_open(vma);
}

static void vprime_mmap_close(struct vm_area_struct *vma)
{
	struct drm_gem_object *obj = vma->vm_private_data;

	dma_resv_lock(obj->resv, NULL);
	vprime_gem_unuse_locked(to_vprime_gem(obj));
	dma_resv_unlock(obj->resv);

	drm_gem_vm_close(vma);
}

const struct vm_operations_struct vprime_gem_vm_ops = {
	.fault = vprime_mmap_fault,
#ifdef CONFIG_ARCH_SUPPORTS_PMD_PFNMAP
	.huge_fault = vprime_mmap_any_fault,
#endif
	.open = vprime_mmap_open,
	.close = vprime_mmap_close,
};

/**
 * vprime_gem_mmap - &drm_gem_object_funcs.mmap
 * @obj: native buffer
 * @vma: mapping, of the device's file or of the dma-buf's
 *
 * Return: 0; -EACCES to write what may only be read; -EINVAL for a private
 * mapping; -EOPNOTSUPP if the CPU can't reach the buffer; -ENOMEM.
 */
int vprime_gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma)
{
	struct vprime_gem *gem = to_vprime_gem(obj);
	int ret;

	if (gem->no_cpu)
		return -EOPNOTSUPP;
	if (vma_is_cow_mapping(vma))
		return -EINVAL;
	ret = vprime_write_access_check_mmap(obj, vma);
	if (ret)
		return ret;

	ret = dma_resv_lock_interruptible(obj->resv, NULL);
	if (ret)
		return ret;
	ret = vprime_gem_use_locked(gem);
	dma_resv_unlock(obj->resv);
	if (ret)
		return ret;

	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	if (gem->base.map_wc)
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);

	return 0;
}
