// SPDX-License-Identifier: MIT
/*
 * The steps that a check is made of: one side makes and fills, the other imports,
 * looks and draws, and either of them goes.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/dma-buf.h>

#include "igt_api.h"
#include "lib/bounce.h"
#include "matrix.h"

void exchange_make(struct exchange *exchange)
{
	exchange->source.exporter->make(&exchange->source);
}

/* Some exporters map for a device of their own then, in pieces that may be too long. */
void exchange_bracket(const struct exchange *exchange, bool begin)
{
	struct dma_buf_sync sync = {
		.flags = (begin ? DMA_BUF_SYNC_START : DMA_BUF_SYNC_END) | DMA_BUF_SYNC_WRITE,
	};
	int ret = ioctl(exchange->source.fd, DMA_BUF_IOCTL_SYNC, &sync);

	igt_require_f(!ret || errno != EIO || !bounce_all() || exchange->source.exporter->ours,
		      "the exporter's pieces are too long to be bounced\n");
	igt_assert_errno(ret, 0);
}

void exchange_fill(struct exchange *exchange, unsigned int turn)
{
	struct source *source = &exchange->source;

	/* Who holds it has begun. */
	if (exchange->hold.card < 0)
		exchange_bracket(exchange, true);
	if (source->exporter->fill)
		source->exporter->fill(source, turn);
	else
		share_noise(source->map, turn);
	if (exchange->hold.card < 0)
		exchange_bracket(exchange, false);
	memcpy(exchange->expected, source->map, SHARE_SIZE);
}

void exchange_open(struct exchange *exchange)
{
	exchange->user.importer->open(&exchange->user);
}

/* Some exporters make pieces without a look at what is to map them. */
bool exchange_is_too_long(const struct exchange *exchange, int ret)
{
	const struct exporter *exporter = exchange->source.exporter;

	return bounce_all() && !exporter->ours &&
	       ret == -(exporter->unmapped ? exporter->unmapped : EIO);
}

void exchange_import(struct exchange *exchange)
{
	const struct importer *importer = exchange->user.importer;
	int ret = importer->import(&exchange->user, exchange->source.fd);

	igt_require_f(!importer->refuses || ret != -importer->refuses,
		      "the memory lies in pieces, and the device wants it in one\n");
	igt_require_f(!exchange_is_too_long(exchange, ret),
		      "the exporter's pieces are longer than what this machine maps\n");
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
