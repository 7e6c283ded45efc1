/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_COMMIT_H
#define VPRIME_COMMIT_H

#include <linux/types.h>

struct drm_atomic_commit;
struct drm_device;

int vprime_commit(struct drm_device *dev, struct drm_atomic_commit *commit,
		  bool nonblock);

#endif /* VPRIME_COMMIT_H */
