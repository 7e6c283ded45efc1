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

bool crc_has_source(const struct screen *screen, const char *source)
{
	int control = open_crc(screen, "control", O_RDONLY);
	char text[256];
	ssize_t size = read(control, text, sizeof(text) - 1);

	close(control);
	igt_assert(size > 0);
	text[size] = 0;
	return strstr(text, source);
}

static int start(const struct screen *screen)
{
	int control = open_crc(screen, "control", O_WRONLY);

	igt_assert_eq(write(control, "auto", 4), 4);
	close(control);
	return open_crc(screen, "data", O_RDONLY | O_NONBLOCK);
}

/* A line is the frame's number and the CRC, both as 0x%08x. False: there is none. */
static bool read_line(int data, uint32_t *number, uint32_t *crc)
{
	char line[64], *end;
	ssize_t size = read(data, line, sizeof(line) - 1);

	if (size < 0 && errno == EAGAIN)
		return false;
	igt_assert(size > 0);
	line[size] = 0;

	*number = strtoul(line, &end, 16);
	*crc = strtoul(end, &end, 16);
	igt_assert_f(*end == '\n', "no CRC: %s\n", line);
	return true;
}

/* Asserts when the file is closed: nobody else could have CRCs then. */
static void wait_for_line(int data)
{
	struct pollfd readable = { .fd = data, .events = POLLIN };

	if (poll(&readable, 1, SCREEN_PATIENCE_MS) == 1)
		return;
	close(data);
	igt_assert_f(false, "no CRC came\n");
}

uint32_t crc_read(const struct screen *screen)
{
	int data = start(screen);
	uint32_t number, crc;

	wait_for_line(data);
	igt_assert(read_line(data, &number, &crc));
	close(data);
	return crc;
}

/* Nor while it is open here. */
unsigned int crc_read_burst(const struct screen *screen)
{
	uint32_t number, crc, last, first_crc;
	bool ascending = true, same = true;
	unsigned int count = 1;
	int data = start(screen);

	wait_for_line(data);
	igt_assert(read_line(data, &last, &first_crc));
	for (; read_line(data, &number, &crc); count++, last = number) {
		ascending &= number > last;
		same &= crc == first_crc;
	}
	close(data);
	igt_assert(ascending);
	igt_assert(same);
	return count;
}
