/* SPDX-License-Identifier: MIT */
#ifndef COLOR_READING_H
#define COLOR_READING_H

#include <stdbool.h>

/**
 * struct color_reading - a way to read Y'CbCr
 * @encoding: value of COLOR_ENCODING
 * @range: value of COLOR_RANGE
 * @kr: the encoding's weight of red
 * @kb: the encoding's weight of blue
 * @full: the samples use all of 0 to 255
 */
struct color_reading {
	const char *encoding;
	const char *range;
	double kr;
	double kb;
	bool full;
};

#define COLOR_READINGS 6

/* Every encoding with either range; the first is the default of a plane. */
extern const struct color_reading color_readings[COLOR_READINGS];

const struct color_reading *color_reading_find(const char *encoding, const char *range);

#endif
