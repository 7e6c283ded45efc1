/* SPDX-License-Identifier: MIT */
#ifndef ARENA_H
#define ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where programs map: a range of addresses in which nothing else is. */
#define ARENA_SLOTS 24
#define ARENA_SLOT (32u << 20)

void arena_init(void);

/* The next slot's address. */
char *arena_slot(void);

/* All of @size bytes from @address on is inside. */
bool arena_has(uint64_t address, uint64_t size);

/* Unmaps some, in a way that leaves no place for others. */
void arena_drop(uint64_t address, uint64_t size);

/* Unmaps everything. */
void arena_clear(void);

#endif
