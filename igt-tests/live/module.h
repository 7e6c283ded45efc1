/* SPDX-License-Identifier: MIT */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>

/*
 * dmabuf_live.ko, from the environment's VPRIME_LIVE or where the lab has it. All
 * of these assert.
 */

const char *live_module_path(void);

/* Skips where it can't be loaded, or is. */
void require_live_module(void);

bool live_is_loaded(void);

/* Until every task runs the own core, and until it is gone again. */
void live_load(void);
void live_unload(void);

/*
 * Begins it, from the file opened for it or not, 0 or an errno; turns it round; waits for
 * the end of what was begun last.
 */
int live_open(void);
int __live_begin_load(int fd);
void live_begin_load(void);
void live_enable(bool enable);
bool live_in_transition(void);
void live_wait_loaded(void);
void live_force(void); /* as nobody should */
void live_wait_disabled(void);

/* The halves of unloading. Disabling returns when no task runs the own core any more. */
void live_disable(void);
int __live_remove(void);

/* For the end of a test that may have failed: whatever there is to undo. */
void live_clean_up(void);

#endif
