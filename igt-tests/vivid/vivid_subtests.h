/* SPDX-License-Identifier: MIT */
#ifndef VIVID_SUBTESTS_H
#define VIVID_SUBTESTS_H

struct screen;

/* The parts of vprime_vivid. To be called from igt_main, on an open screen. */
void picture_subtests(struct screen *screen);
void stream_subtests(struct screen *screen);
void handoff_subtests(struct screen *screen);

#endif
