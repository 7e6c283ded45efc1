/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_CONNECTOR_H
#define VPRIME_CONNECTOR_H

struct vprime_device;

int vprime_connector_create(struct vprime_device *vdev);

#endif /* VPRIME_CONNECTOR_H */
