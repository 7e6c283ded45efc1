/* SPDX-License-Identifier: MIT */
#ifndef STAGE_H
#define STAGE_H

#include "kms_device.h"
#include "kms_fb.h"

/**
 * struct stage - a screen that shows two buffers in turn
 * @kms: the card, of which this is master
 * @fb: the buffers
 * @shown: which of them is on the screen
 */
struct stage {
	struct kms_device kms;
	struct kms_fb fb[2];
	unsigned int shown;
};

/* All end the program when something fails. */
void stage_open(struct stage *stage, const char *driver);
void stage_close(struct stage *stage);

/* Shows full-screen buffers in a mode of that size. */
void stage_set(struct stage *stage, unsigned int width, unsigned int height);

/* Flips to the other buffer; the flip may not be done yet. */
void stage_flip(struct stage *stage);
void stage_flip_done(struct stage *stage);

#endif
