// SPDX-License-Identifier: MIT
/*
 * Memory of commits: each has a fence of its scan-out, made when it is checked. One that
 * is only tried gives it back at once, so that whoever has the screen does not fill the
 * memory with commits that are never made.
 */
#include "fence_subtests.h"

#include <sys/wait.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/cgroup.h"
#include "lib/scene.h"
#include "lib/subtests.h"

/* More than processors have charged in advance, and half of what the fences are. */
#define COMMITS 24576
#define SEEN_BYTES (COMMITS * 32l)

/* By a child in the cgroup, whose own memory is gone with it. */
static void try_commits(struct screen *screen, const struct layer *layer, int count)
{
	pid_t child = fork();
	int status;

	igt_assert(child >= 0);
	if (!child) {
		int ret = 0;

		cgroup_enter();
		while (!ret && count--)
			ret = __scene_show(screen, layer, 1, DRM_MODE_ATOMIC_TEST_ONLY, NULL);
		_exit(ret ? 1 : 0);
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert_eq(status, 0);
}

static void tried_many(struct screen *screen)
{
	struct kms_fb *fb = screen_fb(screen, "XRGB8888", 64, 64);
	struct layer layer = layer_new(&screen->kms.overlay[0], fb, 0, 0);
	long before, after;

	scene_show(screen, NULL, 0);
	cgroup_make(0);
	try_commits(screen, &layer, COMMITS / 16);
	before = cgroup_memory("current");
	try_commits(screen, &layer, COMMITS);
	after = cgroup_wait_below(before + SEEN_BYTES);
	cgroup_remove();
	igt_info("%d commits that were tried: %ld bytes\n", COMMITS, after - before);
	igt_assert(after - before < SEEN_BYTES);
}

static const struct subtest subtests[] = {
	{ "scanout-tried-many", "Commits that are not made leave no memory.", tried_many },
};

void left_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
