/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_COVERAGE_H
#define VPRIME_COVERAGE_H

#include <linux/kcov.h>

/*
 * What a worker does for a fuzzer is told to whoever asked KCOV for this handle;
 * igt-tests/fuzz/ has the same number. Nothing without CONFIG_KCOV.
 */
#define VPRIME_COVERAGE_HANDLE (KCOV_SUBSYSTEM_COMMON | 0x7670)

/* To be called where a worker begins: may allocate, once for each size. */
static inline void vprime_coverage_start(void)
{
	kcov_remote_start(VPRIME_COVERAGE_HANDLE);
}

static inline void vprime_coverage_stop(void)
{
	kcov_remote_stop();
}

#endif
