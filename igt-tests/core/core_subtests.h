/* SPDX-License-Identifier: MIT */
#ifndef CORE_SUBTESTS_H
#define CORE_SUBTESTS_H

#include <stddef.h>

#include "buffers.h"

/**
 * struct core_subtest - a subtest of what a dma-buf can do
 * @name: its name for igt_runner
 * @about: what it makes sure of
 * @run: does it, or NULL when @each does
 * @each: does it with one exporter; the subtest has a dynamic one for each
 */
struct core_subtest {
	const char *name;
	const char *about;
	void (*run)(void);
	void (*each)(const struct exporter *exporter);
};

/* Runs those that were asked for. To be called from igt_main. */
void run_core_subtests(const struct core_subtest *subtests, size_t count);

#define RUN_CORE_SUBTESTS(table) run_core_subtests(table, sizeof(table) / sizeof((table)[0]))

/* The parts of vprime_core. To be called from igt_main, with the cards open. */
void sync_subtests(void);
void name_subtests(void);
void sync_file_subtests(void);
void mapping_subtests(void);
void huge_page_subtests(void);
void poll_subtests(void);
void epoll_subtests(void);
void proc_subtests(void);
void sharing_subtests(void);
void compat_subtests(void);
void bpf_subtests(void);
void allocation_subtests(void);
void top_subtests(void);
void transfer_subtests(void);

/* These skip where another core runs. */
void misuse_subtests(void);
void fault_subtests(void);
void account_subtests(void);
void idle_subtests(void);

#endif
