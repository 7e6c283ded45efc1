// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many bytes the CPU read and wrote for a device's pictures, in debugfs. Who
 * touches pixels counts them where it does; this file only shows the sums, so that
 * "nothing was copied" can be measured.
 */

#include <linux/seq_file.h>

#include <drm/drm_debugfs.h>

#include "vprime_drv.h"
#include "vprime_traffic.h"

static int vprime_traffic_show(struct seq_file *seq, void *unused)
{
	struct drm_debugfs_entry *entry = seq->private;
	struct vprime_traffic *traffic = &to_vprime_device(entry->dev)->traffic;

	seq_printf(seq, "read\t%lld\n", atomic64_read(&traffic->read));
	seq_printf(seq, "written\t%lld\n", atomic64_read(&traffic->written));
	seq_printf(seq, "moved\t%lld\n", atomic64_read(&traffic->moved));

	return 0;
}

/**
 * vprime_traffic_debugfs_add - show a device's counters in debugfs
 * @vdev: device, not registered yet
 */
void vprime_traffic_debugfs_add(struct vprime_device *vdev)
{
	drm_debugfs_add_file(&vdev->drm, "copied", vprime_traffic_show, NULL);
}
