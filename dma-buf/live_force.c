// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notices when somebody forces a transition of the live form. Livepatch keeps that to
 * itself, at least on the way in, so its function is traced. What follows from it is
 * live.c's business.
 */

#include <linux/compiler.h>
#include <linux/ftrace.h>
#include <linux/livepatch.h>
#include <linux/string.h>

#include "live_force.h"
#include "live_stock.h"

static const struct klp_patch *watched;
static bool forced;

/* Livepatch's mutex is held. */
static void notrace note_force(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			       struct ftrace_regs *regs)
{
	if (*dmabuf_stock.transition == watched)
		WRITE_ONCE(forced, true);
}

static struct ftrace_ops force_ops = {
	.func = note_force,
};

int dmabuf_force_watch(struct klp_patch *patch)
{
	char name[] = "klp_force_transition";
	int ret = ftrace_set_filter(&force_ops, name, strlen(name), 1);

	watched = patch;
	return ret ?: register_ftrace_function(&force_ops);
}

void dmabuf_force_unwatch(void)
{
	unregister_ftrace_function(&force_ops);
	ftrace_free_filter(&force_ops);
}

bool dmabuf_was_forced(void)
{
	return READ_ONCE(forced);
}
