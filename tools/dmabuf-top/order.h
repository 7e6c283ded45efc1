/* SPDX-License-Identifier: MIT */
#ifndef ORDER_H
#define ORDER_H

#include "snapshot.h"

/* What buffers can be sorted by; numbers come with the largest first. */
enum order {
	ORDER_SIZE,
	ORDER_AGE,
	ORDER_REFS,
	ORDER_FDS,
	ORDER_MAPS,
	ORDER_DEVICES,
	ORDER_EXPORTER,
	ORDER_CREATOR,
	ORDER_NAME,
	ORDER_INODE,
	ORDER_COUNT,
};

/* Words of the command line, NULL behind the last; the letter is the live view's key. */
extern const char *const order_words[ORDER_COUNT + 1];
extern const char order_keys[ORDER_COUNT + 1];

/* ORDER_COUNT if there is no such word. */
enum order order_by_word(const char *word);

/* The buffers of a snapshot in that order; to be freed. */
const struct buffer **order_sort(const struct snapshot *snapshot, enum order order,
				 bool reverse);

#endif
