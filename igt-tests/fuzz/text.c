// SPDX-License-Identifier: MIT
/*
 * Files of /proc, /sys and debugfs, which are written at once and read whole. Calls use
 * it, and whoever sets something up. errno is that of what went wrong.
 */
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int64_t done(int fd, int64_t result)
{
	int error = errno;

	close(fd);
	errno = error;
	return result;
}

int64_t text_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -1 : done(fd, write(fd, text, strlen(text)));
}

int64_t text_read(const char *path)
{
	char text[4096];
	int64_t length, total = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	while ((length = read(fd, text, sizeof(text))) > 0)
		total += length;
	return done(fd, length < 0 ? -1 : total);
}
