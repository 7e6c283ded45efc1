/* SPDX-License-Identifier: MIT */
#ifndef FENCE_SUBTESTS_H
#define FENCE_SUBTESTS_H

struct screen;

/* The parts of vprime_fence. To be called from igt_main, on an open screen. */
void attach_subtests(struct screen *screen);
void guessed_subtests(struct screen *screen);
void timeline_subtests(struct screen *screen);
void timeline_end_subtests(struct screen *screen);
void commit_subtests(struct screen *screen);
void implicit_subtests(struct screen *screen);
void plane_subtests(struct screen *screen);
void left_subtests(struct screen *screen);
void hostile_subtests(struct screen *screen);
void locked_subtests(struct screen *screen);
void limit_subtests(struct screen *screen);
void no_memory_subtests(struct screen *screen);

#endif
