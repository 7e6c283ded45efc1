/* SPDX-License-Identifier: MIT */
#ifndef READ_DEBUGFS_H
#define READ_DEBUGFS_H

#include <stdbool.h>

#include "snapshot.h"

/*
 * The project's own core: /sys/kernel/debug/dma_buf/buffers, lines of a kind and
 * key=value, separated by tabs, values escaped. False if it can't be read.
 */
bool read_buffers(struct snapshot *snapshot);

/* Any core: /sys/kernel/debug/dma_buf/bufinfo, made for people. The same. */
bool read_bufinfo(struct snapshot *snapshot);

#endif
