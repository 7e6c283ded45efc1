/* SPDX-License-Identifier: MIT */
#ifndef KMS_COMMIT_H
#define KMS_COMMIT_H

#include <stdint.h>

#include <xf86drmMode.h>

#include "kms_device.h"
#include "kms_fb.h"

/* All return 0 or a negative errno and say nothing. */

/* Commits without waiting and asks for an event at the flip. */
int kms_commit_flip(const struct kms_device *device, struct _drmModeAtomicReq *request,
		    uint32_t flags);

/* Waits for the event that kms_commit_flip() asked for. */
int kms_wait_flip(const struct kms_device *device, int timeout_ms);

/* Adds: the plane shows the whole of @fb at (@x, @y), unscaled. NULL: it is off. */
int kms_show(struct _drmModeAtomicReq *request, const struct kms_device *device,
	     const struct kms_object *plane, const struct kms_fb *fb, int32_t x, int32_t y);

/* Adds: this screen is on, in that mode. The blob is the caller's to destroy. */
int kms_enable(struct _drmModeAtomicReq *request, const struct kms_device *device,
	       const drmModeModeInfo *mode, uint32_t *mode_blob);

/*
 * Adds: the screen as it is after this commit goes to @fb. The commit stores a
 * fence into *@fence, for kms_wait_fence().
 */
int kms_read_back(struct _drmModeAtomicReq *request, const struct kms_device *device,
		  const struct kms_fb *fb, int32_t *fence);

/* Waits for the fence and closes it. */
int kms_wait_fence(int32_t fence, int timeout_ms);

#endif
