/* SPDX-License-Identifier: MIT */
#ifndef LIVE_H
#define LIVE_H

#include "order.h"

/*
 * Shows the buffers on the terminal, again every @delay_ms, until the user ends
 * it. Returns 0 or a negative errno when this is no terminal.
 */
int live_run(enum order order, bool reverse, unsigned int delay_ms);

#endif
