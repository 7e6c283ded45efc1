/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_PAGES_H
#define VPRIME_PAGES_H

#include <linux/kref.h>
#include <linux/mm_types.h>

struct file;
struct vprime_constraints;

/**
 * struct vprime_pages - the memory of a buffer at one time
 *
 * Replaced, never changed: a move makes new ones. Whoever has the addresses
 * holds a reference, so pages outlive a move for as long as somebody who could
 * not be told uses them.
 */
struct vprime_pages {
	/** @ref: held by the buffer and by each mapping for a device. */
	struct kref ref;

	/** @mapping: of the shmem file that the pages belong to; or NULL. */
	struct address_space *mapping;

	/** @write_combine: mapped so by the kernel. */
	bool write_combine;

	/** @uncharged: counts in what no cgroup pays for. */
	bool uncharged;

	/** @count: how many of @page there are. */
	unsigned long count;

	/** @page: pages, in the buffer's order. */
	struct page *page[] __counted_by(count);
};

struct vprime_pages *vprime_pages_read(struct file *file, unsigned long count);
struct vprime_pages *vprime_pages_alloc(unsigned long count,
					const struct vprime_constraints *c);
struct vprime_pages *vprime_pages_get(struct vprime_pages *pages);
void vprime_pages_put(struct vprime_pages *pages);

int vprime_pages_set_write_combine(struct vprime_pages *pages);
int vprime_pages_copy(struct vprime_pages *to,
		      const struct vprime_pages *from);
bool vprime_pages_fit(const struct vprime_pages *pages,
		      const struct vprime_constraints *c);
unsigned int vprime_pages_segments(const struct vprime_pages *pages,
				   unsigned long max_segment);

#endif /* VPRIME_PAGES_H */
