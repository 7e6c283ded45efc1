/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_DRV_H
#define VPRIME_DRV_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

#include <drm/drm_connector.h>
#include <drm/drm_device.h>
#include <drm/drm_encoder.h>
#include <drm/drm_modes.h>
#include <drm/drm_writeback.h>

#include "vprime_fence.h"
#include "vprime_patience.h"
#include "vprime_traffic.h"

struct vprime_crtc;

/**
 * struct vprime_device - a virtual graphics device
 * @drm: base
 * @vcrtc: its one CRTC
 * @encoder: between @vcrtc and @connector
 * @connector: the screen's connector
 * @preferred: the mode that the screen's EDID prefers
 * @writeback_encoder: between @vcrtc and @writeback
 * @writeback: where the screen is read back
 * @writeback_jobs: how many jobs the DRM core has of it
 * @commit_wq: ordered: carries out the commits that do not block
 * @release_wq: frees what the composer let go; see vprime_source.c
 * @gem: its buffers
 * @fences: what became of the fences it made
 * @traffic: what the CPU read and wrote for its pictures
 * @patience: how often it went on without somebody
 * @master_file: whose opening or ioctl made the current master; @drm.master_mutex
 */
struct vprime_device {
	struct drm_device drm;
	struct vprime_crtc *vcrtc;
	struct drm_encoder encoder;
	struct drm_connector connector;
	struct drm_display_mode preferred;
	struct drm_encoder writeback_encoder;
	struct drm_writeback_connector writeback;
	atomic_t writeback_jobs;
	struct workqueue_struct *commit_wq;
	struct workqueue_struct *release_wq;
	struct {
		/** @gem.lock: protects the lists. Nothing is waited for under it. */
		struct mutex lock;
		/** @gem.objects: native buffers. */
		struct list_head objects;
		/** @gem.imports: imported buffers. */
		struct list_head imports;
		/** @gem.revoked: both, once the device is gone. */
		struct list_head revoked;
		/**
		 * @gem.access_lock: protects who may write which buffer, see
		 * vprime_write_access.c. Nothing is taken under it.
		 */
		spinlock_t access_lock;
	} gem;
	struct vprime_fence_counts fences[VPRIME_FENCE_KINDS];
	struct vprime_traffic traffic;
	struct vprime_patience_counts patience;
	struct drm_file *master_file;
};

#define to_vprime_device(dev) container_of(dev, struct vprime_device, drm)

#endif /* VPRIME_DRV_H */
