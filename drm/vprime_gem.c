// SPDX-License-Identifier: GPL-2.0-only
/*
 * Native buffers: GEM objects with memory of their own. The DRM core and the
 * ioctls make them, framebuffers and exports use them. Where pages come from is
 * known to vprime_pages.c, mapping into programs to vprime_mmap.c, sharing to
 * vprime_export.c, other memory for the same buffer to vprime_move.c.
 *
 * Memory is taken when a buffer is first used. The dma_resv lock protects all
 * that changes.
 */

#include <linux/dma-resv.h>
#include <linux/iosys-map.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/mm.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <drm/drm_print.h>
#include <drm/vprime_drm.h>

#include "vprime_constraints.h"
#include "vprime_drv.h"
#include "vprime_export.h"
#include "vprime_gem.h"
#include "vprime_pages.h"
#include "vprime_write_access.h"

/**
 * vprime_gem_replace_locked - give a buffer other memory, or none
 * @gem: buffer; nobody who can't be told uses what it has
 * @pages: memory, whose reference the buffer takes; or NULL
 */
void vprime_gem_replace_locked(struct vprime_gem *gem,
			       struct vprime_pages *pages)
{
	struct vprime_pages *old = gem->pages;

	dma_resv_assert_held(gem->base.base.resv);

	WRITE_ONCE(gem->pages, pages);
	gem->base.pages = pages ? pages->page : NULL;
	vprime_pages_put(old);
}

/*
 * The file that a buffer's memory comes from. It is made with the memory: what is
 * passed on and never used here costs none, nor what needs other memory.
 */
static int vprime_gem_open_file(struct vprime_gem *gem)
{
	const vma_flags_t flags = mk_vma_flags(VMA_NORESERVE_BIT);
	struct drm_gem_object *obj = &gem->base.base;
	struct vfsmount *huge = drm_gem_get_huge_mnt(obj->dev);
	struct file *file;

	if (huge)
		file = shmem_file_setup_with_mnt(huge, "vprime", obj->size,
						 flags);
	else
		file = shmem_file_setup("vprime", obj->size, flags);
	if (IS_ERR(file))
		return PTR_ERR(file);

	/* Pages are kept where devices use them, so not where they must move. */
	mapping_set_gfp_mask(file->f_mapping, GFP_HIGHUSER |
						      __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
	obj->filp = file;

	return 0;
}

static struct vprime_pages *vprime_gem_read_file(struct vprime_gem *gem)
{
	struct drm_gem_object *obj = &gem->base.base;
	int ret = obj->filp ? 0 : vprime_gem_open_file(gem);
	struct vprime_pages *pages;

	if (ret)
		pages = ERR_PTR(ret);
	else
		pages = vprime_pages_read(obj->filp, obj->size >> PAGE_SHIFT);

	/* ENOSPC is shmem's word for having no memory. */
	return pages == ERR_PTR(-ENOSPC) ? ERR_PTR(-ENOMEM) : pages;
}

/*
 * A new buffer's memory is such as its device and its creator ask for. One that has a
 * file keeps what is in it, also when its device was limited since.
 */
static struct vprime_pages *vprime_gem_get_pages(struct vprime_gem *gem)
{
	unsigned long count = gem->base.base.size >> PAGE_SHIFT;
	struct vprime_constraints c;
	struct vprime_pages *pages;
	bool limited;
	int ret;

	vprime_constraints_of(gem->base.base.dev->dev, &c);
	if (gem->flags & VPRIME_GEM_CONTIGUOUS)
		c.contiguous = true;

	limited = !gem->base.base.filp && vprime_constraints_any(&c);
	pages = limited ? vprime_pages_alloc(count, &c) :
			  vprime_gem_read_file(gem);
	if (IS_ERR(pages))
		return pages;

	ret = gem->base.map_wc ? vprime_pages_set_write_combine(pages) : 0;
	if (ret) {
		vprime_pages_put(pages);
		return ERR_PTR(ret);
	}
	gem->moved = limited;

	return pages;
}

/**
 * vprime_gem_use_locked - have a buffer's memory there, and keep it
 * @gem: buffer
 *
 * Return: 0 or -ENOMEM; -EINTR for a process that is killed.
 */
int vprime_gem_use_locked(struct vprime_gem *gem)
{
	struct vprime_pages *pages;
	struct mem_cgroup *old;

	dma_resv_assert_held(gem->base.base.resv);

	if (!gem->pages) {
		old = set_active_memcg(gem->memcg);
		pages = vprime_gem_get_pages(gem);
		set_active_memcg(old);
		if (IS_ERR(pages))
			return PTR_ERR(pages);
		vprime_gem_replace_locked(gem, pages);
	}
	gem->users++;

	return 0;
}

/**
 * vprime_gem_unuse_locked - end what vprime_gem_use_locked() began
 * @gem: buffer
 *
 * Memory that could be swapped out goes back where it came from. What is write-combined
 * stays: to make it so, and undo it, disturbs the whole machine, and a program can map
 * and unmap as often as it likes.
 */
void vprime_gem_unuse_locked(struct vprime_gem *gem)
{
	dma_resv_assert_held(gem->base.base.resv);

	if (!--gem->users && !gem->moved && !gem->base.map_wc)
		vprime_gem_replace_locked(gem, NULL);
}

static int vprime_gem_vmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	struct vprime_gem *gem = to_vprime_gem(obj);
	pgprot_t prot = PAGE_KERNEL;
	int ret;

	dma_resv_assert_held(obj->resv);

	if (gem->no_cpu)
		return -EOPNOTSUPP;

	if (!gem->vmaps) {
		ret = vprime_gem_use_locked(gem);
		if (ret)
			return ret;
		if (gem->base.map_wc)
			prot = pgprot_writecombine(prot);
		gem->base.vaddr = vmap(gem->pages->page, gem->pages->count,
				       VM_MAP, prot);
		if (!gem->base.vaddr) {
			vprime_gem_unuse_locked(gem);
			return -ENOMEM;
		}
		gem->pins++;
	}
	gem->vmaps++;
	iosys_map_set_vaddr(map, gem->base.vaddr);

	return 0;
}

static void vprime_gem_vunmap(struct drm_gem_object *obj, struct iosys_map *map)
{
	struct vprime_gem *gem = to_vprime_gem(obj);

	dma_resv_assert_held(obj->resv);

	if (--gem->vmaps)
		return;

	vunmap(gem->base.vaddr);
	gem->base.vaddr = NULL;
	gem->pins--;
	vprime_gem_unuse_locked(gem);
}

static void vprime_gem_free(struct drm_gem_object *obj)
{
	struct vprime_device *vdev = to_vprime_device(obj->dev);
	struct vprime_gem *gem = to_vprime_gem(obj);

	mutex_lock(&vdev->gem.lock);
	list_del(&gem->link);
	mutex_unlock(&vdev->gem.lock);

	drm_WARN_ON(obj->dev, gem->users || !list_empty(&gem->mappings));
	vprime_write_access_end_buffer(gem);
	vprime_pages_put(gem->pages);
	if (gem->blank)
		__free_page(gem->blank);
	mem_cgroup_put(gem->memcg);
	mutex_destroy(&gem->mapping_lock);
	drm_gem_object_release(obj);
	kfree(gem);
}

static enum drm_gem_object_status vprime_gem_status(struct drm_gem_object *obj)
{
	return READ_ONCE(to_vprime_gem(obj)->pages) ? DRM_GEM_OBJECT_RESIDENT :
						      0;
}

static unsigned int vprime_gem_glance(const unsigned int *number)
{
	/* For people, without the lock: it may be of the next moment. */
	return data_race(*number);
}

static void vprime_gem_print_info(struct drm_printer *p, unsigned int indent,
				  const struct drm_gem_object *obj)
{
	const struct vprime_gem *gem = to_vprime_gem(obj);

	drm_printf_indent(p, indent, "users=%u\n",
			  vprime_gem_glance(&gem->users));
	drm_printf_indent(p, indent, "pins=%u\n",
			  vprime_gem_glance(&gem->pins));
	drm_printf_indent(p, indent, "moves=%u\n",
			  vprime_gem_glance(&gem->moves));
	vprime_export_print(p, indent, obj);
}

static const struct drm_gem_object_funcs vprime_gem_funcs = {
	.free = vprime_gem_free,
	.open = vprime_write_access_open,
	.print_info = vprime_gem_print_info,
	.export = vprime_export,
	.vmap = vprime_gem_vmap,
	.vunmap = vprime_gem_vunmap,
	.mmap = vprime_gem_mmap,
	.status = vprime_gem_status,
	.vm_ops = &vprime_gem_vm_ops,
};

/**
 * vprime_gem_is_native - ask whether a GEM object is a native buffer
 * @obj: GEM object of this driver
 *
 * Return: false for an imported one.
 */
bool vprime_gem_is_native(const struct drm_gem_object *obj)
{
	return obj->funcs == &vprime_gem_funcs;
}

static void vprime_gem_init(struct vprime_gem *gem, u32 flags)
{
	gem->base.base.funcs = &vprime_gem_funcs;
	gem->base.map_wc = flags & VPRIME_GEM_WRITE_COMBINE;
	gem->flags = flags;
	INIT_LIST_HEAD(&gem->mappings);
	mutex_init(&gem->mapping_lock);
	gem->writers = RB_ROOT;
}

/**
 * vprime_gem_create - make a native buffer
 * @dev: device
 * @size: bytes; rounded up to pages
 * @flags: those of DRM_IOCTL_VPRIME_GEM_CREATE, valid
 *
 * The caller's cgroup pays for it.
 *
 * Return: an object with one reference, or an error pointer: -EINVAL for no
 * bytes, -EOPNOTSUPP if the device's constraints can't be met, -ENOMEM.
 */
struct drm_gem_object *vprime_gem_create(struct drm_device *dev, u64 size,
					 u32 flags)
{
	struct vprime_device *vdev = to_vprime_device(dev);
	struct vprime_constraints c;
	struct vprime_gem *gem;

	if (!size)
		return ERR_PTR(-EINVAL);
	/* With PAE there can be more memory than one address space holds. */
	if (size > SIZE_MAX - PAGE_SIZE ||
	    size >> PAGE_SHIFT >= totalram_pages())
		return ERR_PTR(-ENOMEM);
	size = PAGE_ALIGN(size);

	vprime_constraints_of(dev->dev, &c);
	if (!vprime_constraints_possible(&c, size))
		return ERR_PTR(-EOPNOTSUPP);

	gem = kzalloc_obj(*gem, GFP_KERNEL_ACCOUNT);
	if (!gem)
		return ERR_PTR(-ENOMEM);
	vprime_gem_init(gem, flags);
	gem->no_cpu = c.no_cpu;
	drm_gem_private_object_init(dev, &gem->base.base, size);
	gem->memcg = get_mem_cgroup_from_mm(NULL);

	mutex_lock(&vdev->gem.lock);
	list_add(&gem->link, &vdev->gem.objects);
	mutex_unlock(&vdev->gem.lock);

	return &gem->base.base;
}
