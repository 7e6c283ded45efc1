// SPDX-License-Identifier: MIT
/*
 * Calls of an administrator: devices that come and go, limits that change, buffers that
 * are moved. The first device stays: the reader of the canary has it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "call.h"
#include "parts.h"
#include "run.h"
#include "text.h"

#define SLOT "/sys/kernel/config/vprime/vprime.1/"
#define DRIVER "/sys/bus/platform/drivers/vprime/"

static void permit(void)
{
	char path[64];

	if (parts_node(1, "card", path, sizeof(path)))
		chmod(path, 0666);
	if (parts_node(1, "renderD", path, sizeof(path)))
		chmod(path, 0666);
}

static int64_t unplug(struct step *step, const uint64_t *args)
{
	(void)step;
	return args[0] ? text_put(DRIVER "unbind", "vprime.1") : text_put(SLOT "plugged", "0");
}

static int64_t plug(struct step *step, const uint64_t *args)
{
	int64_t ret = args[0] ? text_put(DRIVER "bind", "vprime.1") : text_put(SLOT "plugged", "1");

	(void)step;
	permit();
	return ret;
}

/* Both, with a while in between: devices are there most of the time. */
static int64_t replug(struct step *step, const uint64_t *args)
{
	int64_t ret = unplug(step, args);

	usleep(args[1] % 20000);
	return plug(step, args) < 0 ? -1 : ret;
}

static int64_t limit(struct step *step, const uint64_t *args)
{
	static const char *const files[] = { SLOT "dma_mask_bits", SLOT "max_segment_size",
					     SLOT "max_segments", SLOT "contiguous",
					     SLOT "cpu_access" };
	static const char *const usual[] = { "64", "4294963200", "4294967295", "0", "1" };
	unsigned int file = args[0] % 5;
	char text[24];

	(void)step;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)args[1]);
	text_put(files[file], text);
	if (args[2])
		return text_put(files[file], usual[file]);
	return 0;
}

static int64_t move_all(struct step *step, const uint64_t *args)
{
	(void)step;
	return text_put(args[0] ? "/sys/kernel/debug/dri/vprime.1/vprime_move" :
				  "/sys/kernel/debug/dri/vprime.0/vprime_move",
			"all");
}

static int64_t look(struct step *step, const uint64_t *args)
{
	static const char *const files[] = {
		"/sys/kernel/debug/dri/vprime.1/vprime_buffers",
		"/sys/kernel/debug/dri/vprime.0/vprime_buffers",
		"/sys/kernel/debug/dri/vprime.1/state",
		"/sys/kernel/debug/dri/vprime.1/gem_names",
		"/sys/kernel/debug/dri/vprime.1/clients",
		"/sys/kernel/debug/dri/vprime.1/framebuffer",
		"/sys/kernel/debug/dma_buf/bufinfo",
		"/sys/kernel/debug/dma_buf/buffers",
		"/sys/kernel/debug/sync/info",
	};

	(void)step;
	return text_read(files[args[0] % 9]);
}

const struct call plug_calls[] = {
	CALL("unplug", MODE_UNPLUG | MODE_RARE, 2, unplug, MAKES(KIND_NONE), MOST(NUMBER, 1)),
	CALL("plug", MODE_UNPLUG | MODE_RARE, 4, plug, MAKES(KIND_NONE), MOST(NUMBER, 1)),
	CALL("replug", MODE_UNPLUG | MODE_RARE, 10, replug, MAKES(KIND_NONE), MOST(NUMBER, 1),
	     ANY(US)),
	CALL("limit", MODE_UNPLUG, 3, limit, MAKES(KIND_NONE), MOST(NUMBER, 4), MOST(NUMBER, 64),
	     MOST(NUMBER, 1)),
	CALL("move_all", MODE_SCREEN | MODE_RARE, 5, move_all, MAKES(KIND_NONE), MOST(NUMBER, 1)),
	CALL("look", MODE_SCREEN, 3, look, MAKES(KIND_NONE), MOST(NUMBER, 8)),
	CALL_END,
};
