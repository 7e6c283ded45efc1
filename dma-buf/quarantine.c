// SPDX-License-Identifier: GPL-2.0-only
/*
 * In strict mode an attachment is not freed when it is detached, but when 64 more
 * were: who uses it until then is told so by attachment.c, which puts them here.
 * Their buffers may be gone: nothing here looks at them.
 */

#include <linux/minmax.h>
#include <linux/spinlock.h>

#include "form.h"
#include "quarantine.h"

#define PLACES 64

static DEFINE_SPINLOCK(lock);
static struct dma_buf_attachment *kept[PLACES];
static unsigned int next;

/* Put one, or NULL, in a place, and free what was there. */
static void put_in(unsigned int place, struct dma_buf_attachment *attach)
{
	spin_lock(&lock);
	swap(kept[place], attach);
	spin_unlock(&lock);
	if (attach)
		dmabuf_form_free_attachment(attach);
}

void dmabuf_quarantine_add(struct dma_buf_attachment *attach)
{
	unsigned int place;

	spin_lock(&lock);
	place = next;
	next = (next + 1) % PLACES;
	spin_unlock(&lock);
	put_in(place, attach);
}

void dmabuf_quarantine_end(void)
{
	unsigned int place;

	for (place = 0; place < PLACES; place++)
		put_in(place, NULL);
}
