// SPDX-License-Identifier: MIT
/*
 * vgem's two ioctls. It gives every fence a context of its own and signals it
 * by itself after 10 s.
 */
#include "vgem_fence.h"

#include <drm/vgem_drm.h>
#include <xf86drm.h>

#include "igt_api.h"

uint32_t vgem_fence_attach(int card, uint32_t handle, bool write)
{
	struct drm_vgem_fence_attach attach = {
		.handle = handle,
		.flags = write ? VGEM_FENCE_WRITE : 0,
	};

	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VGEM_FENCE_ATTACH, &attach), 0);
	return attach.out_fence;
}

int __vgem_fence_signal(int card, uint32_t fence)
{
	struct drm_vgem_fence_signal signal = { .fence = fence };

	return drmIoctl(card, DRM_IOCTL_VGEM_FENCE_SIGNAL, &signal);
}

void vgem_fence_signal(int card, uint32_t fence)
{
	igt_assert_errno(__vgem_fence_signal(card, fence), 0);
}
