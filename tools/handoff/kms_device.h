/* SPDX-License-Identifier: MIT */
#ifndef KMS_DEVICE_H
#define KMS_DEVICE_H

#include <stdint.h>

#include <xf86drmMode.h>

#include "kms_object.h"

#define KMS_MAX_OVERLAYS 4

/**
 * struct kms_device - an open card with one screen
 * @fd: the open card
 * @crtc: the first CRTC
 * @connector: the first connected connector that shows something
 * @writeback: the connector that reads the screen back; id 0 when there is none
 * @primary: the plane below, from the CRTC's planes, like the two that follow
 * @cursor: the plane on top
 * @overlay: the planes between
 * @num_overlays: entries of @overlay
 * @num_modes: entries of @modes
 * @modes: the modes of @connector, the preferred one first where it says so
 */
struct kms_device {
	int fd;
	struct kms_object crtc;
	struct kms_object connector;
	struct kms_object writeback;
	struct kms_object primary;
	struct kms_object cursor;
	struct kms_object overlay[KMS_MAX_OVERLAYS];
	unsigned int num_overlays;
	unsigned int num_modes;
	drmModeModeInfo *modes;
};

/*
 * Opens the @index-th card node whose driver has that name; a negative errno when
 * there is none. Says nothing: not every caller needs one.
 */
int drm_open_card(const char *driver, unsigned int index);

/* Both take an open card over. They have said on stderr what went wrong. */
int kms_device_open(struct kms_device *device, const char *driver, unsigned int index);
void kms_device_close(struct kms_device *device);

/* The mode of that size; the preferred one for 0x0; NULL when there is none. */
const drmModeModeInfo *kms_find_mode(const struct kms_device *device,
				     uint32_t width, uint32_t height);

#endif
