/* SPDX-License-Identifier: MIT */
#ifndef CONSUMER_SUBTESTS_H
#define CONSUMER_SUBTESTS_H

#include "lib/screen.h"

/* An open vgem card, or -1. */
extern int vgem;

/* The parts of vprime_consumer. To be called from igt_main. */
void access_subtests(struct screen *screen);
void frame_subtests(struct screen *screen);
void damage_subtests(struct screen *screen);
void colorimetry_subtests(struct screen *screen);
void copies_subtests(struct screen *screen);
void privacy_subtests(struct screen *screen);
void pace_subtests(struct screen *screen);
void loss_subtests(struct screen *screen);
void several_subtests(struct screen *screen);
void event_subtests(struct screen *screen);
void turns_subtests(struct screen *screen);
void gone_subtests(struct screen *screen);
void limits_subtests(struct screen *screen);
void hostile_subtests(struct screen *screen);
void visible_subtests(struct screen *screen);
void left_subtests(struct screen *screen);
void no_memory_subtests(struct screen *screen);

#endif
