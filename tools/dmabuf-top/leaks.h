/* SPDX-License-Identifier: MIT */
#ifndef LEAKS_H
#define LEAKS_H

#include "snapshot.h"

/*
 * Takes a snapshot and leaves in it what looks like a leak: buffers older than
 * @age_ms that nobody reads. No attachment is in use, no process but the creator
 * has a descriptor, nothing is mapped. Where the core does not tell ages, this
 * waits for @age_ms and keeps what was there before and is no less unread.
 */
void leaks_take(struct snapshot *snapshot, uint64_t age_ms);

#endif
