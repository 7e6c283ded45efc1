/* SPDX-License-Identifier: MIT */
#ifndef GEM_SUBTESTS_H
#define GEM_SUBTESTS_H

#include "gem/buffer.h"
#include "lib/screen.h"

/* The cards that share buffers; opened before the first subtest. */
extern struct gem_cards {
	int vprime; /* the screen's own file, which is DRM master */
	int again; /* the same card, opened once more */
	int second; /* another card of vprime */
	int vgem;
} cards;

/* The parts of vprime_gem. To be called from igt_main, with the cards open. */
void memory_subtests(struct screen *screen);
void mapping_subtests(struct screen *screen);
void reader_subtests(struct screen *screen);
void read_only_race_subtests(struct screen *screen);
void rule_subtests(struct screen *screen);
void together_subtests(struct screen *screen);
void move_subtests(struct screen *screen);
void limit_subtests(struct screen *screen);
void limit_file_subtests(struct screen *screen);
void bounce_subtests(struct screen *screen);
void account_subtests(struct screen *screen);
void hungry_subtests(struct screen *screen);
void handle_subtests(struct screen *screen);
void hardware_subtests(struct screen *screen);
void unplug_subtests(struct screen *screen);
void no_memory_subtests(struct screen *screen);
void write_combine_subtests(struct screen *screen);

#endif
