/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Livepatch's force, which says that tasks have gone over that have not.
 */
#ifndef DMABUF_LIVE_FORCE_H
#define DMABUF_LIVE_FORCE_H

#include <linux/types.h>

struct klp_patch;

/**
 * dmabuf_force_watch - notice when a transition of ours is forced
 * @patch: ours; not enabled yet
 *
 * Return: 0, or a negative errno if it would not be noticed.
 */
int dmabuf_force_watch(struct klp_patch *patch);

/**
 * dmabuf_force_unwatch - stop it
 */
void dmabuf_force_unwatch(void);

/**
 * dmabuf_was_forced - was a transition of ours forced?
 *
 * Final. Then any task may be in the middle of any core's code, whatever livepatch says.
 *
 * Return: true if so.
 */
bool dmabuf_was_forced(void);

#endif
