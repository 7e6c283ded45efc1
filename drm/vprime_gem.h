/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_GEM_H
#define VPRIME_GEM_H

#include <linux/dma-direction.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include <drm/drm_gem_shmem_helper.h>

#include "vprime_write_access.h"

struct mem_cgroup;
struct vprime_device;
struct vprime_pages;

/**
 * struct vprime_gem - a native buffer
 *
 * Nothing of DRM's shmem helper works on it but the fbdev emulation, which reads
 * &drm_gem_shmem_object.pages and &drm_gem_shmem_object.map_wc.
 */
struct vprime_gem {
	/**
	 * @base: base; its file has the pages until they are moved, and is there
	 * from the first use of such pages on.
	 */
	struct drm_gem_shmem_object base;

	/** @flags: those of DRM_IOCTL_VPRIME_GEM_CREATE. */
	u32 flags;

	/** @no_cpu: the CPU can't reach it. */
	bool no_cpu;

	/** @memcg: the creator's cgroup, which pays; a reference. */
	struct mem_cgroup *memcg;

	/** @link: on one of the lists of &vprime_device.gem. */
	struct list_head link;

	/** @pages: memory, or NULL. Protected by the dma_resv lock. */
	struct vprime_pages *pages;

	/**
	 * @users: who needs @pages: mappings of programs, of the kernel and for
	 * devices, pins. Without users, pages of shmem can be swapped out.
	 * Protected by the dma_resv lock.
	 */
	unsigned int users;

	/**
	 * @pins: users that can't follow a move: pins and kernel mappings.
	 * Protected by the dma_resv lock.
	 */
	unsigned int pins;

	/** @vmaps: kernel mappings. Protected by the dma_resv lock. */
	unsigned int vmaps;

	/** @moves: how often it was moved. Protected by the dma_resv lock. */
	unsigned int moves;

	/** @moved: @pages are not those of the file any more, for good. */
	bool moved;

	/**
	 * @blank: what programs see when the device is gone, or NULL. Protected
	 * by the dma_resv lock.
	 */
	struct page *blank;

	/**
	 * @dma_buf: its dma-buf, as long as it lives; no reference. Protected
	 * by the dma_resv lock.
	 */
	struct dma_buf *dma_buf;

	/**
	 * @inode: number of the inode of @dma_buf; 0 without one. Remembered, as
	 * the inode itself is gone before @dma_buf says so. Protected by the
	 * dma_resv lock.
	 */
	u64 inode;

	/**
	 * @read_only: it was exported read-only; for good. Protected by
	 * &vprime_device.gem.access_lock, like @writers and @maker.
	 */
	bool read_only;

	/** @writers: files that had a handle before it was @read_only. */
	struct rb_root writers;

	/** @maker: room for one of them, the first, so that most take no memory. */
	struct vprime_write_access maker;

	/**
	 * @mappings: mappings for devices. Changed under the dma_resv lock and
	 * @mapping_lock, read under either.
	 */
	struct list_head mappings;

	/**
	 * @mapping_lock: innermost; nobody waits for a fence or allocates under
	 * it, so it may be taken by who is to signal one.
	 */
	struct mutex mapping_lock;
};

#define to_vprime_gem(obj) container_of(obj, struct vprime_gem, base.base)

extern const struct vm_operations_struct vprime_gem_vm_ops;

struct drm_gem_object *vprime_gem_create(struct drm_device *dev, u64 size,
					 u32 flags);
bool vprime_gem_is_native(const struct drm_gem_object *obj);

int vprime_gem_use_locked(struct vprime_gem *gem);
void vprime_gem_unuse_locked(struct vprime_gem *gem);
void vprime_gem_replace_locked(struct vprime_gem *gem,
			       struct vprime_pages *pages);

int vprime_gem_mmap(struct drm_gem_object *obj, struct vm_area_struct *vma);

#endif /* VPRIME_GEM_H */
