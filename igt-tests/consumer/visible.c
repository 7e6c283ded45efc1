// SPDX-License-Identifier: MIT
/*
 * A composed picture is made visible to devices before its fence signals. Where memory is
 * coherent a call left out does no harm that a picture would show, so the kernel's function
 * tracer is read.
 */
#include "consumer_subtests.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/subtests.h"

#define TRACING "/sys/kernel/tracing/"

static void put(const char *file, const char *text)
{
	char path[96];
	FILE *stream;

	snprintf(path, sizeof(path), TRACING "%s", file);
	stream = fopen(path, "w");
	igt_require_f(stream, "%s: %s\n", path, strerror(errno));
	fputs(text, stream);
	igt_require_f(!fclose(stream), "'%s' to %s: %s\n", text, path, strerror(errno));
}

/* How many pictures were told of; @amiss: of them before they were synchronised. */
static unsigned int count_finished(unsigned int *amiss)
{
	FILE *file = fopen(TRACING "trace", "r");
	unsigned int finished = 0;
	bool synced = false;
	char line[512];

	igt_assert(file);
	*amiss = 0;
	while (fgets(line, sizeof(line), file)) {
		if (strstr(line, "vprime_mapping_sync_for_device <-")) {
			synced = true;
		} else if (strstr(line, "dma_fence_signal <-vprime_grab_finish") ||
			   strstr(line, "dma_fence_signal <-vprime_feed_compose_finish")) {
			finished++;
			*amiss += !synced;
			synced = false;
		}
	}
	fclose(file);
	return finished;
}

static void before_the_fence(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	unsigned int finished, amiss;
	int consumer;

	show_only(screen, fb);
	put("set_ftrace_filter", "vprime_mapping_sync_for_device dma_fence_signal");
	put("current_tracer", "function");
	consumer = consumer_latest(screen, VPRIME_CONSUMER_COMPOSED, 1000);
	frame = consumer_acquire(consumer);
	if (vgem >= 0)
		gem_close(vgem, prime_import(vgem, frame.planes[0].fd));
	frame_assert_fb(&frame, fb);
	put("tracing_on", "0");
	finished = count_finished(&amiss);
	/* Which empties the trace, too. */
	put("current_tracer", "nop");
	put("set_ftrace_filter", "");
	put("tracing_on", "1");
	igt_info("%u pictures, %u not synchronised\n", finished, amiss);
	igt_assert(finished >= 1);
	igt_assert_eq(amiss, 0);
	frame_done(consumer, &frame);
	close(consumer);
}

static const struct subtest subtests[] = {
	{ "composed-visible", "Devices see a picture before they are told that it is there.",
	  before_the_fence },
};

void visible_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
