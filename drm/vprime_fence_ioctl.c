// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fences that a client attaches to a buffer and signals later, with numbers and
 * structures that begin with vgem's. DRM calls the ioctls. A fence is the
 * file's until the client signals it, expired or not, or closes the file.
 */

#include <linux/err.h>

#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/vprime_drm.h>

#include "vprime_drv.h"
#include "vprime_fence.h"
#include "vprime_fence_ioctl.h"
#include "vprime_file.h"

/*
 * The file's table takes the maker's reference, before the fence can do anything: what
 * comes later can't fail for it. Who guesses the number may signal it from here on.
 */
static int vprime_fence_store(struct vprime_file *vfile,
			      struct vprime_fence *fence, u32 *number)
{
	int ret;

	ret = vprime_file_count_fence(vfile);
	if (ret)
		return ret;

	ret = xa_alloc_cyclic(&vfile->fences, number, fence, xa_limit_31b,
			      &vfile->next_fence, GFP_KERNEL);
	if (ret < 0) {
		vprime_file_uncount_fence(vfile);
		return ret;
	}

	return 0;
}

/* Unless somebody was faster. The caller has a reference of its own. */
static void vprime_fence_drop(struct vprime_file *vfile,
			      struct vprime_fence *fence, u32 number)
{
	if (xa_cmpxchg(&vfile->fences, number, fence, NULL, 0) != fence)
		return;
	vprime_fence_end(fence, -ECANCELED);
	vprime_file_uncount_fence(vfile);
}

static int vprime_fence_attach(struct vprime_device *vdev,
			       struct vprime_file *vfile,
			       struct drm_gem_object *obj,
			       struct drm_vprime_fence_attach *args)
{
	struct vprime_fence *fence;
	u32 number;
	int ret;

	fence = vprime_fence_create(vdev, VPRIME_FENCE_SOFTWARE,
				    dma_fence_context_alloc(1), 1);
	if (!fence)
		return -ENOMEM;

	dma_fence_get(&fence->base);
	ret = vprime_fence_store(vfile, fence, &number);
	if (ret) {
		vprime_fence_end(fence, -ECANCELED);
		goto out_put;
	}

	ret = vprime_fence_add_free(obj, &fence->base,
				    args->flags & VPRIME_FENCE_WRITE);
	if (ret) {
		vprime_fence_drop(vfile, fence, number);
		goto out_put;
	}
	vprime_fence_arm(fence, args->timeout_ms ?: VPRIME_FENCE_TIMEOUT_MS);
	args->out_fence = number;

out_put:
	dma_fence_put(&fence->base);
	return ret;
}

/**
 * vprime_fence_attach_ioctl - DRM_IOCTL_VPRIME_FENCE_ATTACH
 * @dev: device
 * @data: &struct drm_vprime_fence_attach
 * @file: file; the fence is its
 *
 * Return: 0; -EINVAL for unknown flags, pads that are not 0, a timeout that is
 * too long; -ENOENT for a handle that is none; -EBUSY if a fence stands against
 * it; -ENOSPC if the file has VPRIME_MAX_FENCES; -ENOMEM, -EINTR.
 */
int vprime_fence_attach_ioctl(struct drm_device *dev, void *data,
			      struct drm_file *file)
{
	struct drm_vprime_fence_attach *args = data;
	struct drm_gem_object *obj;
	int ret;

	if (args->flags & ~VPRIME_FENCE_WRITE || args->pad || args->pad2 ||
	    args->timeout_ms > VPRIME_FENCE_TIMEOUT_MS)
		return -EINVAL;

	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	ret = vprime_fence_attach(to_vprime_device(dev), file->driver_priv,
				  obj, args);
	drm_gem_object_put(obj);

	return ret;
}

/**
 * vprime_fence_signal_ioctl - DRM_IOCTL_VPRIME_FENCE_SIGNAL
 * @dev: device
 * @data: &struct drm_vprime_fence_signal
 * @file: file
 *
 * Return: 0; -ETIMEDOUT if it had expired, it is forgotten all the same;
 * -ENOENT if the file has no such fence; -EINVAL for flags, a pad that is not
 * 0, or an error that is none.
 */
int vprime_fence_signal_ioctl(struct drm_device *dev, void *data,
			      struct drm_file *file)
{
	struct drm_vprime_fence_signal *args = data;
	struct vprime_file *vfile = file->driver_priv;
	struct vprime_fence *fence;

	if (args->flags || args->pad || args->error > MAX_ERRNO)
		return -EINVAL;

	fence = xa_erase(&vfile->fences, args->fence);
	if (!fence)
		return -ENOENT;
	vprime_file_uncount_fence(vfile);

	return vprime_fence_end(fence, -(int)args->error) ? 0 : -ETIMEDOUT;
}

/**
 * vprime_fence_close - end all fences that a file attached
 * @vfile: file; no ioctl is under way
 */
void vprime_fence_close(struct vprime_file *vfile)
{
	struct vprime_fence *fence;
	unsigned long number;

	xa_for_each(&vfile->fences, number, fence) {
		vprime_fence_end(fence, -ECANCELED);
		cond_resched();
	}
}
