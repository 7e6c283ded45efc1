// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may write a buffer: every file that has a handle of it, until it is exported
 * read-only; then only those files that had one before. Whoever isn't known may not.
 * It holds until the file is closed, whatever becomes of its handles, for calls that
 * are under way need none. The DRM core calls it when handles come, mmap and
 * framebuffers ask. Of an import the dma-buf's own file decides.
 */

#include <linux/dma-buf.h>
#include <linux/mm.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>

#include "vprime_drv.h"
#include "vprime_file.h"
#include "vprime_gem.h"
#include "vprime_write_access.h"

static spinlock_t *vprime_write_access_lock(struct vprime_gem *gem)
{
	return &to_vprime_device(gem->base.base.dev)->gem.access_lock;
}

static int vprime_write_access_compare(const void *vfile,
				       const struct rb_node *node)
{
	const struct vprime_write_access *access =
		rb_entry(node, struct vprime_write_access, node);

	return cmp_int((unsigned long)vfile, (unsigned long)access->vfile);
}

static bool vprime_write_access_less(struct rb_node *a, const struct rb_node *b)
{
	const struct vprime_write_access *access =
		rb_entry(a, struct vprime_write_access, node);

	return vprime_write_access_compare(access->vfile, b) < 0;
}

static bool vprime_write_access_known_locked(struct vprime_gem *gem,
					     const struct vprime_file *vfile)
{
	lockdep_assert_held(vprime_write_access_lock(gem));

	return rb_find(vfile, &gem->writers, vprime_write_access_compare);
}

static void vprime_write_access_link_locked(struct vprime_write_access *access,
					    struct vprime_gem *gem,
					    struct vprime_file *vfile)
{
	lockdep_assert_held(vprime_write_access_lock(gem));

	access->gem = gem;
	access->vfile = vfile;
	rb_add(&access->node, &gem->writers, vprime_write_access_less);
	list_add(&access->link, &vfile->writable);
}

/* Returns what is to be freed, for the buffer has room for one. */
static struct vprime_write_access *
vprime_write_access_unlink_locked(struct vprime_write_access *access)
{
	struct vprime_gem *gem = access->gem;

	lockdep_assert_held(vprime_write_access_lock(gem));

	rb_erase(&access->node, &gem->writers);
	list_del(&access->link);
	access->vfile = NULL;

	return access == &gem->maker ? NULL : access;
}

/* Returns whether it takes memory to know the file. */
static bool vprime_write_access_settle(struct vprime_gem *gem,
				       struct vprime_file *vfile)
{
	guard(spinlock)(vprime_write_access_lock(gem));

	if (gem->read_only || vprime_write_access_known_locked(gem, vfile))
		return false;
	if (gem->maker.vfile)
		return true;
	vprime_write_access_link_locked(&gem->maker, gem, vfile);

	return false;
}

/**
 * vprime_write_access_open - &drm_gem_object_funcs.open
 * @obj: native buffer
 * @file: client that gets a handle
 *
 * By whatever way it came: a GEM name or a framebuffer gives no more than the
 * dma-buf.
 *
 * Context: process.
 *
 * Return: 0 or -ENOMEM.
 */
int vprime_write_access_open(struct drm_gem_object *obj, struct drm_file *file)
{
	struct vprime_gem *gem = to_vprime_gem(obj);
	struct vprime_file *vfile = file->driver_priv;
	struct vprime_write_access *access;

	if (!vprime_write_access_settle(gem, vfile))
		return 0;

	access = kzalloc_obj(*access, GFP_KERNEL_ACCOUNT);
	if (!access)
		return -ENOMEM;

	spin_lock(vprime_write_access_lock(gem));
	if (!gem->read_only && !vprime_write_access_known_locked(gem, vfile)) {
		vprime_write_access_link_locked(access, gem, vfile);
		access = NULL;
	}
	spin_unlock(vprime_write_access_lock(gem));
	kfree(access);

	return 0;
}

/**
 * vprime_write_access_freeze - let nobody else write a buffer from now on
 * @gem: buffer, about to be handed out read-only; it stays so
 */
void vprime_write_access_freeze(struct vprime_gem *gem)
{
	spin_lock(vprime_write_access_lock(gem));
	WRITE_ONCE(gem->read_only, true);
	spin_unlock(vprime_write_access_lock(gem));
}

/**
 * vprime_write_access_end_buffer - forget who may write a buffer
 * @gem: buffer that nobody has any more
 *
 * Context: process.
 */
void vprime_write_access_end_buffer(struct vprime_gem *gem)
{
	struct vprime_write_access *access, *first;

	do {
		access = NULL;
		spin_lock(vprime_write_access_lock(gem));
		first = rb_entry_safe(rb_first(&gem->writers), typeof(*first),
				      node);
		if (first)
			access = vprime_write_access_unlink_locked(first);
		spin_unlock(vprime_write_access_lock(gem));
		kfree(access);
		cond_resched();
	} while (first);
}

/**
 * vprime_write_access_end_file - forget what a file may write
 * @vdev: its device
 * @vfile: file without handles, mappings or calls
 *
 * Context: process.
 */
void vprime_write_access_end_file(struct vprime_device *vdev,
				  struct vprime_file *vfile)
{
	struct vprime_write_access *access, *first;

	do {
		access = NULL;
		spin_lock(&vdev->gem.access_lock);
		first = list_first_entry_or_null(&vfile->writable,
						 typeof(*first), link);
		if (first)
			access = vprime_write_access_unlink_locked(first);
		spin_unlock(&vdev->gem.access_lock);
		kfree(access);
		cond_resched();
	} while (first);
}

/**
 * vprime_write_access_has - ask whether a client may write a buffer
 * @obj: buffer, native or imported
 * @file: client that has, or had, a handle of it
 *
 * What it says of a client changes at most once, to false, and only where the client
 * had its first handle when the buffer was handed out read-only.
 *
 * Context: process.
 *
 * Return: false if it may only read.
 */
bool vprime_write_access_has(struct drm_gem_object *obj, struct drm_file *file)
{
	struct vprime_gem *gem = to_vprime_gem(obj);

	if (drm_gem_is_imported(obj))
		return obj->import_attach->dmabuf->file->f_mode & FMODE_WRITE;
	if (!READ_ONCE(gem->read_only))
		return true;

	guard(spinlock)(vprime_write_access_lock(gem));

	return vprime_write_access_known_locked(gem, file->driver_priv);
}

/**
 * vprime_write_access_check_mmap - keep those who may only read from writing
 * @obj: buffer, native or imported
 * @vma: mapping, shared; that of a dma-buf's file is right already
 *
 * Return: 0; -EACCES for a writable mapping of a client that may only read.
 */
int vprime_write_access_check_mmap(struct drm_gem_object *obj,
				   struct vm_area_struct *vma)
{
	if (vma->vm_file->f_op != obj->dev->driver->fops ||
	    vprime_write_access_has(obj, vma->vm_file->private_data))
		return 0;
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;

	/* mprotect() must not make it writable either. */
	vm_flags_clear(vma, VM_MAYWRITE);

	return 0;
}
