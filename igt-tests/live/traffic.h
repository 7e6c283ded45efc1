/* SPDX-License-Identifier: MIT */
#ifndef TRAFFIC_H
#define TRAFFIC_H

/* Programs that share buffers without a pause, each in its own way; asserts. */
void traffic_start(void);

/*
 * Ends them. Asserts that each exited with 0, which it does only when nothing
 * failed, and that each got on with its work since the last call of this or of
 * traffic_progress().
 */
void traffic_stop(void);
void traffic_progress(void);

/* For the end of a test that failed. */
void traffic_kill(void);

#endif
