// SPDX-License-Identifier: MIT
/*
 * The frame buffer device that DRM makes of a card for the text console. Whoever draws
 * into it by mmap has the kernel wait for vblanks in his place: in a slow mode, and when
 * the card is unplugged meanwhile. A warning in the kernel's log fails the test.
 */
#include "kms_subtests.h"

#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/fb.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/made_mode.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define ROUNDS 12
#define DRAWN (4 << 20)

/* The device of the card in the slot, as soon as it is there. */
static int open_console(unsigned int slot)
{
	char pattern[96], *name;
	int fd = -1;
	glob_t found;

	snprintf(pattern, sizeof(pattern), "/sys/devices/platform/vprime.%u/graphics/fb*", slot);
	for (int try = 0; fd < 0 && try < 100; try++) {
		usleep(50000);
		if (glob(pattern, 0, NULL, &found))
			continue;
		name = strrchr(found.gl_pathv[0], '/');
		snprintf(pattern, sizeof(pattern), "/dev%s", name);
		globfree(&found);
		fd = open(pattern, O_RDWR | O_CLOEXEC);
		igt_assert(fd >= 0);
	}
	return fd;
}

static int plug(bool plugged)
{
	int fd = open("/sys/kernel/config/vprime/vprime.1/plugged", O_WRONLY | O_CLOEXEC);
	ssize_t ret;

	igt_require_f(fd >= 0, "needs a second card\n");
	ret = write(fd, plugged ? "1" : "0", 1);
	close(fd);
	return ret == 1 ? 0 : -1;
}

/* A page now and then: each is found by a fault, and drawn by the kernel's worker. */
static pid_t start_drawing(int console)
{
	volatile uint32_t *map;
	uint32_t vsync = 0;
	pid_t pid = fork();

	igt_assert(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	map = mmap(NULL, DRAWN, PROT_READ | PROT_WRITE, MAP_SHARED, console, 0);
	if (map == MAP_FAILED)
		_exit(1);
	for (uint32_t i = 0;; i += 1024) {
		map[i % (DRAWN / 4)] = i;
		usleep(500);
		if (i % 65536 == 0)
			ioctl(console, FBIO_WAITFORVSYNC, &vsync);
	}
}

static void unplugged_while_drawn(struct screen *screen)
{
	(void)screen;
	for (int round = 0; round < ROUNDS; round++) {
		int console = open_console(1);
		pid_t pid;

		igt_require_f(console >= 0, "the kernel makes no frame buffer devices\n");
		pid = start_drawing(console);
		close(console);
		usleep(150000 + round * 3000);
		igt_assert_eq(plug(false), 0);
		usleep(20000);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		igt_assert_eq(plug(true), 0);
	}
}

/* The slowest mode stays when its master has gone, and a frame lasts a second. */
static void slow_mode(struct screen *screen)
{
	drmModeModeInfo slow = made_mode(64, 64, 1000, 1000, 1000);
	int console = open_console(0);
	uint32_t vsync = 0;

	igt_require_f(console >= 0, "the kernel makes no frame buffer devices\n");
	screen_use_mode(screen, &slow);
	scene_show(screen, NULL, 0);
	igt_assert_errno(drmDropMaster(screen->kms.fd), 0);
	for (int i = 0; i < 4; i++) {
		ioctl(console, FBIO_WAITFORVSYNC, &vsync);
		usleep(200000 * i);
	}
	close(console);
	igt_assert_errno(drmSetMaster(screen->kms.fd), 0);
	screen_set_mode(screen, 640, 480);
	scene_show(screen, NULL, 0);
}

static const struct subtest subtests[] = {
	{ "console-unplugged", "A card goes while its console is drawn.", unplugged_while_drawn },
	{ "console-slow", "The console waits for the slowest mode there is.", slow_mode },
};

void console_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
