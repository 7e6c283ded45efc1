/* SPDX-License-Identifier: MIT */
#ifndef FRAME_JSON_H
#define FRAME_JSON_H

#include <stdio.h>

#include "vprime_grab.h"

/* One line of JSON for a frame or an event. Returns 0 or -EIO. */
int frame_json_write(FILE *file, const struct vprime_grab_frame *frame);

#endif
