// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device's display pipeline: what it is made of. The driver calls it when a
 * device comes and goes; vprime_commit.c carries commits out.
 */

#include <linux/workqueue.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_drv.h>
#include <drm/drm_fb_helper.h>
#include <drm/drm_managed.h>
#include <drm/drm_mode_config.h>
#include <drm/drm_modeset_lock.h>
#include <drm/drm_print.h>
#include <drm/drm_probe_helper.h>
#include <drm/drm_vblank.h>

#include "vprime_commit.h"
#include "vprime_connector.h"
#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_fb.h"
#include "vprime_feed.h"
#include "vprime_kms.h"
#include "vprime_plane.h"
#include "vprime_scene.h"
#include "vprime_writeback.h"

#define MAX_FRAMEBUFFER 8192
#define CURSOR_SIZE 512

static const struct drm_mode_config_funcs vprime_mode_config_funcs = {
	.fb_create = vprime_fb_create,
	.atomic_check = drm_atomic_helper_check,
	.atomic_commit = vprime_commit,
};

/* The order of the slots is that of the stack, until zpos changes it. */
static const enum drm_plane_type vprime_plane_types[VPRIME_MAX_LAYERS] = {
	DRM_PLANE_TYPE_PRIMARY,
	DRM_PLANE_TYPE_OVERLAY,
	DRM_PLANE_TYPE_OVERLAY,
	DRM_PLANE_TYPE_CURSOR,
};

static int vprime_kms_create_objects(struct vprime_device *vdev)
{
	struct drm_plane *planes[VPRIME_MAX_LAYERS];
	unsigned int i;
	int ret;

	for (i = 0; i < VPRIME_MAX_LAYERS; i++) {
		planes[i] = vprime_plane_create(vdev, vprime_plane_types[i], i);
		if (IS_ERR(planes[i]))
			return PTR_ERR(planes[i]);
	}

	ret = vprime_crtc_create(vdev, planes[0],
				 planes[VPRIME_MAX_LAYERS - 1]);
	if (ret)
		return ret;

	ret = vprime_connector_create(vdev);
	if (ret)
		return ret;

	return vprime_writeback_create(vdev);
}

/* drm_mode_config_reset() has no way to say that there was no memory. */
static int vprime_kms_reset(struct drm_device *dev)
{
	struct drm_connector_list_iter iter;
	struct drm_connector *connector;
	struct drm_plane *plane;
	struct drm_crtc *crtc;
	bool whole = true;

	drm_mode_config_reset(dev);

	drm_for_each_plane(plane, dev)
		whole &= !!plane->state;
	drm_for_each_crtc(crtc, dev)
		whole &= !!crtc->state;
	drm_connector_list_iter_begin(dev, &iter);
	drm_for_each_connector_iter(connector, &iter)
		whole &= !!connector->state;
	drm_connector_list_iter_end(&iter);

	return whole ? 0 : -ENOMEM;
}

/**
 * vprime_kms_init - make a device's planes, CRTC and connectors
 * @vdev: device, not registered yet; what is made lives as long as it
 *
 * Return: 0 or a negative error code.
 */
int vprime_kms_init(struct vprime_device *vdev)
{
	struct drm_device *dev = &vdev->drm;
	int ret;

	ret = drmm_mode_config_init(dev);
	if (ret)
		return ret;

	dev->mode_config.min_width = 1;
	dev->mode_config.min_height = 1;
	dev->mode_config.max_width = MAX_FRAMEBUFFER;
	dev->mode_config.max_height = MAX_FRAMEBUFFER;
	dev->mode_config.cursor_width = CURSOR_SIZE;
	dev->mode_config.cursor_height = CURSOR_SIZE;
	dev->mode_config.funcs = &vprime_mode_config_funcs;

	vdev->commit_wq = drmm_alloc_ordered_workqueue(dev, "vprime_commit",
						       WQ_MEM_RECLAIM);
	if (IS_ERR(vdev->commit_wq))
		return PTR_ERR(vdev->commit_wq);

	vdev->release_wq = drmm_alloc_ordered_workqueue(dev, "vprime_release",
							0);
	if (IS_ERR(vdev->release_wq))
		return PTR_ERR(vdev->release_wq);

	ret = vprime_kms_create_objects(vdev);
	if (ret)
		return ret;

	ret = drm_vblank_init(dev, 1);
	if (ret)
		return ret;

	ret = vprime_kms_reset(dev);
	if (ret)
		return ret;

	/* Polls nothing; it tells programs what was written to sysfs status. */
	drmm_kms_helper_poll_init(dev);

	return 0;
}

/*
 * Whoever has shown something as master was master before it had these locks. So a master
 * who is not seen here has shown nothing, and nothing of its is taken away.
 */
static int vprime_kms_disable_unmastered(struct drm_device *dev)
{
	struct drm_modeset_acquire_ctx ctx;
	int ret;

	DRM_MODESET_LOCK_ALL_BEGIN(dev, ctx, 0, ret);
	if (!READ_ONCE(dev->master))
		ret = drm_atomic_helper_disable_all(dev, &ctx);
	DRM_MODESET_LOCK_ALL_END(dev, ctx, ret);

	return ret;
}

/**
 * vprime_kms_blank_console - switch a screen off that shows the text console
 * @vdev: device, about to be unplugged
 *
 * DRM's worker for who draws into the console by mmap waits for a vblank, which does
 * not come when the screen goes off meanwhile; it waits with the lock that is held
 * here, and for no screen that is off. When a program is master, it does not wait.
 */
void vprime_kms_blank_console(struct vprime_device *vdev)
{
	struct drm_device *dev = &vdev->drm;
	int ret;

	/* A client that is on the list has its helper. */
	guard(mutex)(&dev->clientlist_mutex);
	if (!dev->fb_helper)
		return;

	mutex_lock(&dev->fb_helper->lock);
	ret = vprime_kms_disable_unmastered(dev);
	mutex_unlock(&dev->fb_helper->lock);
	if (ret)
		drm_dbg_kms(dev, "the console stays on: %pe\n", ERR_PTR(ret));
}

/**
 * vprime_kms_shutdown - switch a device's screen off and let all buffers go
 * @vdev: device, unplugged
 *
 * Commits that do not block are waited for here, and none is queued any more, see
 * vprime_commit(). Those that block are in an ioctl, whose open file keeps module
 * and device.
 *
 * The DRM core frees writeback jobs in a worker of its own. This waits until none
 * is left: after it the module's code is not needed by anybody who has neither got a
 * file open nor asks an exporter for CPU access, and both keep the module.
 */
void vprime_kms_shutdown(struct vprime_device *vdev)
{
	vprime_feed_stop(vdev);
	drm_atomic_helper_shutdown(&vdev->drm);
	vprime_scene_stop(vdev->vcrtc);
	/* Commits first: each queues the end of its flip as its last deed. */
	flush_workqueue(vdev->commit_wq);
	flush_workqueue(vdev->vcrtc->compose_wq);
	flush_workqueue(vdev->release_wq);

	vprime_writeback_wait_jobs(vdev);
	flush_workqueue(vdev->release_wq);
}
