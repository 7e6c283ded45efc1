// SPDX-License-Identifier: MIT
/*
 * The addresses that programs map at, so that what they map, move and unmap is never the
 * fuzzer's own, and is gone when the program is.
 */
#include "arena.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

static char *arena;
static atomic_uint next, used;

static void reserve(void)
{
	void *memory = mmap(arena, (size_t)ARENA_SLOTS * ARENA_SLOT, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (arena ? MAP_FIXED : 0),
			    -1, 0);

	if (memory == MAP_FAILED)
		abort();
	arena = memory;
}

void arena_init(void)
{
	reserve();
}

char *arena_slot(void)
{
	used = 1;
	return arena + (size_t)(next++ % ARENA_SLOTS) * ARENA_SLOT;
}

bool arena_has(uint64_t address, uint64_t size)
{
	uint64_t begin = (uintptr_t)arena, end = begin + (uint64_t)ARENA_SLOTS * ARENA_SLOT;

	return address >= begin && address < end && size <= end - address;
}

void arena_drop(uint64_t address, uint64_t size)
{
	mmap((void *)(uintptr_t)address, size, PROT_NONE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

void arena_clear(void)
{
	if (used)
		reserve();
	used = 0;
	next = 0;
}
