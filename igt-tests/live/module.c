// SPDX-License-Identifier: MIT
/*
 * The module that puts the project's core in the place of the running kernel's:
 * loads it and takes it out. What is shared meanwhile is not known here.
 */
#include "module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "igt_api.h"

#define PATCH "/sys/kernel/livepatch/dmabuf_live"
#define DEFAULT_PATH "/vprime/modules/dma-buf/dmabuf_live.ko"

/* A task that sleeps in the core is signalled by livepatch after 15 s. */
#define TRANSITION_MS 60000
#define STEP_MS 20

const char *live_module_path(void)
{
	return getenv("VPRIME_LIVE") ?: DEFAULT_PATH;
}

bool live_is_loaded(void)
{
	return !access("/sys/module/dmabuf_live", F_OK);
}

void require_live_module(void)
{
	igt_require_f(!access("/sys/kernel/livepatch", F_OK), "a kernel without livepatch\n");
	igt_require_f(!access(live_module_path(), R_OK), "no %s\n", live_module_path());
	igt_require_f(!live_is_loaded(), "dmabuf_live is loaded already\n");
}

bool live_in_transition(void)
{
	int fd = open(PATCH "/transition", O_RDONLY | O_CLOEXEC);
	char value = '0';

	if (fd < 0)
		return false;
	igt_assert_eq(read(fd, &value, 1), 1);
	close(fd);
	return value != '0';
}

static bool is_there(void)
{
	return !access(PATCH, F_OK);
}

/* True when @pending came to be false in time. */
static bool wait_while(bool (*pending)(void))
{
	for (int waited = 0; waited < TRANSITION_MS; waited += STEP_MS) {
		if (!pending())
			return true;
		usleep(STEP_MS * 1000);
	}
	return false;
}

int live_open(void)
{
	int fd = open(live_module_path(), O_RDONLY | O_CLOEXEC);

	igt_assert_f(fd >= 0, "%s: %s\n", live_module_path(), strerror(errno));
	return fd;
}

int __live_begin_load(int fd)
{
	return syscall(SYS_finit_module, fd, "", 0) ? errno : 0;
}

void live_begin_load(void)
{
	int fd = live_open();

	igt_assert_eq(__live_begin_load(fd), 0);
	close(fd);
}

void live_wait_loaded(void)
{
	igt_assert_f(wait_while(live_in_transition), "some task does not go to the own core\n");
	igt_assert(is_there());
}

void live_load(void)
{
	live_begin_load();
	live_wait_loaded();
}

static bool __live_enable(bool enable)
{
	int fd = open(PATCH "/enabled", O_WRONLY | O_CLOEXEC);
	bool written;

	if (fd < 0)
		return false;
	written = write(fd, enable ? "1" : "0", 1) == 1;
	close(fd);
	return written;
}

void live_enable(bool enable)
{
	igt_assert(__live_enable(enable));
}

void live_force(void)
{
	int fd = open(PATCH "/force", O_WRONLY | O_CLOEXEC);

	igt_assert_errno(fd, 0);
	igt_assert_eq(write(fd, "1", 1), 1);
	close(fd);
}

void live_wait_disabled(void)
{
	igt_assert_f(wait_while(is_there), "some task does not go back to the stock core\n");
}

void live_disable(void)
{
	live_enable(false);
	live_wait_disabled();
}

/* Livepatch lets go of the module a moment after it is gone from sysfs. */
int __live_remove(void)
{
	for (int waited = 0; waited < 2000; waited += STEP_MS) {
		if (!syscall(SYS_delete_module, "dmabuf_live", O_NONBLOCK))
			return 0;
		if (errno != EWOULDBLOCK)
			break;
		usleep(STEP_MS * 1000);
	}
	return errno;
}

void live_unload(void)
{
	live_disable();
	igt_assert_eq(__live_remove(), 0);
}

void live_clean_up(void)
{
	if (!live_is_loaded())
		return;
	if (__live_enable(false))
		wait_while(is_there);
	__live_remove();
}
