/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_WRITEBACK_H
#define VPRIME_WRITEBACK_H

#include <linux/types.h>

struct drm_atomic_commit;
struct vprime_device;
struct vprime_sink;
struct vprime_writeback_job;

int vprime_writeback_create(struct vprime_device *vdev);

bool vprime_writeback_start(const struct vprime_writeback_job *job);
struct vprime_sink *vprime_writeback_sink(struct vprime_writeback_job *job);
void vprime_writeback_wait_jobs(struct vprime_device *vdev);
int vprime_writeback_publish(struct drm_atomic_commit *commit, bool nonblock,
			     unsigned long until);
void vprime_writeback_begin_access(struct drm_atomic_commit *commit,
				   unsigned long until);
void vprime_writeback_finish(struct vprime_writeback_job *job);

#endif /* VPRIME_WRITEBACK_H */
