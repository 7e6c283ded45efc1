/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_KMS_H
#define VPRIME_KMS_H

struct vprime_device;

int vprime_kms_init(struct vprime_device *vdev);
void vprime_kms_blank_console(struct vprime_device *vdev);
void vprime_kms_shutdown(struct vprime_device *vdev);

#endif /* VPRIME_KMS_H */
