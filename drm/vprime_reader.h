/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_READER_H
#define VPRIME_READER_H

#include <linux/types.h>

struct drm_file;
struct drm_gem_object;
struct vm_area_struct;

int vprime_reader_open(struct drm_gem_object *obj, struct drm_file *file);
void vprime_reader_close(struct drm_gem_object *obj, struct drm_file *file);
bool vprime_reader_has(struct drm_gem_object *obj, struct drm_file *file);
int vprime_reader_check_mmap(struct drm_gem_object *obj,
			     struct vm_area_struct *vma);

#endif /* VPRIME_READER_H */
