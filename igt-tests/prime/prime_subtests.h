/* SPDX-License-Identifier: MIT */
#ifndef PRIME_SUBTESTS_H
#define PRIME_SUBTESTS_H

#include <stddef.h>

#include "lib/screen.h"

/* Bytes of the buffers that are passed around: some pages, of no special number. */
#define SHARED_SIZE (7 * 4096)

/* The cards that share buffers; opened before the first subtest. */
extern struct prime_cards {
	int vprime; /* the screen's own file, which is DRM master */
	int again; /* the same card, opened once more */
	int second; /* another card of vprime */
	int vgem;
} cards;

/* The parts of vprime_prime. To be called from igt_main, with the cards open. */
void exchange_subtests(struct screen *screen);
void descriptor_subtests(struct screen *screen);
void cpu_access_subtests(struct screen *screen);
void direction_subtests(struct screen *screen);
void lifetime_subtests(struct screen *screen);
void scanout_subtests(struct screen *screen);
void framebuffer_subtests(struct screen *screen);

#endif
