// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation on a path fails once: the first in one run, the second in the
 * next, until none is left. Each time the path has to say so, and leave nothing
 * behind: what it returned is checked here, lost memory is kmemleak's to find.
 */

#include <kunit/test.h>

#include <linux/sched.h>
#include <linux/slab.h>

#include "fail_walk.h"

/* More than any path has; a path that never ends is an error too. */
#define WALK_MAX 200

static void fail_nth(unsigned int nth)
{
#ifdef CONFIG_FAULT_INJECTION
	WRITE_ONCE(current->fail_nth, nth);
#endif
}

/* Stop failing. True if there was no allocation left to fail. */
static bool end_failing(void)
{
#ifdef CONFIG_FAULT_INJECTION
	bool left = READ_ONCE(current->fail_nth);

	WRITE_ONCE(current->fail_nth, 0);
	return left;
#else
	return true;
#endif
}

void fail_walk_require(struct kunit *test)
{
	void *memory;

	fail_nth(1);
	memory = kmalloc(32, GFP_KERNEL);
	end_failing();
	kfree(memory);
	if (memory)
		kunit_skip(test, "failslab does not reach this");
}

void fail_walk(struct kunit *test, int (*path)(void *data), void *data)
{
	unsigned int nth, failures = 0;
	bool done = false;
	int ret;

	for (nth = 1; nth < WALK_MAX && !done; nth++) {
		fail_nth(nth);
		ret = path(data);
		done = end_failing();
		failures += ret == -ENOMEM;
		if (ret && (ret != -ENOMEM || done))
			KUNIT_FAIL(test, "allocation %u failed: %d", nth, ret);
	}
	KUNIT_EXPECT_TRUE(test, done);
	KUNIT_EXPECT_GT(test, failures, 0);
	kunit_info(test, "%u allocations, %u errors", nth - 2, failures);
}
