// SPDX-License-Identifier: MIT
/*
 * A picture goes over in both directions: what one side made by its own door is
 * what the other one sees by its own.
 */
#include <string.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/fd_passing.h"
#include "matrix.h"

/* Two pictures, one after the other: no copy was kept of the first. */
static void looked_at(struct exchange *exchange)
{
	struct user *user = &exchange->user;

	user->importer->look(user, exchange->expected);
	exchange_fill(exchange, 2);
	user->importer->look(user, exchange->expected);
}

static void drawn(struct exchange *exchange)
{
	struct user *user = &exchange->user;

	user->importer->draw(user, 3, exchange->drawn);
	igt_assert(memcmp(exchange->drawn, exchange->expected, SHARE_SIZE));
	share_assert_same(exchange->source.map, exchange->drawn, "at the exporter's");
}

static void content(struct exchange *exchange)
{
	exchange_make(exchange);
	exchange_fill(exchange, 1);
	exchange_open(exchange);
	exchange_import(exchange);
	if (exchange->user.importer->look)
		looked_at(exchange);
	if (exchange->user.importer->draw)
		drawn(exchange);
	exchange_drop(exchange);
	exchange_close_user(exchange);
	exchange_close_source(exchange);
}

/* Another process that was given the descriptor and knows nothing else. */
static void use_what_comes(struct exchange *exchange, int socket)
{
	struct user *user = &exchange->user;

	exchange->source.fd = receive_fd(socket);
	igt_assert(exchange->source.fd >= 0);
	exchange_open(exchange);
	exchange_import(exchange);
	close(exchange->source.fd);
	if (user->importer->look)
		user->importer->look(user, exchange->expected);
	if (user->importer->draw)
		user->importer->draw(user, 4, exchange->drawn);
	exchange_drop(exchange);
	exchange_close_user(exchange);
}

static void sent(struct exchange *exchange)
{
	exchange_make(exchange);
	exchange_try(exchange);
	child_start(exchange, use_what_comes);
	exchange_fill(exchange, 5);
	igt_assert_errno(send_fd(exchange->child.socket, exchange->source.fd), 0);
	close(exchange->source.fd);
	exchange->source.fd = -1;
	child_join(exchange);
	if (exchange->user.importer->draw)
		share_assert_same(exchange->source.map, exchange->drawn, "at the exporter's");
	exchange_close_source(exchange);
}

static const struct check checks[] = {
	{ "content", "What one side draws the other one sees, both ways.", content },
	{ "socket", "A process that gets the descriptor by a socket is as good as its own.",
	  sent },
};

void content_checks(void)
{
	RUN_CHECKS(checks);
}
