/* SPDX-License-Identifier: MIT */
/*
 * What it costs to show an imported buffer of 1920x1080, for the first time and
 * again.
 */
#ifndef FRAMES_H
#define FRAMES_H

#include "buffers.h"

/**
 * frames_measure - show buffers of another driver on vprime's screen
 * @from: the other driver
 * @repetitions: how many buffers, each shown several times
 *
 * Adds the results "first-frame" (import, framebuffer and commit), "later-frame" (a
 * commit), and, of the time in the commit, "first-frame-mapping" and
 * "later-frame-mapping"; also "later-frame-maps", how often a dma-buf was mapped in
 * a later frame. No other program may hold the screen.
 */
void frames_measure(const struct peer *from, unsigned int repetitions);

#endif
