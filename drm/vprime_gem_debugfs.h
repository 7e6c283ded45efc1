/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_GEM_DEBUGFS_H
#define VPRIME_GEM_DEBUGFS_H

struct drm_minor;

void vprime_gem_debugfs_init(struct drm_minor *minor);

#endif /* VPRIME_GEM_DEBUGFS_H */
