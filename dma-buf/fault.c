// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules for failing on purpose. The core's functions ask here before they
 * do anything, debugfs writes the rules. Nothing is kept of the buffers: a rule
 * is matched by names.
 */

#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/string_helpers.h>

#include "fault.h"

#define RULES 16

/**
 * struct rule - which calls fail
 * @used: the slot is taken
 * @where: the call
 * @nth: only the Nth that matches, unless 0
 * @every: only each Nth that matches, unless 0
 * @times: at most so often, unless 0
 * @error: the errno, positive
 * @pid: of this process only, unless 0
 * @exporter: of this exporter only, unless NULL
 * @device: of this importing device only, unless NULL
 * @seen: calls that matched
 * @failed: those that were made to fail
 */
struct rule {
	bool used;
	enum dmabuf_fault where;
	unsigned int nth;
	unsigned int every;
	unsigned int times;
	unsigned int error;
	unsigned int pid;
	char *exporter;
	char *device;
	unsigned int seen;
	unsigned int failed;
};

/* The word for each place, and the errno unless a rule has one. */
static const struct {
	const char *word;
	unsigned int error;
} faults[] = {
	[DMABUF_FAULT_EXPORT] = { "export", ENOMEM },
	[DMABUF_FAULT_FD] = { "fd", EMFILE },
	[DMABUF_FAULT_ATTACH] = { "attach", ENOMEM },
	[DMABUF_FAULT_PIN] = { "pin", EBUSY },
	[DMABUF_FAULT_MAP] = { "map", ENOMEM },
	[DMABUF_FAULT_VMAP] = { "vmap", ENOMEM },
	[DMABUF_FAULT_BEGIN_CPU_ACCESS] = { "begin_cpu_access", EINTR },
};

static_assert(ARRAY_SIZE(faults) == DMABUF_FAULT_COUNT);

DEFINE_STATIC_KEY_FALSE(dmabuf_faults);
/* Outside rules_lock: the rules and the key change together. */
static DEFINE_MUTEX(set_lock);
static DEFINE_SPINLOCK(rules_lock);
static struct rule rules[RULES];

static bool matches(const struct rule *rule, enum dmabuf_fault where,
		    const char *exporter, struct device *dev)
{
	if (!rule->used || rule->where != where)
		return false;
	if (rule->pid && rule->pid != task_tgid_nr(current))
		return false;
	if (rule->exporter && (!exporter || strcmp(rule->exporter, exporter)))
		return false;
	return !rule->device || (dev && !strcmp(rule->device, dev_name(dev)));
}

static bool applies(struct rule *rule)
{
	rule->seen++;
	if (rule->times && rule->failed >= rule->times)
		return false;
	if (rule->nth && rule->seen != rule->nth)
		return false;
	if (rule->every && rule->seen % rule->every)
		return false;
	rule->failed++;
	return true;
}

int dmabuf_fault_slow(enum dmabuf_fault where, const char *exporter,
		      struct device *dev)
{
	unsigned int i;

	guard(spinlock)(&rules_lock);
	for (i = 0; i < RULES; i++)
		if (matches(&rules[i], where, exporter, dev) && applies(&rules[i]))
			return -(int)rules[i].error;
	return 0;
}

static int parse_where(const char *word)
{
	unsigned int i;

	for (i = 0; i < DMABUF_FAULT_COUNT; i++)
		if (!strcmp(faults[i].word, word))
			return i;
	return -EINVAL;
}

static int parse_number(const char *value, unsigned int *number)
{
	return kstrtouint(value, 10, number) || !*number ? -EINVAL : 0;
}

static int parse_error(const char *value, unsigned int *error)
{
	int ret = parse_number(value, error);

	return !ret && *error > MAX_ERRNO ? -EINVAL : ret;
}

/* A name may be of any length and have any byte: those that end a word are escaped. */
static int parse_name(const char *value, char **name)
{
	char *copy = kstrdup(value, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	string_unescape_inplace(copy, UNESCAPE_OCTAL);
	kfree(*name);
	*name = copy;
	return 0;
}

static int parse_condition(struct rule *rule, char *word)
{
	char *value = strchr(word, '=');

	if (!value || !value[1])
		return -EINVAL;
	*value++ = '\0';
	if (!strcmp(word, "nth"))
		return parse_number(value, &rule->nth);
	if (!strcmp(word, "every"))
		return parse_number(value, &rule->every);
	if (!strcmp(word, "times"))
		return parse_number(value, &rule->times);
	if (!strcmp(word, "pid"))
		return parse_number(value, &rule->pid);
	if (!strcmp(word, "errno"))
		return parse_error(value, &rule->error);
	if (!strcmp(word, "exporter"))
		return parse_name(value, &rule->exporter);
	if (!strcmp(word, "device"))
		return parse_name(value, &rule->device);
	return -EINVAL;
}

static void free_names(struct rule *rule)
{
	kfree(rule->exporter);
	kfree(rule->device);
}

/* Take a rule out of its slot. False if it is not of that place, or none. */
static bool take(unsigned int slot, int where, struct rule *taken)
{
	struct rule *rule = &rules[slot];

	guard(spinlock)(&rules_lock);
	if (!rule->used || (where >= 0 && rule->where != where))
		return false;
	*taken = *rule;
	*rule = (struct rule){};
	return true;
}

/* Remove the rules of one place, or of all if where is negative. */
static void remove(int where)
{
	struct rule taken;
	bool left = false;
	unsigned int i;

	lockdep_assert_held(&set_lock);
	for (i = 0; i < RULES; i++) {
		if (take(i, where, &taken))
			free_names(&taken);
		left |= rules[i].used;
	}
	if (!left)
		static_branch_disable(&dmabuf_faults);
}

static int add(const struct rule *rule)
{
	unsigned int i;

	spin_lock(&rules_lock);
	for (i = 0; i < RULES && rules[i].used; i++)
		;
	if (i < RULES)
		rules[i] = *rule;
	spin_unlock(&rules_lock);
	if (i == RULES)
		return -ENOSPC;
	static_branch_enable(&dmabuf_faults);
	return 0;
}

int dmabuf_fault_set(char *text)
{
	struct rule rule = { .used = true };
	char *word = strsep(&text, " ");
	int ret = parse_where(word);

	guard(mutex)(&set_lock);
	if (!strcmp(word, "off")) {
		remove(-1);
		return 0;
	}
	if (ret < 0)
		return ret;
	if (text && !strcmp(text, "off")) {
		remove(ret);
		return 0;
	}

	rule.where = ret;
	rule.error = faults[ret].error;
	ret = 0;
	while (!ret && (word = strsep(&text, " ")))
		ret = parse_condition(&rule, word);
	if (!ret)
		ret = add(&rule);
	if (ret)
		free_names(&rule);
	return ret;
}

void dmabuf_fault_end(void)
{
	guard(mutex)(&set_lock);
	remove(-1);
}

static void show_name(struct seq_file *m, const char *key, const char *name)
{
	seq_printf(m, " %s=", key);
	if (name)
		seq_escape(m, name, " \t\n\\");
}

void dmabuf_fault_show(struct seq_file *m)
{
	struct rule rule;
	unsigned int i;

	/* It keeps the names. */
	guard(mutex)(&set_lock);
	for (i = 0; i < RULES; i++) {
		spin_lock(&rules_lock);
		rule = rules[i];
		spin_unlock(&rules_lock);
		if (!rule.used)
			continue;
		seq_printf(m, "%s nth=%u every=%u times=%u errno=%u",
			   faults[rule.where].word, rule.nth, rule.every,
			   rule.times, rule.error);
		show_name(m, "exporter", rule.exporter);
		show_name(m, "device", rule.device);
		seq_printf(m, " pid=%u seen=%u failed=%u\n", rule.pid, rule.seen,
			   rule.failed);
	}
}
