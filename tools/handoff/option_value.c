// SPDX-License-Identifier: MIT
/*
 * Values of options that more than one program has.
 */
#include "option_value.h"

#include <stdio.h>

unsigned int option_number(struct argp_state *state, const char *text, unsigned int min,
			   unsigned int max)
{
	unsigned int number;
	char end;

	if (sscanf(text, "%u%c", &number, &end) != 1 || number < min || number > max)
		argp_error(state, "'%s' is no number from %u to %u", text, min, max);
	return number;
}

void option_size(struct argp_state *state, const char *text, uint32_t *width, uint32_t *height)
{
	char end;

	if (sscanf(text, "%ux%u%c", width, height, &end) != 2 || !*width || !*height)
		argp_error(state, "'%s' is no size: write it as 1280x720", text);
}
