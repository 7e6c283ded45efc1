// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may only read a buffer. A dma-buf that was exported read-only stays so
 * when another client imports it: the handle it gets can't be mapped writable.
 * That client is on the buffer's list of readers, for as long as it has a handle.
 * The DRM core calls it when handles come and go, mmap and framebuffers ask.
 */

#include <linux/dma-buf.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_vma_manager.h>

#include "vprime_gem.h"
#include "vprime_reader.h"

/**
 * struct vprime_reader - a client that may only read a buffer
 * @link: on &vprime_gem.readers
 * @file: client; the entry goes with its last handle, so it holds no reference
 * @handles: how many handles of the buffer it has
 */
struct vprime_reader {
	struct list_head link;
	struct drm_file *file;
	unsigned int handles;
};

static struct vprime_reader *
vprime_reader_find_locked(struct vprime_gem *gem, const struct drm_file *file)
{
	struct vprime_reader *reader;

	lockdep_assert_held(&gem->reader_lock);

	list_for_each_entry(reader, &gem->readers, link)
		if (reader->file == file)
			return reader;

	return NULL;
}

/* DRM allows each handle to map before it tells the driver of it. */
static bool vprime_reader_is_first_handle(struct drm_gem_object *obj,
					  const struct drm_file *file)
{
	struct drm_vma_offset_node *node = &obj->vma_node;
	const struct drm_vma_offset_file *entry;
	struct rb_node *at;
	bool first = true;

	read_lock(&node->vm_lock);
	for (at = node->vm_files.rb_node; at;) {
		entry = rb_entry(at, struct drm_vma_offset_file, vm_rb);
		if (entry->vm_tag == file) {
			first = entry->vm_count == 1;
			break;
		}
		at = file > entry->vm_tag ? at->rb_right : at->rb_left;
	}
	read_unlock(&node->vm_lock);

	return first;
}

/**
 * vprime_reader_open - &drm_gem_object_funcs.open
 * @obj: native buffer
 * @file: client that gets a handle
 *
 * Whoever comes to a buffer while its dma-buf is read-only may only read it,
 * by whatever way it came: a GEM name gives no more than the dma-buf.
 *
 * Return: 0 or -ENOMEM.
 */
int vprime_reader_open(struct drm_gem_object *obj, struct drm_file *file)
{
	struct vprime_gem *gem = to_vprime_gem(obj);
	struct vprime_reader *reader, *known;

	if (!READ_ONCE(gem->read_only) && list_empty_careful(&gem->readers))
		return 0;

	reader = kzalloc_obj(*reader);
	if (!reader)
		return -ENOMEM;
	reader->file = file;
	reader->handles = 1;

	spin_lock(&gem->reader_lock);
	known = vprime_reader_find_locked(gem, file);
	if (known) {
		known->handles++;
	} else if (READ_ONCE(gem->read_only) &&
		   vprime_reader_is_first_handle(obj, file)) {
		list_add(&reader->link, &gem->readers);
		reader = NULL;
	}
	spin_unlock(&gem->reader_lock);
	kfree(reader);

	return 0;
}

/**
 * vprime_reader_close - &drm_gem_object_funcs.close
 * @obj: native buffer
 * @file: client that closes a handle
 */
void vprime_reader_close(struct drm_gem_object *obj, struct drm_file *file)
{
	struct vprime_gem *gem = to_vprime_gem(obj);
	struct vprime_reader *reader;

	if (list_empty_careful(&gem->readers))
		return;

	spin_lock(&gem->reader_lock);
	reader = vprime_reader_find_locked(gem, file);
	if (reader && !--reader->handles)
		list_del(&reader->link);
	else
		reader = NULL;
	spin_unlock(&gem->reader_lock);
	kfree(reader);
}

/**
 * vprime_reader_has - ask whether a client may only read a buffer
 * @obj: buffer, native or imported
 * @file: client that has a handle of it
 *
 * Return: true if it may not write.
 */
bool vprime_reader_has(struct drm_gem_object *obj, struct drm_file *file)
{
	struct vprime_gem *gem = to_vprime_gem(obj);
	bool found;

	if (drm_gem_is_imported(obj))
		return !(obj->import_attach->dmabuf->file->f_mode & FMODE_WRITE);
	if (list_empty_careful(&gem->readers))
		return false;

	spin_lock(&gem->reader_lock);
	found = vprime_reader_find_locked(gem, file);
	spin_unlock(&gem->reader_lock);

	return found;
}

/**
 * vprime_reader_check_mmap - keep those who may only read from writing
 * @obj: buffer, native or imported
 * @vma: mapping, shared; that of a dma-buf's file is right already
 *
 * Return: 0; -EACCES for a writable mapping of a client that may only read.
 */
int vprime_reader_check_mmap(struct drm_gem_object *obj,
			     struct vm_area_struct *vma)
{
	if (vma->vm_file->f_op != obj->dev->driver->fops ||
	    !vprime_reader_has(obj, vma->vm_file->private_data))
		return 0;
	if (vma->vm_flags & VM_WRITE)
		return -EACCES;

	/* mprotect() must not make it writable either. */
	vm_flags_clear(vma, VM_MAYWRITE);

	return 0;
}
