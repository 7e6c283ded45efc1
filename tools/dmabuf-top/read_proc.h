/* SPDX-License-Identifier: MIT */
#ifndef READ_PROC_H
#define READ_PROC_H

#include "snapshot.h"

/*
 * Who has descriptors and mappings of the snapshot's buffers. When the snapshot
 * comes from nowhere else, buffers are added as they are found.
 */
void read_proc(struct snapshot *snapshot);

#endif
