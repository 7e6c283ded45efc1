// SPDX-License-Identifier: MIT
/*
 * The CRC of what a CRTC shows, from debugfs: <minor>/crtc-<index>/crc/{control,data}.
 * Read by the tests of the CRC itself; other tests look at the picture. Must not
 * know how the value is computed.
 */
#include "crc.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "igt_api.h"

static int open_crc(const struct screen *screen, const char *name, int flags)
{
	char path[128];
	struct stat st;
	int fd;

	igt_assert_eq(fstat(screen->kms.fd, &st), 0);
	snprintf(path, sizeof(path), "/sys/kernel/debug/dri/%u/crtc-0/crc/%s",
		 minor(st.st_rdev), name);
	fd = open(path, flags | O_CLOEXEC);
	igt_assert_f(fd >= 0, "%s: %s\n", path, strerror(errno));
	return fd;
}

/* A line is the frame's number and the CRC, both as 0x%08x. */
uint32_t crc_read(const struct screen *screen)
{
	int control = open_crc(screen, "control", O_WRONLY);
	struct pollfd data = { .events = POLLIN };
	char line[64], *end;
	uint32_t crc;
	ssize_t size;

	igt_assert_eq(write(control, "auto", 4), 4);
	close(control);
	data.fd = open_crc(screen, "data", O_RDONLY | O_NONBLOCK);
	igt_assert_f(poll(&data, 1, SCREEN_PATIENCE_MS) == 1, "no CRC came\n");
	size = read(data.fd, line, sizeof(line) - 1);
	close(data.fd);
	igt_assert(size > 0);
	line[size] = 0;

	strtoul(line, &end, 16);
	crc = strtoul(end, &end, 16);
	igt_assert_f(*end == '\n', "no CRC: %s\n", line);
	return crc;
}
