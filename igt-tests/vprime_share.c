// SPDX-License-Identifier: MIT
/*
 * Everybody who shares buffers with vprime, as a matrix: exporters down, importers
 * across, and the same checks in every cell. The rest is what does not fit a cell:
 * formats, limits, races. The subtests are in share/, one file per matter.
 *
 * VPRIME_DRIVER or IGT_FORCE_DRIVER names another driver to be put in vprime's
 * place; what it has not skips.
 */
#include <stdlib.h>

#include "igt_api.h"
#include "share/matrix.h"

IGT_TEST_DESCRIPTION("Every way to share a buffer with another device, on any driver.");

static int option(int opt, int index, void *data)
{
	(void)index;
	(void)data;
	if (opt != 'C')
		return IGT_OPT_HANDLER_ERROR;
	matrix_list(stdout);
	exit(0);
}

static const struct option options[] = {
	{ "list-cells", no_argument, NULL, 'C' },
	{},
};

igt_main_args("", options, "  --list-cells\tThe matrix, one cell a line\n", option, NULL)
{
	content_checks();
	lifetime_checks();
	error_checks();
	fence_checks();
	limit_subtests();
	race_subtests();
	display_subtests();
	format_subtests();
}
