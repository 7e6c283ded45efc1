/* SPDX-License-Identifier: MIT */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "colorimetry.h"
#include "samples.h"

#define REPORT_MAX_BUFFERS 16

/* The steps that are timed, in the order of the table. */
enum step {
	STEP_DEQUEUE,
	STEP_IMPORT,
	STEP_FLIP,
	STEP_READ_BACK,
	STEP_COUNT,
};

/**
 * struct shared_buffer - one buffer, as its two sides see it
 * @exporter: the driver whose memory it is
 * @index: its number there
 * @exporter_inode: inode of the dma-buf that the exporter gave
 * @importer_inode: inode of the dma-buf that the importer gives for its handle
 */
struct shared_buffer {
	const char *exporter;
	unsigned int index;
	ino_t exporter_inode;
	ino_t importer_inode;
};

/**
 * struct report - all that is told about one run
 * @importer: the driver that shows the buffers
 * @camera_format: name of the camera's pixel format
 * @camera_width: of one frame, in pixels
 * @camera_height: of one frame, in pixels
 * @color: how Y'CbCr is read; all NULL for RGB
 * @backdrop_format: name of the pixel format below it
 * @screen_width: in pixels
 * @screen_height: in pixels
 * @handed_over: frames that were on the screen
 * @dropped: frames that the camera lost meanwhile
 * @buffers: the shared buffers
 * @num_buffers: entries of @buffers
 * @steps: times, by enum step
 */
struct report {
	const char *importer;
	const char *camera_format;
	uint32_t camera_width, camera_height;
	struct colorimetry color;
	const char *backdrop_format;
	uint32_t screen_width, screen_height;
	unsigned int handed_over;
	unsigned int dropped;
	struct shared_buffer buffers[REPORT_MAX_BUFFERS];
	unsigned int num_buffers;
	struct samples steps[STEP_COUNT];
};

void report_init(struct report *report);

/* Every buffer has one inode, whichever side is asked. */
bool report_is_shared(const struct report *report);

/* Both may be called once all samples are in. */
void report_print(struct report *report);
int report_write_json(struct report *report, const char *path);

#endif
