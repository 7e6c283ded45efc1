/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_SIGHT_H
#define VPRIME_SIGHT_H

#include <linux/types.h>

struct drm_device;
struct drm_file;
struct work_struct;

void vprime_sight_work(struct work_struct *work);
void vprime_sight_master_set(struct drm_device *dev, struct drm_file *file,
			     bool from_open);
void vprime_sight_master_drop(struct drm_device *dev, struct drm_file *file);
void vprime_sight_master_closed(struct drm_device *dev, struct drm_file *file);

#endif /* VPRIME_SIGHT_H */
