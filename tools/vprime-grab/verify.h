/* SPDX-License-Identifier: MIT */
#ifndef VERIFY_H
#define VERIFY_H

#include <stdint.h>

#include "vprime_grab.h"

/* What the writeback connector says of the screen. */
struct verify;

/* Both return 0 or a negative errno and have said what is wrong. */

/* Reads the screen of the @index-th vprime card back; it must not change after. */
int verify_read_back(unsigned int index, struct verify **verify);

/* Compares a mapped XRGB8888 frame, alpha aside. -EILSEQ: it is another picture. */
int verify_frame(const struct verify *verify, const struct vprime_grab_frame *frame);

void verify_free(struct verify *verify);

#endif
