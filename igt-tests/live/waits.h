/* SPDX-License-Identifier: MIT */
#ifndef WAITS_H
#define WAITS_H

#include <stdint.h>
#include <sys/types.h>

#include "core/buffers.h"

/**
 * struct wait - somebody who waits for a fence of a buffer
 * @buffer: the buffer
 * @timeline: whose first point the fence is, or -1
 * @fence: the fence, one of vgem's
 * @since: when it was attached
 * @patience_ms: for so long it does not signal by itself
 * @child: who waits; exits with 0 when it is woken
 */
struct wait {
	struct buffer buffer;
	int timeline;
	uint32_t fence;
	long long since;
	int patience_ms;
	pid_t child;
};

/* A buffer with a fence, nobody waits yet. */
struct wait wait_prepare(void);

/* A child waits for it in that way. */
struct wait wait_start(int (*way)(int fd, int patience_ms));

/* Signals the fence; who waited is woken. */
void wait_signal(const struct wait *wait);

/* A way: CPU access waits in the core itself, which can't be exchanged under it. */
int wait_by_access(int fd, int patience_ms);

/* The fence is signalled, the access begun there is ended here. */
void access_end(struct wait *wait);

#endif
