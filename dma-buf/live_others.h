/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other livepatches of the core's functions: below ours they are refused, above ours
 * they are told of.
 */
#ifndef DMABUF_LIVE_OTHERS_H
#define DMABUF_LIVE_OTHERS_H

struct klp_func;

/**
 * dmabuf_others_refuse - is one of our functions another's already?
 * @funcs: ours, up to one without a name
 *
 * Livepatch's mutex is held.
 *
 * Return: 0, or -EBUSY if so, which is printed.
 */
int dmabuf_others_refuse(const struct klp_func *funcs);

/**
 * dmabuf_others_watch - print when a livepatch comes on top of ours
 * @funcs: ours, there until dmabuf_others_unwatch()
 *
 * Return: 0 or a negative errno.
 */
int dmabuf_others_watch(const struct klp_func *funcs);

/**
 * dmabuf_others_unwatch - stop it; livepatch's mutex is not held
 */
void dmabuf_others_unwatch(void);

#endif
