// SPDX-License-Identifier: MIT
/*
 * Either side goes first, in order or by SIGKILL at each step: the other one has
 * the picture, and nothing is left behind.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/dmabuf_count.h"
#include "lib/fd_passing.h"
#include "matrix.h"

/* Steps after which a process is killed. */
enum step {
	OPENED,
	IMPORTED,
	USING,
	DROPPED,
	STEPS,
};

static enum step last_step;

static void exporter_first(struct exchange *exchange)
{
	exchange_make(exchange);
	exchange_fill(exchange, 1);
	exchange_open(exchange);
	exchange_import(exchange);
	exchange_close_source(exchange);
	exchange_use(exchange, 2);
	exchange_drop(exchange);
	dmabuf_assert_count(exchange->dmabufs);
	exchange_close_user(exchange);
}

static void importer_first(struct exchange *exchange)
{
	exchange_make(exchange);
	for (int i = 0; i < 2; i++) {
		exchange_fill(exchange, 3 + i);
		exchange_open(exchange);
		exchange_import(exchange);
		exchange_use(exchange, 4 + i);
		/* The second time with the import still in it. */
		if (!i)
			exchange_drop(exchange);
		exchange_close_user(exchange);
		if (exchange->user.importer->look)
			share_assert_same(exchange->source.map, exchange->expected, "afterwards");
		dmabuf_assert_count(exchange->dmabufs + 1);
	}
	exchange_close_source(exchange);
	dmabuf_assert_count(exchange->dmabufs);
}

static void use_for_ever(struct exchange *exchange, int socket)
{
	for (unsigned int turn = 0;; turn++) {
		exchange_use(exchange, turn);
		if (!turn)
			child_say(socket);
		if (!exchange->user.importer->look)
			exchange_import(exchange);
	}
}

static void import_until_killed(struct exchange *exchange, int socket)
{
	exchange_open(exchange);
	if (last_step > OPENED)
		exchange_import(exchange);
	if (last_step == USING)
		use_for_ever(exchange, socket);
	if (last_step > USING)
		exchange_drop(exchange);
	child_say(socket);
	child_wait(socket);
}

static void importer_killed(struct exchange *exchange)
{
	exchange_make(exchange);
	exchange_fill(exchange, 1);
	exchange_try(exchange);
	for (last_step = OPENED; last_step < STEPS; last_step++) {
		child_start(exchange, import_until_killed);
		child_hear(exchange);
		child_kill(exchange);
		dmabuf_assert_count(exchange->dmabufs + 1);
		/* It had no draw that was not asked for. */
		if (exchange->user.importer->look)
			share_assert_same(exchange->source.map, exchange->expected, "afterwards");
	}
	exchange_fill(exchange, 2);
	exchange_open(exchange);
	exchange_import(exchange);
	exchange_use(exchange, 3);
	exchange_close_user(exchange);
	exchange_close_source(exchange);
	dmabuf_assert_count(exchange->dmabufs);
}

/* Exports, hands over, and goes on filling if that is the step. */
static void export_until_killed(struct exchange *exchange, int socket)
{
	exchange_make(exchange);
	exchange_fill(exchange, 1);
	igt_assert_errno(send_fd(socket, exchange->source.fd), 0);
	child_wait(socket);
	for (unsigned int turn = 0; last_step == USING; turn++) {
		exchange_fill(exchange, turn);
		if (!turn)
			child_say(socket);
	}
	child_wait(socket);
}

/* What is in it now, whoever filled it. */
static void expect_as_it_is(struct exchange *exchange, int fd)
{
	void *map = mmap(NULL, SHARE_SIZE, PROT_READ, MAP_SHARED, fd, 0);

	igt_assert_f(map != MAP_FAILED, "%s\n", strerror(errno));
	memcpy(exchange->expected, map, SHARE_SIZE);
	munmap(map, SHARE_SIZE);
}

static void survive_exporter(struct exchange *exchange)
{
	child_start(exchange, export_until_killed);
	exchange->source.fd = receive_fd(exchange->child.socket);
	igt_assert(exchange->source.fd >= 0);
	exchange_open(exchange);
	if (last_step == OPENED)
		child_kill(exchange);
	exchange_import(exchange);
	if (last_step == USING) {
		child_say(exchange->child.socket);
		child_hear(exchange);
	}
	if (last_step != OPENED)
		child_kill(exchange);
	expect_as_it_is(exchange, exchange->source.fd);
	close(exchange->source.fd);
	exchange->source.fd = -1;
	exchange_use(exchange, 2);
	exchange_close_user(exchange);
	dmabuf_assert_count(exchange->dmabufs);
}

static void exporter_killed(struct exchange *exchange)
{
	exchange_make(exchange);
	exchange_try(exchange);
	exchange_close_source(exchange);
	for (last_step = OPENED; last_step < DROPPED; last_step++)
		survive_exporter(exchange);
}

static const struct check checks[] = {
	{ "exporter-first", "The exporter's handle and device are closed before the import.",
	  exporter_first },
	{ "importer-first", "The import goes, and another one is as good.", importer_first },
	{ "exporter-killed", "The exporter's process is killed at each step.", exporter_killed },
	{ "importer-killed", "The importer's process is killed at each step.", importer_killed },
};

void lifetime_checks(void)
{
	RUN_CHECKS(checks);
}
