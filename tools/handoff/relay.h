/* SPDX-License-Identifier: MIT */
#ifndef RELAY_H
#define RELAY_H

#include <stdint.h>

#include "backdrop.h"
#include "camera.h"
#include "kms_device.h"
#include "kms_fb.h"
#include "report.h"

/**
 * struct relay_options - what the user may choose
 * @driver: of the screen
 * @camera: driver of the camera
 * @format: of the camera's frames
 * @width: of the camera's frames
 * @height: of the camera's frames
 * @mode_width: of the screen, 0 for the preferred mode
 * @mode_height: of the screen
 * @frames: how many to show
 * @rate: frames per second, 0 to leave it to the camera
 * @read_back_every: read the screen back at every that many-th frame, and the last
 */
struct relay_options {
	const char *driver;
	const char *camera;
	const struct pixel_format *format;
	uint32_t width, height;
	uint32_t mode_width, mode_height;
	unsigned int frames;
	unsigned int rate;
	unsigned int read_back_every;
};

/**
 * struct relay - the road from the camera to the screen and back
 * @options: what the user chose
 * @screen: the card that shows
 * @mode: how it shows
 * @mode_blob: the same as a KMS blob
 * @camera: where frames come from
 * @backdrop: what lies below them
 * @window: where they are on the screen
 * @backdrop_fb: the backdrop, imported
 * @camera_fb: the camera's buffers, imported at their first frame
 * @picture: the screen, read back
 * @on_screen: index of the camera's buffer that is shown, -1 for none
 * @report: what is told of it
 */
struct relay {
	struct relay_options options;
	struct kms_device screen;
	const drmModeModeInfo *mode;
	uint32_t mode_blob;
	struct camera camera;
	struct backdrop backdrop;
	struct rectangle window;
	struct kms_fb backdrop_fb;
	struct kms_fb camera_fb[CAMERA_MAX_BUFFERS];
	struct kms_fb picture;
	int on_screen;
	struct report report;
};

/*
 * Return 0 or a negative errno, and have said on stderr what went wrong.
 * relay_close() is to be called after either result.
 */
int relay_open(struct relay *relay, const struct relay_options *options);
int relay_run(struct relay *relay);
void relay_close(struct relay *relay);

#endif
