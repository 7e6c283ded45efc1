// SPDX-License-Identifier: MIT
/*
 * Requests that can't be granted, to both sides: each has its errno and loses
 * nothing.
 */
#include <fcntl.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/cpu_buffer.h"
#include "lib/dmabuf_count.h"
#include "matrix.h"

static void refuse_descriptors(struct exchange *exchange)
{
	const struct importer *importer = exchange->user.importer;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), pipes[2];

	igt_assert_errno(pipe2(pipes, O_CLOEXEC), 0);
	igt_assert_eq(importer->import(&exchange->user, -1), -importer->no_fd);
	igt_assert_eq(importer->import(&exchange->user, 1000000), -importer->no_fd);
	igt_assert_eq(importer->import(&exchange->user, null), -importer->no_dmabuf);
	igt_assert_eq(importer->import(&exchange->user, pipes[0]), -importer->no_dmabuf);
	close(null);
	close(pipes[0]);
	close(pipes[1]);
}

static void refuse_small(struct exchange *exchange)
{
	const struct importer *importer = exchange->user.importer;
	int memfd, small;

	if (!importer->too_small)
		return;
	small = udmabuf_buffer(sysconf(_SC_PAGESIZE), &memfd);
	igt_assert_eq(importer->import(&exchange->user, small), -importer->too_small);
	close(small);
	close(memfd);
}

/* The number of a descriptor that was closed, in the place of the device's. */
static void refuse_closed(struct exchange *exchange)
{
	struct user closed = exchange->user;
	int number;

	if (closed.device < 0)
		return;
	number = fcntl(closed.device, F_DUPFD_CLOEXEC, 0);
	close(number);
	closed.device = number;
	closed.video.fd = number;
	igt_assert_eq(closed.importer->import(&closed, exchange->source.fd), -EBADF);
}

static void errors(struct exchange *exchange)
{
	const struct importer *importer = exchange->user.importer;
	int ret;

	exchange_make(exchange);
	exchange_fill(exchange, 1);
	exchange_open(exchange);
	exchange->source.exporter->refuse(&exchange->source);
	refuse_descriptors(exchange);
	refuse_small(exchange);
	refuse_closed(exchange);

	ret = importer->import(&exchange->user, exchange->source.fd);
	if (exchange_is_too_long(exchange, ret)) {
		igt_info("its pieces are longer than what this machine maps\n");
	} else if (ret && importer->refuses) {
		igt_assert_eq(ret, -importer->refuses);
	} else {
		igt_assert_eq(ret, 0);
		exchange_use(exchange, 2);
	}
	exchange_close_user(exchange);
	exchange_close_source(exchange);
	dmabuf_assert_count(exchange->dmabufs);
}

static const struct check checks[] = {
	{ "errors", "Wrong descriptors, flags and devices are refused, and nothing is lost.",
	  errors },
};

void error_checks(void)
{
	RUN_CHECKS(checks);
}
