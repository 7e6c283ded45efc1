// SPDX-License-Identifier: MIT
/*
 * The steps that a check is made of: one side makes and fills, the other imports,
 * looks and draws, and either of them goes.
 */
#include <string.h>
#include <unistd.h>

#include "igt_api.h"
#include "matrix.h"

void exchange_make(struct exchange *exchange)
{
	exchange->source.exporter->make(&exchange->source);
}

void exchange_fill(struct exchange *exchange, unsigned int turn)
{
	struct source *source = &exchange->source;

	if (source->exporter->fill)
		source->exporter->fill(source, turn);
	else
		share_noise(source->map, turn);
	memcpy(exchange->expected, source->map, SHARE_SIZE);
}

void exchange_open(struct exchange *exchange)
{
	exchange->user.importer->open(&exchange->user);
}

void exchange_import(struct exchange *exchange)
{
	const struct importer *importer = exchange->user.importer;
	int ret = importer->import(&exchange->user, exchange->source.fd);

	igt_require_f(!importer->refuses || ret != -importer->refuses,
		      "the memory lies in pieces, and the device wants it in one\n");
	igt_assert_eq(ret, 0);
}

void exchange_use(struct exchange *exchange, unsigned int turn)
{
	struct user *user = &exchange->user;

	if (user->importer->look)
		user->importer->look(user, exchange->expected);
	else
		user->importer->draw(user, turn, exchange->drawn);
}

void exchange_close_source(struct exchange *exchange)
{
	struct source *source = &exchange->source;

	close(source->fd);
	source->fd = -1;
	source->exporter->close(source);
	source->map = NULL;
	source->device = -1;
	source->video.fd = -1;
}

void exchange_drop(struct exchange *exchange)
{
	exchange->user.importer->drop(&exchange->user);
	exchange->user.map = exchange->user.loop.fd >= 0 ? exchange->user.map : NULL;
}

void exchange_close_user(struct exchange *exchange)
{
	const struct importer *importer = exchange->user.importer;

	importer->close(&exchange->user);
	exchange->user = (struct user){
		.importer = importer,
		.device = -1,
		.video.fd = -1,
		.loop.fd = -1,
	};
}

void exchange_try(struct exchange *exchange)
{
	exchange_open(exchange);
	exchange_import(exchange);
	exchange_drop(exchange);
	exchange_close_user(exchange);
}
