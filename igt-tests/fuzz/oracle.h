/* SPDX-License-Identifier: MIT */
#ifndef ORACLE_H
#define ORACLE_H

#include <stdbool.h>

/* Looks at what there is before a run: what is there later is measured by it. */
bool oracle_begin(void);

/* A dma-buf that only its maker may write, for programs; -1: there is none. */
int oracle_canary(void);

/*
 * With no process running: nothing may be left of what they made, nobody may have written
 * the canary, and processors must not have been kept from running. Says what is wrong.
 */
bool oracle_clean(void);

/* The longest that the heartbeat was late, ms. */
unsigned int oracle_longest_stall(void);
void oracle_end(void);

#endif
