/* SPDX-License-Identifier: MIT */
#ifndef EDID_OVERRIDE_H
#define EDID_OVERRIDE_H

#include <stddef.h>
#include <stdint.h>

#include <xf86drmMode.h>

#include "lib/screen.h"

#define EDID_BLOCK 128

/* The EDID that the connector has when it is asked anew; the caller frees it. All assert. */
drmModePropertyBlobPtr screen_edid(struct screen *screen);

/* Gives the connector of the first card of vprime another EDID; NULL: its own again. */
void edid_override(const uint8_t *edid, size_t size);

/* To be called when a block was changed. */
void edid_seal(uint8_t *block);

#endif
