/* SPDX-License-Identifier: MIT */
#ifndef CRC_H
#define CRC_H

#include <stdbool.h>
#include <stdint.h>

#include "screen.h"

/* Whether the card's list of where CRCs come from has it. */
bool crc_has_source(const struct screen *screen, const char *source);

/* The CRC of the next frame that the first CRTC of the card shows. */
uint32_t crc_read(const struct screen *screen);

/*
 * How many CRCs are there when the first one is: of ascending frames, a guest that gets no
 * processor misses some, and, the screen being still, all the same.
 */
unsigned int crc_read_burst(const struct screen *screen);

#endif
