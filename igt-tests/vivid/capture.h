/* SPDX-License-Identifier: MIT */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "camera.h"
#include "lib/color_reading.h"
#include "lib/screen.h"

#define CAPTURE_WIDTH 320
#define CAPTURE_HEIGHT 180

/**
 * struct capture - vivid, set to pictures that don't change by themselves
 * @camera: the camera; it is closed when its fd is -1
 * @fbs: its buffers as framebuffers of the screen, made when first asked for
 */
struct capture {
	struct camera camera;
	struct kms_fb *fbs[CAMERA_MAX_BUFFERS];
};

/* All of them assert. Opens it anew; what a failed subtest left open is closed. */
void capture_open(struct capture *capture);
void capture_close(struct capture *capture);

/* Sets a menu control, both by name. */
void capture_choose(struct capture *capture, const char *control, const char *item);

/* Sets the format, allocates, starts. */
void capture_start(struct capture *capture, const struct pixel_format *format);

/* The index of the next frame's buffer. */
unsigned int capture_frame(struct capture *capture);

/*
 * The buffer on the screen's card. Its map is the camera's own, so it shows what
 * vivid wrote however the card came to it.
 */
struct kms_fb *capture_fb(struct screen *screen, struct capture *capture, unsigned int index);

/* How V4L2 says that the frames are to be read. */
const struct color_reading *capture_color(const struct capture *capture);

#endif
