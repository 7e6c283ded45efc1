// SPDX-License-Identifier: MIT
/*
 * A shared buffer lives no longer than anybody has it. That it lives as long is
 * the business of vprime_share.
 */
#include "prime_subtests.h"

#include <unistd.h>

#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dmabuf_count.h"
#include "lib/dumb.h"
#include "lib/subtests.h"

static void exchange_and_forget(int exporter, int importer)
{
	struct dumb dumb = dumb_new(exporter, SHARED_SIZE);
	int dmabuf = prime_export(exporter, dumb.handle, DRM_CLOEXEC);
	uint32_t handle = prime_import(importer, dmabuf);

	close(dmabuf);
	dumb_free(&dumb);
	gem_close(importer, handle);
}

static void nothing_left(struct screen *screen)
{
	int before = dmabuf_count();

	for (int i = 0; i < 50; i++) {
		exchange_and_forget(cards.vgem, screen->kms.fd);
		exchange_and_forget(screen->kms.fd, cards.vgem);
		exchange_and_forget(screen->kms.fd, cards.second);
		exchange_and_forget(screen->kms.fd, cards.again);
	}
	dmabuf_assert_count(before);
}

/* The file of the card is closed with everything in it still open. */
static void nothing_left_behind_file(struct screen *screen)
{
	int before = dmabuf_count();

	(void)screen;
	for (int i = 0; i < 10; i++) {
		int card = drm_open_card("vprime", 0);
		struct dumb own = dumb_new(card, SHARED_SIZE);
		struct dumb foreign = dumb_new(cards.vgem, SHARED_SIZE);
		int one = prime_export(card, own.handle, DRM_CLOEXEC);
		int other = prime_export(cards.vgem, foreign.handle, DRM_CLOEXEC);

		prime_import(card, other);
		close(one);
		close(other);
		dumb_free(&foreign);
		own.handle = 0;
		close(card);
		dumb_free(&own);
	}
	dmabuf_assert_count(before);
}

static const struct subtest subtests[] = {
	{ "nothing-left", "After many exchanges there are as many dma-bufs as before.",
	  nothing_left },
	{ "nothing-left-behind-file", "Closing the card's file frees what it held.",
	  nothing_left_behind_file },
};

void lifetime_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
