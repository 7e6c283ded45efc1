/* SPDX-License-Identifier: MIT */
#ifndef SLOW_PAGE_H
#define SLOW_PAGE_H

#include <stdint.h>
#include <sys/types.h>

/**
 * struct slow_page - two pages, of which whoever touches the second waits
 * @memory: both; the first is plain memory
 * @boundary: where the second begins
 * @card: a card of vprime whose buffer it is
 * @handle: of the buffer
 * @fence: what the wait is for
 * @mover: process that holds the buffer meanwhile
 */
struct slow_page {
	uint8_t *memory;
	uint8_t *boundary;
	int card;
	uint32_t handle;
	uint32_t fence;
	pid_t mover;
};

/*
 * As userfaultfd would, but on any kernel: from its begin until it is let go, or for ten
 * seconds. Who forks between these waits, too. @card is the first of vprime. All of them
 * assert; needs debugfs.
 */
struct slow_page slow_page_new(int card);

/* Writes where the slow page begins, before that, and has nobody's touch be remembered. */
void slow_page_write(const struct slow_page *page, const void *data, size_t size);
void slow_page_begin(struct slow_page *page);
void slow_page_let_go(struct slow_page *page);
void slow_page_free(struct slow_page *page);

#endif
