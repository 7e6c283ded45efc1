/* SPDX-License-Identifier: MIT */
#ifndef KERNEL_LOG_H
#define KERNEL_LOG_H

#include <stdbool.h>

/* From here on; false if it can't be read. */
bool kernel_log_begin(void);

/* Whether a report came since the last look; prints its first line. */
bool kernel_log_reports(void);
void kernel_log_end(void);

#endif
