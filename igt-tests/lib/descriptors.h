/* SPDX-License-Identifier: MIT */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <sys/resource.h>

/*
 * From now on the process can't have another descriptor, until it is given what was
 * before. Between the two nothing may be asserted: the next subtest wants files.
 */
struct rlimit descriptors_deny(void);
void descriptors_allow(const struct rlimit *before);

#endif
