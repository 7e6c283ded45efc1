/* SPDX-License-Identifier: MIT */
#ifndef BOUNCE_H
#define BOUNCE_H

#include <stdbool.h>

/*
 * Whether this machine has all DMA go through bounce buffers, as a guest whose memory is
 * encrypted: no device gets a piece that is longer than those are.
 */
bool bounce_all(void);

#endif
