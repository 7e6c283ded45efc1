// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of a slot in configfs: the limits of its device, and whether there is
 * one. Each file takes one number, checks it and hands it to vprime_slot.c, which
 * knows what it is for.
 */

#include <linux/bitops.h>
#include <linux/configfs.h>
#include <linux/dma-mapping.h>
#include <linux/mutex.h>
#include <linux/sysfs.h>

#include "vprime_constraints.h"
#include "vprime_slot.h"

/* Two writers must not undo each other's change. Outside vprime_slot_lock. */
static DEFINE_MUTEX(vprime_slot_config_lock);

/* Changes one limit, by what @parse makes of the text that was written. */
static ssize_t vprime_slot_store(struct config_item *item, const char *page,
				 size_t len,
				 int (*parse)(const char *page,
					      struct vprime_constraints *c))
{
	struct vprime_slot *slot = to_vprime_slot(item);
	struct vprime_constraints c;
	int ret;

	guard(mutex)(&vprime_slot_config_lock);
	vprime_slot_get(slot, &c);
	ret = parse(page, &c);
	if (ret)
		return ret;
	vprime_slot_set(slot, &c);

	return len;
}

static struct vprime_constraints vprime_slot_read(struct config_item *item)
{
	struct vprime_constraints c;

	vprime_slot_get(to_vprime_slot(item), &c);

	return c;
}

/* A file of a limit: @value, of @item, is what it shows. */
#define VPRIME_SLOT_LIMIT(name, format, value)                             \
	static ssize_t vprime_slot_##name##_show(struct config_item *item, \
						 char *page)               \
	{                                                                  \
		return sysfs_emit(page, format "\n", value);               \
	}                                                                  \
	static ssize_t vprime_slot_##name##_store(                         \
		struct config_item *item, const char *page, size_t len)    \
	{                                                                  \
		return vprime_slot_store(item, page, len,                  \
					 vprime_slot_parse_##name);        \
	}                                                                  \
	CONFIGFS_ATTR(vprime_slot_, name)

static int vprime_slot_parse_dma_mask_bits(const char *page,
					   struct vprime_constraints *c)
{
	unsigned int bits;
	int ret;

	ret = kstrtouint(page, 0, &bits);
	if (ret)
		return ret;
	if (bits < 24 || bits > 64)
		return -EINVAL;
	c->dma_mask = DMA_BIT_MASK(bits);

	return 0;
}

VPRIME_SLOT_LIMIT(dma_mask_bits, "%u", fls64(vprime_slot_read(item).dma_mask));

static int vprime_slot_parse_max_segment_size(const char *page,
					      struct vprime_constraints *c)
{
	unsigned int size;
	int ret;

	ret = kstrtouint(page, 0, &size);
	if (ret)
		return ret;
	if (!size || !PAGE_ALIGNED(size))
		return -EINVAL;
	c->max_segment = size;

	return 0;
}

VPRIME_SLOT_LIMIT(max_segment_size, "%lu", vprime_slot_read(item).max_segment);

static int vprime_slot_parse_max_segments(const char *page,
					  struct vprime_constraints *c)
{
	unsigned int segments;
	int ret;

	ret = kstrtouint(page, 0, &segments);
	if (ret)
		return ret;
	if (!segments)
		return -EINVAL;
	c->max_segments = segments;

	return 0;
}

VPRIME_SLOT_LIMIT(max_segments, "%u", vprime_slot_read(item).max_segments);

static int vprime_slot_parse_contiguous(const char *page,
					struct vprime_constraints *c)
{
	return kstrtobool(page, &c->contiguous);
}

VPRIME_SLOT_LIMIT(contiguous, "%d", vprime_slot_read(item).contiguous);

static int vprime_slot_parse_cpu_access(const char *page,
					struct vprime_constraints *c)
{
	bool cpu_access;
	int ret;

	ret = kstrtobool(page, &cpu_access);
	if (ret)
		return ret;
	c->no_cpu = !cpu_access;

	return 0;
}

VPRIME_SLOT_LIMIT(cpu_access, "%d", !vprime_slot_read(item).no_cpu);

static ssize_t vprime_slot_plugged_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n",
			  vprime_slot_is_plugged(to_vprime_slot(item)));
}

static ssize_t vprime_slot_plugged_store(struct config_item *item,
					 const char *page, size_t len)
{
	bool plugged;
	int ret;

	ret = kstrtobool(page, &plugged);
	if (ret)
		return ret;

	return vprime_slot_plug(to_vprime_slot(item), plugged) ?: len;
}

CONFIGFS_ATTR(vprime_slot_, plugged);

static struct configfs_attribute *vprime_slot_attrs[] = {
	&vprime_slot_attr_dma_mask_bits,
	&vprime_slot_attr_max_segment_size,
	&vprime_slot_attr_max_segments,
	&vprime_slot_attr_contiguous,
	&vprime_slot_attr_cpu_access,
	&vprime_slot_attr_plugged,
	NULL,
};

const struct config_item_type vprime_slot_type = {
	.ct_attrs = vprime_slot_attrs,
	.ct_owner = THIS_MODULE,
};
