/* SPDX-License-Identifier: MIT */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdint.h>

#include "kms_commit.h"
#include "kms_device.h"
#include "kms_fb.h"

#define SCREEN_MAX_FBS 64

/* Until what waits is taken for hung; a fence of vgem's dies after 10 s. */
#define SCREEN_PATIENCE_MS 20000

/**
 * struct screen - a vprime card under test
 * @kms: the card and its objects
 * @mode: the mode it is in
 * @mode_blob: the same as a KMS blob
 * @fbs: framebuffers of the running subtest
 * @num_fbs: entries of @fbs
 */
struct screen {
	struct kms_device kms;
	const drmModeModeInfo *mode;
	uint32_t mode_blob;
	struct kms_fb fbs[SCREEN_MAX_FBS];
	unsigned int num_fbs;
};

/* The @index-th card of vprime, 640x480; skips when there is none. */
void screen_open(struct screen *screen, unsigned int index);

/* The same with the card of any driver, which may have fewer planes. */
void screen_open_driver(struct screen *screen, const char *driver, unsigned int index);
void screen_close(struct screen *screen);

/*
 * To be called first in each subtest: frees the framebuffers that the last one
 * left behind, however it ended, and with them what was on the screen.
 */
void screen_reset(struct screen *screen);

/* Takes effect with the next commit. */
void screen_set_mode(struct screen *screen, uint32_t width, uint32_t height);

/* The same with one of the caller's making, who keeps it. */
void screen_use_mode(struct screen *screen, const drmModeModeInfo *mode);

/* A mapped dumb framebuffer, freed by the next screen_reset(). */
struct kms_fb *screen_fb(struct screen *screen, const char *format, uint32_t width,
			 uint32_t height);

/* A framebuffer for the picture of the whole screen. */
struct kms_fb *screen_picture_fb(struct screen *screen, const char *format);

/* The place for one that the test makes itself. */
struct kms_fb *screen_fb_slot(struct screen *screen);

#endif
