/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one place that knows kernel versions; kbuild includes it before every
 * file. The window is 7.2 to 7.3. A shim names the release that made it
 * necessary and tests for the feature, not for the version, where it can.
 */
#ifndef VPRIME_COMPAT_H
#define VPRIME_COMPAT_H

#include <linux/version.h>

#if KERNEL_VERSION(7, 2, 0) > LINUX_VERSION_CODE
#error "vprime needs the headers of Linux 7.2 or newer"
#endif

/* Linux 7.3: VMA flags have a type of their own. */
#if KERNEL_VERSION(7, 3, 0) > LINUX_VERSION_CODE
#define vma_is_cow_mapping(vma) is_cow_mapping((vma)->vm_flags)
#endif

#endif /* VPRIME_COMPAT_H */
