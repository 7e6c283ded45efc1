/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every allocation on a path fails once.
 */
#ifndef DMABUF_FAIL_WALK_H
#define DMABUF_FAIL_WALK_H

struct kunit;

/**
 * fail_walk_require - skip a test whose allocations nobody can make fail
 * @test: the test
 *
 * Somebody has to let failslab reach allocations that may sleep, before the suite
 * runs: echo N >/sys/kernel/debug/failslab/ignore-gfp-wait.
 */
void fail_walk_require(struct kunit *test);

/**
 * fail_walk - run a path until no allocation is left to fail
 * @test: fails when the path does not say -ENOMEM, or never does
 * @path: returns 0 or an errno, and undoes what it did
 * @data: for @path
 *
 * An allocation that the kernel can do without may fail and nobody notices; that
 * all were such is an error.
 */
void fail_walk(struct kunit *test, int (*path)(void *data), void *data);

#endif
