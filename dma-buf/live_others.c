// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other livepatches of the same functions, of which livepatch only lets the last act.
 * live.c asks before ours comes; what loads later a notifier of modules tells, as
 * livepatch tells nobody. What the functions do is not known here.
 */

#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/string.h>

#include "live_others.h"
#include "live_stock.h"

static const struct klp_func *watched_funcs;

static bool is_patched_by(const struct klp_patch *other, const char *name)
{
	struct klp_object *object;
	struct klp_func *func;

	klp_for_each_object(other, object) {
		if (object->name)
			continue;
		klp_for_each_func(object, func)
			if (!strcmp(func->old_name, name))
				return true;
	}
	return false;
}

/* The first of our functions that the other has too, or NULL. */
static const char *find_common(const struct klp_patch *other, const struct klp_func *func)
{
	for (; func->old_name; func++)
		if (is_patched_by(other, func->old_name))
			return func->old_name;
	return NULL;
}

int dmabuf_others_refuse(const struct klp_func *funcs)
{
	const struct klp_patch *other;
	const char *name;

	list_for_each_entry(other, dmabuf_stock.patches, list) {
		if (other->mod == THIS_MODULE || !other->enabled)
			continue;
		name = find_common(other, funcs);
		if (!name)
			continue;
		pr_err("dma-buf: livepatch %s has %s already; not loaded\n",
		       other->mod->name, name);
		return -EBUSY;
	}
	return 0;
}

static int others_notify(struct notifier_block *block, unsigned long state, void *data)
{
	const struct klp_patch *other;
	struct module *mod = data;
	const char *name;

	if (state != MODULE_STATE_LIVE || mod == THIS_MODULE || !is_livepatch_module(mod))
		return NOTIFY_DONE;
	mutex_lock(dmabuf_stock.patches_mutex);
	list_for_each_entry(other, dmabuf_stock.patches, list) {
		name = other->mod == mod ? find_common(other, watched_funcs) : NULL;
		if (name)
			pr_warn("dma-buf: livepatch %s has %s too, and knows no states of ours\n",
				mod->name, name);
	}
	mutex_unlock(dmabuf_stock.patches_mutex);
	return NOTIFY_DONE;
}

static struct notifier_block others_block = {
	.notifier_call = others_notify,
};

int dmabuf_others_watch(const struct klp_func *funcs)
{
	watched_funcs = funcs;
	return register_module_notifier(&others_block);
}

void dmabuf_others_unwatch(void)
{
	unregister_module_notifier(&others_block);
}
