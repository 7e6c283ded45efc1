// SPDX-License-Identifier: MIT
/*
 * Memory of consumers: what a frame is released with is forgotten when the hold ends, and
 * all of a consumer when it is closed. Else a compositor's helper that comes and goes would
 * fill the memory.
 */
#include "consumer_subtests.h"

#include <sys/wait.h>
#include <unistd.h>

#include "consumer.h"
#include "fence/software.h"
#include "igt_api.h"
#include "lib/cgroup.h"
#include "lib/subtests.h"

/* More than processors have charged in advance, and half of what the fences are. */
#define ROUNDS 8192
#define SEEN_BYTES (ROUNDS * 96l)

/* A consumer comes, gives its frame back with a fence that is still to come, and goes. */
static int come_and_go(struct screen *screen, uint32_t timeline, unsigned int point)
{
	int fence = timeline_sync_file(screen->kms.fd, timeline, point, 0), ret;
	int consumer = consumer_latest(screen, 0, 1000);
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer);

	ret = consumer_release(consumer, frame.id, fence);
	frame_close(&frame);
	close(fence);
	close(consumer);
	timeline_signal(screen->kms.fd, timeline, point, 0);
	return ret;
}

/* By a child in the cgroup, whose own memory is gone with it. */
static void come_and_go_often(struct screen *screen, uint32_t timeline, unsigned int first,
			      unsigned int count)
{
	pid_t child = fork();
	int status;

	igt_assert(child >= 0);
	if (!child) {
		int ret = 0;

		cgroup_enter();
		for (unsigned int i = 0; !ret && i < count; i++)
			ret = come_and_go(screen, timeline, first + i);
		_exit(ret ? 1 : 0);
	}
	igt_assert_eq(waitpid(child, &status, 0), child);
	igt_assert_eq(status, 0);
}

static void nothing_left(struct screen *screen)
{
	uint32_t timeline = timeline_new(screen->kms.fd);
	long before, after;

	show_only(screen, screen_picture_fb(screen, "XRGB8888"));
	cgroup_make(0);
	come_and_go_often(screen, timeline, 1, ROUNDS / 16);
	before = cgroup_memory("current");
	come_and_go_often(screen, timeline, 1 + ROUNDS / 16, ROUNDS);
	after = cgroup_wait_below(before + SEEN_BYTES);
	cgroup_remove();
	igt_assert_errno(__timeline_destroy(screen->kms.fd, timeline), 0);
	igt_info("%d consumers that came and went: %ld bytes\n", ROUNDS, after - before);
	igt_assert(after - before < SEEN_BYTES);
}

static const struct subtest subtests[] = {
	{ "nothing-left", "Consumers that come and go leave no memory.", nothing_left },
};

void left_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
