/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_TRAFFIC_H
#define VPRIME_TRAFFIC_H

#include <linux/atomic.h>

struct vprime_device;

/**
 * struct vprime_traffic - bytes that a device's CPU work touched so far
 * @read: of buffers that planes show, by the composer
 * @written: of composed pictures, for consumers and writeback
 * @moved: of buffers that got other memory
 *
 * A picture that is handed out as it is shown adds nothing to any of them.
 */
struct vprime_traffic {
	atomic64_t read;
	atomic64_t written;
	atomic64_t moved;
};

void vprime_traffic_debugfs_add(struct vprime_device *vdev);

#endif /* VPRIME_TRAFFIC_H */
