/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_PLANE_COMMIT_H
#define VPRIME_PLANE_COMMIT_H

#include <linux/types.h>

struct dma_resv;
struct drm_atomic_commit;

void vprime_plane_begin(struct drm_atomic_commit *commit, unsigned long until);
void vprime_plane_begin_idle(struct drm_atomic_commit *commit,
			     unsigned long until);
int vprime_plane_publish(struct drm_atomic_commit *commit,
			 unsigned long until);
bool vprime_plane_shows(struct drm_atomic_commit *commit,
			const struct dma_resv *resv);
void vprime_plane_begin_access(struct drm_atomic_commit *commit,
			       unsigned long until);

#endif /* VPRIME_PLANE_COMMIT_H */
