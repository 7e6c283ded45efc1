// SPDX-License-Identifier: GPL-2.0-only
/*
 * An open file of a device: what it has besides GEM handles, and the end of
 * that when it is closed. DRM calls it.
 */

#include <linux/slab.h>

#include <drm/drm_file.h>

#include "vprime_drv.h"
#include "vprime_fence_ioctl.h"
#include "vprime_file.h"
#include "vprime_sight.h"
#include "vprime_timeline.h"
#include "vprime_write_access.h"

/**
 * vprime_file_open - &drm_driver.open
 * @dev: device
 * @file: file; gets its &struct vprime_file
 *
 * Return: 0 or -ENOMEM.
 */
int vprime_file_open(struct drm_device *dev, struct drm_file *file)
{
	struct vprime_file *vfile = kzalloc_obj(*vfile, GFP_KERNEL_ACCOUNT);

	if (!vfile)
		return -ENOMEM;

	xa_init_flags(&vfile->fences, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	xa_init_flags(&vfile->timelines, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	INIT_LIST_HEAD(&vfile->writable);
	file->driver_priv = vfile;

	return 0;
}

/**
 * vprime_file_postclose - &drm_driver.postclose
 * @dev: device
 * @file: file
 *
 * Fences that were not signalled are signalled with -ECANCELED.
 */
void vprime_file_postclose(struct drm_device *dev, struct drm_file *file)
{
	struct vprime_file *vfile = file->driver_priv;

	vprime_sight_master_closed(dev, file);
	vprime_fence_close(vfile);
	vprime_timeline_close(vfile);
	vprime_write_access_end_file(to_vprime_device(dev), vfile);
	xa_destroy(&vfile->fences);
	xa_destroy(&vfile->timelines);
	kfree(vfile);
}

/**
 * vprime_file_count_fence - ask whether a file may have one more fence
 * @vfile: file
 *
 * Return: 0; vprime_file_uncount_fence() has to follow. -ENOSPC.
 */
int vprime_file_count_fence(struct vprime_file *vfile)
{
	if (!atomic_add_unless(&vfile->n_fences, 1, VPRIME_MAX_FENCES))
		return -ENOSPC;

	return 0;
}

/**
 * vprime_file_uncount_fence - one fence less
 * @vfile: file
 */
void vprime_file_uncount_fence(struct vprime_file *vfile)
{
	atomic_dec(&vfile->n_fences);
}
