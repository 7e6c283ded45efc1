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
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>

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
 * @exporter: of this exporter only, unless empty
 * @device: of this importing device only, unless empty
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
	char exporter[32];
	char device[32];
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
	if (rule->exporter[0] && (!exporter || strcmp(rule->exporter, exporter)))
		return false;
	return !rule->device[0] || (dev && !strcmp(rule->device, dev_name(dev)));
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
		return strscpy(rule->exporter, value) < 0 ? -EINVAL : 0;
	if (!strcmp(word, "device"))
		return strscpy(rule->device, value) < 0 ? -EINVAL : 0;
	return -EINVAL;
}

/* Remove the rules of one place, or of all if where is negative. */
static void remove(int where)
{
	bool left = false;
	unsigned int i;

	spin_lock(&rules_lock);
	for (i = 0; i < RULES; i++) {
		if (where < 0 || rules[i].where == where)
			rules[i].used = false;
		left |= rules[i].used;
	}
	spin_unlock(&rules_lock);
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
	while ((word = strsep(&text, " "))) {
		ret = parse_condition(&rule, word);
		if (ret)
			return ret;
	}
	return add(&rule);
}

void dmabuf_fault_show(struct seq_file *m)
{
	struct rule rule;
	unsigned int i;

	for (i = 0; i < RULES; i++) {
		spin_lock(&rules_lock);
		rule = rules[i];
		spin_unlock(&rules_lock);
		if (!rule.used)
			continue;
		seq_printf(m, "%s nth=%u every=%u times=%u errno=%u exporter=%s device=%s pid=%u seen=%u failed=%u\n",
			   faults[rule.where].word, rule.nth, rule.every,
			   rule.times, rule.error, rule.exporter, rule.device,
			   rule.pid, rule.seen, rule.failed);
	}
}
