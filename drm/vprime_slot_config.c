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

static ssize_t vprime_slot_dma_mask_bits_show(struct config_item *item,
					      char *page)
{
	struct vprime_constraints c;

	vprime_slot_get(to_vprime_slot(item), &c);

	return sysfs_emit(page, "%u\n", fls64(c.dma_mask));
}

static ssize_t vprime_slot_dma_mask_bits_store(struct config_item *item,
					       const char *page, size_t len)
{
	struct vprime_constraints c;
	unsigned int bits;
	int ret;

	ret = kstrtouint(page, 0, &bits);
	if (ret)
		return ret;
	if (bits < 24 || bits > 64)
		return -EINVAL;

	guard(mutex)(&vprime_slot_config_lock);
	vprime_slot_get(to_vprime_slot(item), &c);
	c.dma_mask = DMA_BIT_MASK(bits);
	vprime_slot_set(to_vprime_slot(item), &c);

	return len;
}

static ssize_t vprime_slot_max_segment_size_show(struct config_item *item,
						 char *page)
{
	struct vprime_constraints c;

	vprime_slot_get(to_vprime_slot(item), &c);

	return sysfs_emit(page, "%lu\n", c.max_segment);
}

static ssize_t vprime_slot_max_segment_size_store(struct config_item *item,
						  const char *page, size_t len)
{
	struct vprime_constraints c;
	unsigned int size;
	int ret;

	ret = kstrtouint(page, 0, &size);
	if (ret)
		return ret;
	if (!size || !PAGE_ALIGNED(size))
		return -EINVAL;

	guard(mutex)(&vprime_slot_config_lock);
	vprime_slot_get(to_vprime_slot(item), &c);
	c.max_segment = size;
	vprime_slot_set(to_vprime_slot(item), &c);

	return len;
}

static ssize_t vprime_slot_max_segments_show(struct config_item *item,
					     char *page)
{
	struct vprime_constraints c;

	vprime_slot_get(to_vprime_slot(item), &c);

	return sysfs_emit(page, "%u\n", c.max_segments);
}

static ssize_t vprime_slot_max_segments_store(struct config_item *item,
					      const char *page, size_t len)
{
	struct vprime_constraints c;
	unsigned int segments;
	int ret;

	ret = kstrtouint(page, 0, &segments);
	if (ret)
		return ret;
	if (!segments)
		return -EINVAL;

	guard(mutex)(&vprime_slot_config_lock);
	vprime_slot_get(to_vprime_slot(item), &c);
	c.max_segments = segments;
	vprime_slot_set(to_vprime_slot(item), &c);

	return len;
}

static ssize_t vprime_slot_contiguous_show(struct config_item *item, char *page)
{
	struct vprime_constraints c;

	vprime_slot_get(to_vprime_slot(item), &c);

	return sysfs_emit(page, "%d\n", c.contiguous);
}

static ssize_t vprime_slot_contiguous_store(struct config_item *item,
					    const char *page, size_t len)
{
	struct vprime_constraints c;
	bool contiguous;
	int ret;

	ret = kstrtobool(page, &contiguous);
	if (ret)
		return ret;

	guard(mutex)(&vprime_slot_config_lock);
	vprime_slot_get(to_vprime_slot(item), &c);
	c.contiguous = contiguous;
	vprime_slot_set(to_vprime_slot(item), &c);

	return len;
}

static ssize_t vprime_slot_cpu_access_show(struct config_item *item, char *page)
{
	struct vprime_constraints c;

	vprime_slot_get(to_vprime_slot(item), &c);

	return sysfs_emit(page, "%d\n", !c.no_cpu);
}

static ssize_t vprime_slot_cpu_access_store(struct config_item *item,
					    const char *page, size_t len)
{
	struct vprime_constraints c;
	bool cpu_access;
	int ret;

	ret = kstrtobool(page, &cpu_access);
	if (ret)
		return ret;

	guard(mutex)(&vprime_slot_config_lock);
	vprime_slot_get(to_vprime_slot(item), &c);
	c.no_cpu = !cpu_access;
	vprime_slot_set(to_vprime_slot(item), &c);

	return len;
}

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

CONFIGFS_ATTR(vprime_slot_, dma_mask_bits);
CONFIGFS_ATTR(vprime_slot_, max_segment_size);
CONFIGFS_ATTR(vprime_slot_, max_segments);
CONFIGFS_ATTR(vprime_slot_, contiguous);
CONFIGFS_ATTR(vprime_slot_, cpu_access);
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
