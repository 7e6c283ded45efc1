/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_WRITE_ACCESS_H
#define VPRIME_WRITE_ACCESS_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/types.h>

struct drm_file;
struct drm_gem_object;
struct vm_area_struct;
struct vprime_device;
struct vprime_file;
struct vprime_gem;

/**
 * struct vprime_write_access - a file that may write a buffer
 * @node: in &vprime_gem.writers, by @vfile
 * @link: in &vprime_file.writable
 * @gem: buffer, whose end is this one's
 * @vfile: file, whose end is this one's too; NULL: it stands for nobody
 *
 * All of it is protected by &vprime_device.gem.access_lock.
 */
struct vprime_write_access {
	struct rb_node node;
	struct list_head link;
	struct vprime_gem *gem;
	struct vprime_file *vfile;
};

int vprime_write_access_open(struct drm_gem_object *obj, struct drm_file *file);
void vprime_write_access_freeze(struct vprime_gem *gem);
void vprime_write_access_end_buffer(struct vprime_gem *gem);
void vprime_write_access_end_file(struct vprime_device *vdev,
				  struct vprime_file *vfile);

bool vprime_write_access_has(struct drm_gem_object *obj, struct drm_file *file);
int vprime_write_access_check_mmap(struct drm_gem_object *obj,
				   struct vm_area_struct *vma);

#endif /* VPRIME_WRITE_ACCESS_H */
