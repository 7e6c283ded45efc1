// SPDX-License-Identifier: MIT
/*
 * Somebody guesses the number of a fence while it is attached, and signals it. Whoever
 * was first had it signalled; it is never lost, for a fence that is in no table is armed
 * and nobody ends it. Memory that is short just then must not matter.
 */
#include "fence_subtests.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <drm/vprime_drm.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/ambush.h"
#include "lib/dumb.h"
#include "lib/fail_nth.h"
#include "lib/subtests.h"
#include "software.h"

/* Short, so that a fence that was lost is not in the way for long. */
#define TIMEOUT_MS 100

/* What an attach allocates: the fence, a place in the table. Then it wants no more. */
#define ALLOCATIONS 2

/* @next: the number that comes next; @taken: the last one that was guessed right */
static struct {
	int card;
	uint32_t handle;
	bool failing;
	volatile uint32_t next;
	volatile uint32_t taken;
} stage;

static bool guess(void)
{
	uint32_t number = stage.next;

	/* One that expired before is forgotten as well. */
	if (!__soft_signal(stage.card, number, 0) || errno == ETIMEDOUT)
		stage.taken = number;
	return false;
}

/* Returns whether a fence was attached that nobody can signal. */
static bool attach_and_signal(void)
{
	struct drm_vprime_fence_attach attach = {
		.handle = stage.handle,
		.timeout_ms = TIMEOUT_MS,
	};
	int ret;

	if (stage.failing)
		fail_nth_begin(ALLOCATIONS + 1);
	ret = ioctl(stage.card, DRM_IOCTL_VPRIME_FENCE_ATTACH, &attach);
	if (stage.failing)
		fail_nth_end();
	if (ret)
		return false;
	stage.next = attach.out_fence + 1;
	return __soft_signal(stage.card, attach.out_fence, 0) && errno == ENOENT &&
	       stage.taken != attach.out_fence;
}

static void guessed(bool failing)
{
	struct dumb dumb;

	stage.card = drm_open_card("vprime", 0);
	dumb = dumb_new(stage.card, 4096);
	stage.handle = dumb.handle;
	stage.failing = failing;
	stage.taken = 0;
	stage.next = soft_attach(stage.card, dumb.handle, false, 0) + 1;
	soft_signal(stage.card, stage.next - 1, 0);
	igt_assert_f(!ambush(attach_and_signal, guess), "a fence was lost\n");
	dumb_free(&dumb);
	close(stage.card);
}

static void with_memory(struct screen *screen)
{
	(void)screen;
	guessed(false);
	igt_assert_f(stage.taken, "none was guessed\n");
}

static void without_memory(struct screen *screen)
{
	(void)screen;
	fail_nth_require();
	guessed(true);
}

static const struct subtest subtests[] = {
	{ "fence-guessed", "A fence is signalled by whoever is first, and once.", with_memory },
	{ "no-memory-fence-guessed", "The same with no memory at the worst moment.",
	  without_memory },
};

void guessed_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
