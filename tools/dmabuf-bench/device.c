// SPDX-License-Identifier: MIT
/*
 * Talks to the module dmabuf_bench. Knows nothing of what is measured.
 */
#include "device.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

static int device = -1;

void device_open(void)
{
	device = open("/dev/dmabuf_bench", O_RDWR | O_CLOEXEC);
	if (device < 0)
		err(EXIT_FAILURE, "/dev/dmabuf_bench");
}

int device_export(unsigned int pages, unsigned int flags)
{
	struct dmabuf_bench_export arg = { .pages = pages, .flags = flags };

	if (ioctl(device, DMABUF_BENCH_EXPORT, &arg))
		err(EXIT_FAILURE, "export of %u pages", pages);
	return arg.fd;
}

double device_loop(int fd, enum dmabuf_bench_work work, unsigned int turns)
{
	struct dmabuf_bench_loop arg = { .fd = fd, .work = work, .turns = turns };

	if (ioctl(device, DMABUF_BENCH_LOOP, &arg))
		err(EXIT_FAILURE, "loop %d", work);
	return (double)arg.ns / turns;
}
