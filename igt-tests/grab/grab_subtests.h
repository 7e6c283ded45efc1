/* SPDX-License-Identifier: MIT */
#ifndef GRAB_SUBTESTS_H
#define GRAB_SUBTESTS_H

#include "lib/screen.h"

/* The parts of vprime_grab. To be called from igt_main. */
void files_subtests(struct screen *screen);
void streams_subtests(struct screen *screen);
void verify_subtests(struct screen *screen);
void loop_subtests(struct screen *screen);

#endif
