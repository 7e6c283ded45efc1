// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module: the driver of the virtual devices, which registers them with DRM.
 * They are platform devices, because the driver of these can be unbound, and
 * libdrm has long known their bus. Read this first; vprime_kms.c has the display,
 * vprime_import.c the buffers that come in, Documentation/dataflow.rst the two
 * roads between them.
 */

#include <linux/module.h>
#include <linux/platform_device.h>

#include <drm/clients/drm_client_setup.h>
#include <drm/drm_drv.h>
#include <drm/drm_fbdev_shmem.h>
#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_ioctl.h>
#include <drm/drm_managed.h>
#include <drm/drm_print.h>
#include <drm/vprime_drm.h>

#include "vprime_consumer.h"
#include "vprime_drv.h"
#include "vprime_edid.h"
#include "vprime_fence.h"
#include "vprime_fence_ioctl.h"
#include "vprime_file.h"
#include "vprime_gem.h"
#include "vprime_gem_debugfs.h"
#include "vprime_gem_ioctl.h"
#include "vprime_import.h"
#include "vprime_kms.h"
#include "vprime_mode.h"
#include "vprime_move.h"
#include "vprime_sight.h"
#include "vprime_slot.h"
#include "vprime_source.h"
#include "vprime_timeline.h"

static unsigned int devices = 1;
module_param(devices, uint, 0444);
MODULE_PARM_DESC(devices, "Number of virtual devices, 1 to 16 (default 1)");

static char *mode = "1920x1080";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(mode, "Preferred mode, WIDTHxHEIGHT[@HZ] (default 1920x1080)");

static const struct file_operations vprime_fops = {
	.owner = THIS_MODULE,
	DRM_GEM_FOPS,
	.show_fdinfo = drm_show_fdinfo,
};

static const struct drm_ioctl_desc vprime_ioctls[] = {
	DRM_IOCTL_DEF_DRV(VPRIME_FENCE_ATTACH, vprime_fence_attach_ioctl,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(VPRIME_FENCE_SIGNAL, vprime_fence_signal_ioctl,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(VPRIME_TIMELINE_CREATE, vprime_timeline_create_ioctl,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(VPRIME_TIMELINE_DESTROY,
			  vprime_timeline_destroy_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(VPRIME_TIMELINE_FENCE, vprime_timeline_fence_ioctl,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(VPRIME_TIMELINE_SIGNAL, vprime_timeline_signal_ioctl,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(VPRIME_GEM_CREATE, vprime_gem_create_ioctl,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(VPRIME_GEM_INFO, vprime_gem_info_ioctl,
			  DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(VPRIME_CONSUMER_OPEN, vprime_consumer_open_ioctl, 0),
};

static const struct drm_driver vprime_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER | DRIVER_MODESET |
			   DRIVER_ATOMIC | DRIVER_SYNCOBJ |
			   DRIVER_SYNCOBJ_TIMELINE,
	.fops = &vprime_fops,
	.open = vprime_file_open,
	.postclose = vprime_file_postclose,
	.master_set = vprime_sight_master_set,
	.master_drop = vprime_sight_master_drop,
	.ioctls = vprime_ioctls,
	.num_ioctls = ARRAY_SIZE(vprime_ioctls),
	.dumb_create = vprime_gem_dumb_create,
	.dumb_map_offset = vprime_gem_map_offset,
	.gem_prime_import = vprime_import,
	.show_fdinfo = drm_show_memory_stats,
	.debugfs_init = vprime_gem_debugfs_init,
	DRM_FBDEV_SHMEM_DRIVER_OPS,

	.name = "vprime",
	.desc = "Virtual display that shares buffers",
	.major = 1,
	.minor = 0,
};

/* The mode parameter as numbers: pixels, lines, hertz. */
static struct {
	unsigned int width, height, refresh;
} vprime_mode = { .refresh = 60 };

static int __init vprime_parse_mode(void)
{
	int end = 0, fields;

	/* A number that is longer leaves a rest. */
	fields = sscanf(mode, "%4ux%4u%n@%3u%n", &vprime_mode.width,
			&vprime_mode.height, &end, &vprime_mode.refresh, &end);
	if (fields < 2 || mode[end] ||
	    vprime_mode.width < 64 || vprime_mode.width >= VPRIME_MAX_WIDTH ||
	    vprime_mode.height < 64 || vprime_mode.height >= VPRIME_MAX_HEIGHT ||
	    vprime_mode.refresh < 24 || vprime_mode.refresh > 240) {
		pr_err("vprime: mode=%s is no WIDTHxHEIGHT[@HZ]\n", mode);
		return -EINVAL;
	}

	return 0;
}

/* CVT knows multiples of eight pixels only; 1366x768 is to be had all the same. */
static int vprime_set_preferred(struct vprime_device *vdev)
{
	struct drm_display_mode *preferred = &vdev->preferred;
	struct drm_display_mode *cvt;
	unsigned int rest;

	cvt = drm_cvt_mode(&vdev->drm, vprime_mode.width, vprime_mode.height,
			   vprime_mode.refresh, true, false, false);
	if (!cvt)
		return -ENOMEM;
	drm_mode_copy(preferred, cvt);
	drm_mode_destroy(&vdev->drm, cvt);

	rest = vprime_mode.width - preferred->hdisplay;
	preferred->hdisplay += rest;
	preferred->hsync_start += rest;
	preferred->hsync_end += rest;
	preferred->htotal += rest;

	if (preferred->clock > VPRIME_EDID_MAX_CLOCK) {
		drm_err(&vdev->drm, "mode=%s does not fit in an EDID\n", mode);
		return -EINVAL;
	}

	return 0;
}

static int vprime_gem_init(struct vprime_device *vdev)
{
	INIT_LIST_HEAD(&vdev->gem.objects);
	INIT_LIST_HEAD(&vdev->gem.imports);
	INIT_LIST_HEAD(&vdev->gem.revoked);
	spin_lock_init(&vdev->gem.access_lock);

	/* Without huge pages buffers are slower, no more. */
	drm_gem_huge_mnt_create(&vdev->drm, "within_size");

	return drmm_mutex_init(&vdev->drm, &vdev->gem.lock);
}

static int vprime_register(struct platform_device *pdev)
{
	struct vprime_device *vdev;
	int ret;

	vdev = devm_drm_dev_alloc(&pdev->dev, &vprime_driver,
				  struct vprime_device, drm);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	platform_set_drvdata(pdev, vdev);

	ret = vprime_gem_init(vdev);
	if (ret)
		return ret;

	ret = vprime_set_preferred(vdev);
	if (ret)
		return ret;

	ret = vprime_kms_init(vdev);
	if (ret)
		return ret;

	vprime_fence_debugfs_add(vdev);
	vprime_traffic_debugfs_add(vdev);
	vprime_patience_debugfs_add(vdev);

	ret = drm_dev_register(&vdev->drm, 0);
	if (ret)
		return ret;

	drm_client_setup(&vdev->drm, NULL);

	return 0;
}

static int vprime_probe(struct platform_device *pdev)
{
	int ret;

	ret = vprime_slot_bind(&pdev->dev);
	if (ret)
		return ret;

	ret = vprime_register(pdev);
	if (ret)
		vprime_slot_unbind(&pdev->dev);

	return ret;
}

static void vprime_remove(struct platform_device *pdev)
{
	struct vprime_device *vdev = platform_get_drvdata(pdev);

	vprime_kms_blank_console(vdev);
	drm_dev_unplug(&vdev->drm);
	vprime_move_revoke_all(vdev);
	vprime_import_unmap_all(vdev);
	vprime_kms_shutdown(vdev);
	vprime_slot_unbind(&pdev->dev);
}

static struct platform_driver vprime_platform_driver = {
	.probe = vprime_probe,
	.remove = vprime_remove,
	.driver = {
		.name = "vprime",
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
};

static int __init vprime_init(void)
{
	int ret;

	if (devices < 1 || devices > VPRIME_MAX_SLOTS) {
		pr_err("vprime: devices=%u is not 1 to %u\n", devices,
		       VPRIME_MAX_SLOTS);
		return -EINVAL;
	}
	ret = vprime_parse_mode();
	if (ret)
		return ret;

	ret = vprime_source_init();
	if (ret)
		return ret;

	ret = platform_driver_register(&vprime_platform_driver);
	if (ret)
		goto err_source;

	ret = vprime_slot_init(devices);
	if (ret)
		goto err_driver;

	return 0;

err_driver:
	platform_driver_unregister(&vprime_platform_driver);
err_source:
	vprime_source_exit();
	return ret;
}

static void __exit vprime_exit(void)
{
	vprime_slot_exit();
	platform_driver_unregister(&vprime_platform_driver);
	vprime_source_exit();
	/* Somebody may be in an operation of a fence that was just signalled. */
	synchronize_rcu();
}

module_init(vprime_init);
module_exit(vprime_exit);

MODULE_DESCRIPTION("Virtual display that shares buffers");
MODULE_AUTHOR("The vprime authors");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("DMA_BUF");
