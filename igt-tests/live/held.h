/* SPDX-License-Identifier: MIT */
#ifndef HELD_H
#define HELD_H

#include <sys/types.h>

#include "core/buffers.h"

/*
 * Buffers with all that a program can have of them: two descriptors, one of them in CPU
 * access, a name, a mapping, an import into the second card. All of these assert.
 */

/* Those that are there now. */
extern unsigned int held_count;

/* One more; one of each exporter, and no others. */
void hold(const struct exporter *exporter);
void hold_all(void);

ino_t held_inode(unsigned int index);

/* Nothing of them was lost. */
void held_check(void);

/* What the own core says of them, if it did not make them. */
void held_check_adopted(void);

/* On any core, all that was begun can be ended, and the buffer goes with it. */
void held_drop(void);

/* What the own core took for misuse, of anybody, that only the wrong account of theirs is. */
long long held_misuse(void);

#endif
