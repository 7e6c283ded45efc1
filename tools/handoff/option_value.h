/* SPDX-License-Identifier: MIT */
#ifndef OPTION_VALUE_H
#define OPTION_VALUE_H

#include <argp.h>
#include <stdint.h>

/* Each ends the program by argp_error() when @text is not what it should be. */

/* A decimal number from @min to @max. */
unsigned int option_number(struct argp_state *state, const char *text, unsigned int min,
			   unsigned int max);

/* "WxH", in pixels, none of them 0. */
void option_size(struct argp_state *state, const char *text, uint32_t *width, uint32_t *height);

#endif
