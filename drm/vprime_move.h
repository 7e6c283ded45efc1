/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_MOVE_H
#define VPRIME_MOVE_H

struct device;
struct vprime_device;
struct vprime_gem;

int vprime_move(struct vprime_gem *gem);
int vprime_move_suit_locked(struct vprime_gem *gem, struct device *dev);
void vprime_move_revoke_all(struct vprime_device *vdev);

#endif /* VPRIME_MOVE_H */
