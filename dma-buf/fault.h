/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failing on purpose: rules, set in debugfs, make calls of the core fail, so
 * that the error paths of exporters, importers and programs can be tested.
 */
#ifndef DMABUF_FAULT_H
#define DMABUF_FAULT_H

#include <linux/jump_label.h>

struct device;
struct dma_buf;
struct seq_file;

/* Where a call can be made to fail. */
enum dmabuf_fault {
	DMABUF_FAULT_EXPORT,
	DMABUF_FAULT_FD,
	DMABUF_FAULT_ATTACH,
	DMABUF_FAULT_PIN,
	DMABUF_FAULT_MAP,
	DMABUF_FAULT_VMAP,
	DMABUF_FAULT_BEGIN_CPU_ACCESS,
	DMABUF_FAULT_COUNT
};

DECLARE_STATIC_KEY_FALSE(dmabuf_faults);

int dmabuf_fault_slow(enum dmabuf_fault where, const char *exporter,
		      struct device *dev);

/**
 * dmabuf_fault - has this call to fail?
 * @where: which call it is
 * @exporter: the buffer's exporter
 * @dev: the importing device, or NULL
 *
 * Return: 0, or the negative errno to fail with. Costs a no-op while there are
 * no rules.
 */
static inline int dmabuf_fault(enum dmabuf_fault where, const char *exporter,
			       struct device *dev)
{
	if (static_branch_unlikely(&dmabuf_faults))
		return dmabuf_fault_slow(where, exporter, dev);
	return 0;
}

/**
 * dmabuf_fault_set - add a rule, or remove all of a place
 * @text: "WHERE [nth=N] [every=N] [times=N] [errno=N] [exporter=NAME]
 *	[device=NAME] [pid=N]" or "WHERE off" or "off"; is changed
 *
 * Conditions left out are met by every call. nth: the Nth call that meets the
 * others fails; every: each Nth does; times: so often in all; without nth and
 * every each call does. A space in a name is written as \040.
 *
 * Return: 0, -EINVAL, -ENOMEM, or -ENOSPC with too many rules.
 */
int dmabuf_fault_set(char *text);

/**
 * dmabuf_fault_end - remove all rules
 */
void dmabuf_fault_end(void);

/**
 * dmabuf_fault_show - print the rules and how often they applied
 * @m: where to
 */
void dmabuf_fault_show(struct seq_file *m);

#endif
