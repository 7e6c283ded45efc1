/* SPDX-License-Identifier: MIT */
#ifndef PLACE_H
#define PLACE_H

#include "run.h"

/* Memory for a thread's arguments; to be called by that thread. */
void place_init(struct run_thread *thread);

/* What a line wants to be true while its call is made, and no longer after. */
void place_begin(struct step *step);
void place_end(struct step *step);

#endif
