/* SPDX-License-Identifier: MIT */
#ifndef FENCES_H
#define FENCES_H

#include <poll.h> /* its events */
#include <stdbool.h>
#include <sys/types.h>

#include "buffers.h"

/*
 * What is waited for comes within this or is taken for lost. A fence of vgem's
 * signals by itself after 10 s, which must not pass for the test's doing.
 */
#define PATIENCE_MS 6000

/* How long something has to stay away. */
#define QUIET_MS 200

/* A fence on a buffer of vgem's; readers come together, a writer must be alone. */
uint32_t fence_attach(const struct buffer *buffer, bool write);
void fence_signal(const struct buffer *buffer, uint32_t fence);

/* The same by another process after @delay_ms; child_join() has to follow. */
pid_t fence_signal_later(const struct buffer *buffer, uint32_t fence, unsigned int delay_ms);

/* Waits for the end of a child and asserts that it exited with 0. */
void child_join(pid_t child);

/*
 * poll() of one descriptor: what it answers, 0 after @timeout_ms. When the time is
 * over poll() looks once more: to see something only then fails, from PATIENCE_MS.
 */
short poll_one(int fd, short events, int timeout_ms);

/* Milliseconds of a clock that only goes forward. */
long long now_ms(void);

#endif
