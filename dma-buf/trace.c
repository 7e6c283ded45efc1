// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the trace events of trace.h are defined. The functions that trace
 * include the header alone; the stock core's events are the form's.
 */

#define CREATE_TRACE_POINTS
#include "trace.h"
