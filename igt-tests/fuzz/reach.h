/* SPDX-License-Identifier: MIT */
#ifndef REACH_H
#define REACH_H

struct shared;

/* From here on functions of ours that are called are counted, where the kernel can. */
void reach_begin(void);

/* Tells which functions of ours nobody called. */
void reach_end(struct shared *shared);

#endif
