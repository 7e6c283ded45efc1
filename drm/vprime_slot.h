/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_SLOT_H
#define VPRIME_SLOT_H

#include <linux/configfs.h>
#include <linux/device.h>

#include "vprime_constraints.h"

struct platform_device;

#define VPRIME_MAX_SLOTS 16

/**
 * struct vprime_slot - a slot
 * @group: its directory
 * @pdev: what is plugged in, or NULL. Protected by vprime_slot_plug_lock
 * @dev: the same, while it is bound. Protected by vprime_slot_lock
 * @constraints: what the device can use. Protected by vprime_slot_lock
 */
struct vprime_slot {
	struct config_group group;
	struct platform_device *pdev;
	struct device *dev;
	struct vprime_constraints constraints;
};

static inline struct vprime_slot *to_vprime_slot(struct config_item *item)
{
	return container_of(to_config_group(item), struct vprime_slot, group);
}

extern const struct config_item_type vprime_slot_type;

int vprime_slot_init(unsigned int count);
void vprime_slot_exit(void);

int vprime_slot_bind(struct device *dev);
void vprime_slot_unbind(struct device *dev);
bool vprime_slot_constraints(const struct device *dev,
			     struct vprime_constraints *c);

int vprime_slot_plug(struct vprime_slot *slot, bool plugged);
bool vprime_slot_is_plugged(const struct vprime_slot *slot);
void vprime_slot_get(struct vprime_slot *slot, struct vprime_constraints *c);
void vprime_slot_set(struct vprime_slot *slot,
		     const struct vprime_constraints *c);

#endif /* VPRIME_SLOT_H */
