// SPDX-License-Identifier: MIT
/*
 * Another livepatch has one of the core's functions: below the core it is refused,
 * above it the log tells of it.
 */
#include "live_subtests.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/buffers.h"
#include "held.h"
#include "igt_api.h"
#include "module.h"

#define OTHER "/sys/kernel/livepatch/dmabuf_ontop"
#define OTHER_FILE "bench/dmabuf_ontop.ko"
#define PATIENCE_STEPS 3000

/* The beginning of what the core prints of it. */
#define HAS "livepatch dmabuf_ontop has dma_buf_attach_revocable"

static char read_char(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char value = '0';

	if (fd >= 0)
		igt_assert_eq(read(fd, &value, 1), 1);
	close(fd);
	return value;
}

/* Below the core's module, which is of the same kernel. */
static int open_other(void)
{
	const char *core = live_module_path();
	char path[256];

	snprintf(path, sizeof(path), "%.*s" OTHER_FILE, (int)(strrchr(core, '/') + 1 - core), core);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static void load_other(void)
{
	int fd = open_other(), step;

	igt_require_f(fd >= 0, "no " OTHER_FILE "\n");
	igt_assert_errno(syscall(SYS_finit_module, fd, "", 0), 0);
	close(fd);
	for (step = 0; read_char(OTHER "/transition") != '0'; step++) {
		igt_assert(step < PATIENCE_STEPS);
		usleep(20 * 1000);
	}
}

static void unload_other(void)
{
	int fd = open(OTHER "/enabled", O_WRONLY | O_CLOEXEC), step;

	igt_assert_errno(fd, 0);
	igt_assert_eq(write(fd, "0", 1), 1);
	close(fd);
	for (step = 0; syscall(SYS_delete_module, "dmabuf_ontop", O_NONBLOCK); step++) {
		igt_assert(step < PATIENCE_STEPS);
		usleep(20 * 1000);
	}
}

/* How many lines of the log have it. */
static unsigned int log_lines(const char *text)
{
	FILE *log = popen("dmesg", "r");
	unsigned int count = 0;
	char line[1024];

	igt_assert(log);
	while (fgets(line, sizeof(line), log))
		count += !!strstr(line, text);
	pclose(log);
	return count;
}

static void refused_above(void)
{
	unsigned int before = log_lines(HAS " already");
	int fd;

	load_other();
	fd = live_open();
	igt_assert_eq(__live_begin_load(fd), EBUSY);
	close(fd);
	igt_assert(!live_is_loaded());
	igt_assert_eq(log_lines(HAS " already"),
		      before + 1);
	unload_other();
}

static void told_of_below(void)
{
	unsigned int before = log_lines(HAS " too");

	live_load();
	hold_all();
	load_other();
	igt_assert_eq(log_lines(HAS " too"),
		      before + 1);
	held_check();
	unload_other();
	held_check();
	held_drop();
	live_unload();
}

static const struct live_subtest subtests[] = {
	{ "other-below", "The core does not come above another livepatch.", refused_above },
	{ "other-above", "One that comes above the core is told of.", told_of_below },
};

void other_subtests(void)
{
	RUN_LIVE_SUBTESTS(subtests);
}
