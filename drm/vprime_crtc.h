/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_CRTC_H
#define VPRIME_CRTC_H

#include <linux/mutex.h>
#include <linux/spinlock.h>

#include <drm/drm_crtc.h>

#include "vprime_feed.h"
#include "vprime_flip.h"
#include "vprime_frame.h"

struct drm_atomic_commit;
struct vprime_device;
struct vprime_pixel;

/**
 * struct vprime_crtc - a CRTC and the picture on its screen
 */
struct vprime_crtc {
	/** @base: base. */
	struct drm_crtc base;

	/**
	 * @scene_lock: held from a commit's first plane to the publication of
	 * its frame; protects @scene, @late, @width, @height and @colorimetry.
	 * Outside @lock.
	 */
	struct mutex scene_lock;

	/** @scene: what each plane shows now, by the planes' slots. */
	struct vprime_layer scene[VPRIME_MAX_LAYERS];

	/** @late: what planes are going to show, by slots, when it can be read. */
	struct vprime_layer late[VPRIME_MAX_LAYERS];

	/** @late_work: looks whether it can. */
	struct delayed_work late_work;

	/** @width: of the screen, pixels. */
	unsigned int width;

	/** @height: of the screen, lines. */
	unsigned int height;

	/** @colorimetry: what pixels mean now. */
	struct vprime_colorimetry colorimetry;

	/**
	 * @lock: protects @frame, @crc_on and &vprime_frame.crc; taken in the
	 * vblank timer.
	 */
	spinlock_t lock;

	/** @frame: the current picture, or NULL while the screen is off. */
	struct vprime_frame *frame;

	/**
	 * @crc_on: the CRC consumer wants every frame; it holds a vblank
	 * reference.
	 */
	bool crc_on;

	/** @feed: to the consumers of the screen. */
	struct vprime_feed feed;

	/**
	 * @compose_wq: ordered: frames are composed as they were committed.
	 * Fences are signalled there, so it never waits for memory to begin.
	 */
	struct workqueue_struct *compose_wq;

	/** @lines: the composer's buffers, used by @compose_wq only. */
	struct vprime_pixel *lines[2];
};

/**
 * struct vprime_crtc_state - state of a CRTC
 * @base: base
 * @frame: the commit's frame, allocated when it is checked; NULL once it is
 *	published
 * @flip: the commit's scan-out fence, made when it is checked; NULL once it is
 *	taken
 */
struct vprime_crtc_state {
	struct drm_crtc_state base;
	struct vprime_frame *frame;
	struct vprime_flip *flip;
};

#define to_vprime_crtc(crtc) container_of(crtc, struct vprime_crtc, base)
#define to_vprime_crtc_state(state) \
	container_of(state, struct vprime_crtc_state, base)

int vprime_crtc_create(struct vprime_device *vdev, struct drm_plane *primary,
		       struct drm_plane *cursor);

struct vprime_flip *vprime_crtc_take_flip(struct drm_atomic_commit *commit);

void vprime_crtc_queue_locked(struct vprime_crtc *vcrtc,
			      struct vprime_frame *frame);
void vprime_crtc_compose_work(struct work_struct *work);

#endif /* VPRIME_CRTC_H */
