// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slots: where devices are plugged in, and what they pretend to be limited by. A
 * slot is a directory in configfs, /sys/kernel/config/vprime/vprime.N, and stays
 * when its device is unplugged. The module makes them, devices find theirs by
 * name; vprime_constraints.c asks for the limits. The files in the directory are
 * vprime_slot_config.c's.
 */

#include <linux/configfs.h>
#include <linux/dma-mapping.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>

#include "vprime_constraints.h"
#include "vprime_slot.h"

static struct vprime_slot vprime_slots[VPRIME_MAX_SLOTS];
static unsigned int vprime_slot_count;

/* Held while a device comes or goes. Outside all locks of the device. */
static DEFINE_MUTEX(vprime_slot_plug_lock);

/* Innermost. */
static DEFINE_SPINLOCK(vprime_slot_lock);

/*
 * The DMA API's own idea of the device, so that exporters who ask it see the
 * limits, and no longer pieces than it maps. It is never told of less than 32 bits:
 * it shouts in the kernel log when a foreign exporter maps what such a device can't
 * reach.
 */
static void vprime_slot_apply_locked(struct vprime_slot *slot)
{
	u64 mask = slot->constraints.dma_mask | DMA_BIT_MASK(32);
	size_t longest = slot->constraints.max_segment;

	lockdep_assert_held(&vprime_slot_lock);

	if (!slot->dev)
		return;

	WRITE_ONCE(*slot->dev->dma_mask, mask);
	longest = min(longest, dma_max_mapping_size(slot->dev) & PAGE_MASK);
	dma_set_max_seg_size(slot->dev, longest);
}

/**
 * vprime_slot_bind - a device found its slot
 * @dev: device that is probed
 *
 * Return: 0 or -ENODEV.
 */
int vprime_slot_bind(struct device *dev)
{
	unsigned int i;

	for (i = 0; i < vprime_slot_count; i++) {
		struct vprime_slot *slot = &vprime_slots[i];

		if (strcmp(dev_name(dev), config_item_name(&slot->group.cg_item)))
			continue;

		spin_lock(&vprime_slot_lock);
		slot->dev = dev;
		vprime_slot_apply_locked(slot);
		spin_unlock(&vprime_slot_lock);

		return 0;
	}

	return -ENODEV;
}

/**
 * vprime_slot_unbind - a device leaves its slot
 * @dev: device that is removed
 */
void vprime_slot_unbind(struct device *dev)
{
	unsigned int i;

	spin_lock(&vprime_slot_lock);
	for (i = 0; i < vprime_slot_count; i++)
		if (vprime_slots[i].dev == dev)
			vprime_slots[i].dev = NULL;
	spin_unlock(&vprime_slot_lock);
}

/**
 * vprime_slot_constraints - tell the limits of a device of ours
 * @dev: device, of any driver
 * @c: filled in if it is ours
 *
 * Context: any but hard interrupts.
 *
 * Return: false if the device is not ours.
 */
bool vprime_slot_constraints(const struct device *dev,
			     struct vprime_constraints *c)
{
	unsigned int i;

	guard(spinlock)(&vprime_slot_lock);
	for (i = 0; i < vprime_slot_count; i++) {
		if (vprime_slots[i].dev == dev) {
			*c = vprime_slots[i].constraints;
			return true;
		}
	}

	return false;
}

/* The driver is there already, so a device that is not bound now never came up. */
static int vprime_slot_add_locked(struct vprime_slot *slot)
{
	const struct platform_device_info info = {
		.name = "vprime",
		.id = slot - vprime_slots,
		.dma_mask = DMA_BIT_MASK(64),
	};
	struct platform_device *pdev;

	pdev = platform_device_register_full(&info);
	if (IS_ERR(pdev))
		return -ENODEV;
	if (!device_is_bound(&pdev->dev)) {
		platform_device_unregister(pdev);
		return -ENODEV;
	}
	WRITE_ONCE(slot->pdev, pdev);

	return 0;
}

static int vprime_slot_plug_locked(struct vprime_slot *slot, bool plugged)
{
	lockdep_assert_held(&vprime_slot_plug_lock);

	if (plugged == !!slot->pdev)
		return 0;

	if (plugged)
		return vprime_slot_add_locked(slot);
	platform_device_unregister(slot->pdev);
	WRITE_ONCE(slot->pdev, NULL);

	return 0;
}

/**
 * vprime_slot_plug - plug a device into a slot, or unplug it
 * @slot: slot
 * @plugged: whether there shall be one
 *
 * Context: process, no lock held.
 *
 * Return: 0, also if nothing had to be done; -ENODEV if the device did not come up,
 * for whatever reason.
 */
int vprime_slot_plug(struct vprime_slot *slot, bool plugged)
{
	guard(mutex)(&vprime_slot_plug_lock);

	return vprime_slot_plug_locked(slot, plugged);
}

/**
 * vprime_slot_is_plugged - ask whether there is a device
 * @slot: slot
 *
 * Return: true if there is.
 */
bool vprime_slot_is_plugged(const struct vprime_slot *slot)
{
	return READ_ONCE(slot->pdev);
}

/**
 * vprime_slot_get - tell a slot's limits
 * @slot: slot
 * @c: filled in
 */
void vprime_slot_get(struct vprime_slot *slot, struct vprime_constraints *c)
{
	guard(spinlock)(&vprime_slot_lock);
	*c = slot->constraints;
}

/**
 * vprime_slot_set - change a slot's limits
 * @slot: slot
 * @c: limits, valid; they hold for what is done afterwards
 */
void vprime_slot_set(struct vprime_slot *slot,
		     const struct vprime_constraints *c)
{
	guard(spinlock)(&vprime_slot_lock);
	slot->constraints = *c;
	vprime_slot_apply_locked(slot);
}

static const struct config_item_type vprime_slot_root_type = {
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem vprime_slot_subsystem = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "vprime",
			.ci_type = &vprime_slot_root_type,
		},
	},
	.su_mutex = __MUTEX_INITIALIZER(vprime_slot_subsystem.su_mutex),
};

static void vprime_slot_unplug_all(void)
{
	unsigned int i;

	mutex_lock(&vprime_slot_plug_lock);
	for (i = 0; i < vprime_slot_count; i++)
		vprime_slot_plug_locked(&vprime_slots[i], false);
	mutex_unlock(&vprime_slot_plug_lock);
}

static int vprime_slot_plug_all(void)
{
	unsigned int i;
	int ret = 0;

	mutex_lock(&vprime_slot_plug_lock);
	for (i = 0; i < vprime_slot_count && !ret; i++)
		ret = vprime_slot_plug_locked(&vprime_slots[i], true);
	mutex_unlock(&vprime_slot_plug_lock);

	return ret;
}

/**
 * vprime_slot_init - make the slots, and plug a device into each
 * @count: how many, up to VPRIME_MAX_SLOTS
 *
 * Their driver is registered already.
 *
 * Return: 0 or a negative error code; -ENODEV if a device did not come up.
 */
int vprime_slot_init(unsigned int count)
{
	char name[sizeof("vprime.4294967295")];
	unsigned int i;
	int ret;

	vprime_slot_count = count;

	config_group_init(&vprime_slot_subsystem.su_group);
	for (i = 0; i < count; i++) {
		struct vprime_slot *slot = &vprime_slots[i];

		slot->constraints = VPRIME_CONSTRAINTS_NONE;
		snprintf(name, sizeof(name), "vprime.%u", i);
		config_group_init_type_name(&slot->group, name,
					    &vprime_slot_type);
		configfs_add_default_group(&slot->group,
					   &vprime_slot_subsystem.su_group);
	}

	ret = vprime_slot_plug_all();
	if (ret)
		goto err_unplug;
	ret = configfs_register_subsystem(&vprime_slot_subsystem);
	if (ret)
		goto err_unplug;

	return 0;

err_unplug:
	vprime_slot_unplug_all();
	return ret;
}

/**
 * vprime_slot_exit - unplug all devices, and remove the slots
 */
void vprime_slot_exit(void)
{
	configfs_unregister_subsystem(&vprime_slot_subsystem);
	vprime_slot_unplug_all();
}
