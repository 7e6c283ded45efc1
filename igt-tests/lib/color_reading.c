// SPDX-License-Identifier: MIT
/*
 * The ways to read Y'CbCr that a plane can be told, with the constants of
 * ITU-R BT.601-7, BT.709-6 and BT.2020-2. A scene names one for each plane, the
 * reference pictures compute with it.
 */
#include "color_reading.h"

#include <stddef.h>
#include <string.h>

#define READING(_encoding, _range, _kr, _kb)             \
	{                                                \
		.encoding = "ITU-R " _encoding " YCbCr", \
		.range = "YCbCr " #_range " range",      \
		.kr = _kr,                               \
		.kb = _kb,                               \
		.full = _range,                          \
	}

enum {
	limited,
	full,
};

const struct color_reading color_readings[COLOR_READINGS] = {
	READING("BT.601", limited, 0.299, 0.114),
	READING("BT.601", full, 0.299, 0.114),
	READING("BT.709", limited, 0.2126, 0.0722),
	READING("BT.709", full, 0.2126, 0.0722),
	READING("BT.2020", limited, 0.2627, 0.0593),
	READING("BT.2020", full, 0.2627, 0.0593),
};

const struct color_reading *color_reading_find(const char *encoding, const char *range)
{
	for (int i = 0; i < COLOR_READINGS; i++)
		if (!strcmp(color_readings[i].encoding, encoding) &&
		    !strcmp(color_readings[i].range, range))
			return &color_readings[i];
	return NULL;
}
